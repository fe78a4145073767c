package io.weir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.micrometer.core.instrument.noop.NoopCounter;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of one {@link WeirMetrics} in its registry. One that the registry does not make, because it throws, counts for
 * nobody, which the log tells once for each {@link WeirMeter}; one that a filter denies does so in silence. Any thread.
 */
final class Registered {

    private static final Logger LOG = LoggerFactory.getLogger(Registered.class);

    private static final long MOST_KEPT_MILLIS = 120_000;
    private static final int KEPT_PARTS = 3;

    private final MeterRegistry registry;
    private final Tags tags;
    private final boolean timesEach;
    private final Set<Meter> made = ConcurrentHashMap.newKeySet();
    private final Set<WeirMeter> failed = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Registered(MeterRegistry registry, MeterOptions options) {
        this.registry = registry;
        this.tags = options.tags();
        this.timesEach = options.eachRequest();
    }

    /** The registry's monotonic clock, in ns. */
    long nowNanos() {
        return registry.config().clock().monotonicTime();
    }

    /** Whether each request is recorded in a timer of the registry. */
    boolean timesEach() {
        return timesEach;
    }

    /** A maximum that is forgotten after two minutes at most. */
    TimeWindowMax longest() {
        return new TimeWindowMax(registry.config().clock(), MOST_KEPT_MILLIS / KEPT_PARTS, KEPT_PARTS);
    }

    /** Whether the registry has this meter with these tags already, of somebody else: it would not count for both. */
    boolean isTaken(WeirMeter meter, DoubleSupplier value) {
        Collection<Meter> before = registry.find(meter.meterName()).meters();
        Meter gauge = make(meter, () -> gaugeOf(meter, value, all(meter)));
        return gauge != null && before.contains(gauge);
    }

    /** @param values of the meter's tags, in their order */
    Counter counter(WeirMeter meter, String... values) {
        Tags all = all(meter, values);
        Counter counter = make(
                meter,
                () -> Counter.builder(meter.meterName())
                        .description(meter.counts())
                        .baseUnit(meter.unit())
                        .tags(all)
                        .register(registry));
        return counter == null ? new NoopCounter(id(meter, all)) : counter;
    }

    /** @param values of the meter's tags, in their order */
    Timer timer(WeirMeter meter, String... values) {
        Tags all = all(meter, values);
        Timer timer = make(
                meter,
                () -> Timer.builder(meter.meterName())
                        .description(meter.counts())
                        .tags(all)
                        .register(registry));
        return timer == null ? new NoopTimer(id(meter, all)) : timer;
    }

    /** @param values of the meter's tags, in their order */
    void gauge(WeirMeter meter, DoubleSupplier value, String... values) {
        make(meter, () -> gaugeOf(meter, value, all(meter, values)));
    }

    private Gauge gaugeOf(WeirMeter meter, DoubleSupplier value, Tags all) {
        return Gauge.builder(meter.meterName(), value::getAsDouble)
                .description(meter.counts())
                .baseUnit(meter.unit())
                .tags(all)
                .register(registry);
    }

    /**
     * A counter that rises elsewhere.
     *
     * @param source of which the meter keeps hold of weakly, so that it is to be kept by who counts
     * @param values of the meter's tags, in their order
     */
    <T> void counter(WeirMeter meter, T source, ToDoubleFunction<T> count, String... values) {
        make(
                meter,
                () -> FunctionCounter.builder(meter.meterName(), source, count)
                        .description(meter.counts())
                        .baseUnit(meter.unit())
                        .tags(all(meter, values))
                        .register(registry));
    }

    /**
     * A timer whose count and total rise elsewhere.
     *
     * @param nanos kept by who counts: the meter's hold of it is weak
     * @param values of the meter's tags, in their order
     */
    void timer(WeirMeter meter, LongAdder count, LongAdder nanos, String... values) {
        make(
                meter,
                () -> FunctionTimer.builder(
                                meter.meterName(),
                                nanos,
                                sum -> count.sum(),
                                LongAdder::doubleValue,
                                TimeUnit.NANOSECONDS)
                        .description(meter.counts())
                        .tags(all(meter, values))
                        .register(registry));
    }

    /** Takes all of them out of the registry, and makes no more. */
    void close() {
        closed = true;
        made.forEach(registry::remove);
        made.clear();
    }

    private <M extends Meter> @Nullable M make(WeirMeter meter, Supplier<M> registration) {
        if (closed) {
            return null;
        }
        try {
            M registered = registration.get();
            made.add(registered);
            return registered;
        } catch (RuntimeException e) {
            if (failed.add(meter)) {
                LOG.warn("The registry does not make {}, which counts for nobody; this is said once", meter, e);
            }
            return null;
        }
    }

    private Tags all(WeirMeter meter, String... values) {
        List<WeirTag> keys = meter.tags();
        if (keys.size() != values.length) {
            throw new IllegalArgumentException(
                    meter + " has " + values.length + " values; legal: one for each of " + keys);
        }
        Tags all = tags;
        for (int i = 0; i < values.length; i++) {
            all = all.and(Tag.of(keys.get(i).key(), values[i]));
        }
        return all;
    }

    private static Meter.Id id(WeirMeter meter, Tags all) {
        return new Meter.Id(meter.meterName(), all, meter.unit(), meter.counts(), meter.type());
    }
}
