package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One clash of names would make every scrape fail; a name that is cut would not be found. */
class PrometheusNamesTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void aScrapeOfAllMetersHasEachByTheNameThatItsTableTells() {
        EveryMeter.make(WeirMetrics.in(registry));
        Set<String> scraped = names(registry.scrape());
        for (WeirMeter meter : WeirMeter.values()) {
            assertThat(scraped).as(meter.name()).containsAll(PrometheusNames.of(meter));
        }
        assertThat(scraped)
                .isEqualTo(Arrays.stream(WeirMeter.values())
                        .flatMap(meter -> PrometheusNames.of(meter).stream())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void aScrapeSucceedsWithHistogramsToo() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder()
                        .percentilesHistogram(true)
                        .build()
                        .merge(config);
            }
        });
        EveryMeter.make(WeirMetrics.in(registry, MeterOptions.defaults().withEachRequest(true)));
        assertThat(names(registry.scrape()))
                .contains("weir_requests_seconds_bucket", "weir_requests_seconds_max", "weir_requests_max_seconds");
    }

    private static Set<String> names(String scraped) {
        return scraped.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[ {]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
