package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.reactive.PeerNodeSpec;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** A node's meters in a registry of their own, and what they tell. */
final class Metered {

    final MockClock clock = new MockClock();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    final WeirMetrics metrics;

    Metered(MeterOptions options) {
        metrics = WeirMetrics.in(registry, options);
    }

    Metered() {
        this(MeterOptions.defaults());
    }

    PeerNodeSpec observe(PeerNodeSpec spec) {
        return spec.observer(metrics.observer());
    }

    /** Its count or value; 0 if there is none. */
    double value(WeirMeter meter, String... values) {
        return first(meter, values);
    }

    Duration total(WeirMeter meter, String... values) {
        return Duration.ofNanos(Math.round(1e9 * statistic(meter, Statistic.TOTAL_TIME, values)));
    }

    private double first(WeirMeter meter, String... values) {
        clock.add(Duration.ofSeconds(1)); // what was summed up a moment ago is not read again
        List<Meter> found = find(meter, values);
        return found.isEmpty() ? 0 : found.get(0).measure().iterator().next().getValue();
    }

    private double statistic(WeirMeter meter, Statistic statistic, String... values) {
        clock.add(Duration.ofSeconds(1));
        return find(meter, values).stream()
                .flatMap(found -> StreamSupport.stream(found.measure().spliterator(), false))
                .filter(measurement -> measurement.getStatistic() == statistic)
                .mapToDouble(measurement -> measurement.getValue())
                .sum();
    }

    private List<Meter> find(WeirMeter meter, String... values) {
        assertThat(values).as(meter + " has " + meter.tags()).hasSameSizeAs(meter.tags());
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(Tag.of(meter.tags().get(i).key(), values[i]));
        }
        return List.copyOf(registry.find(meter.meterName()).tags(tags).meters());
    }
}
