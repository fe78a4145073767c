package io.weir.metrics;

import io.micrometer.core.instrument.Meter;
import java.util.List;
import java.util.Set;

/** What Prometheus calls the meters. */
final class PrometheusNames {

    /** Timers whose count and total rise elsewhere. */
    private static final Set<WeirMeter> WITHOUT_MAXIMUM =
            Set.of(WeirMeter.REQUESTS, WeirMeter.REQUESTS_QUEUE, WeirMeter.REQUESTS_SERVICE);

    private PrometheusNames() {}

    static List<String> of(WeirMeter meter) {
        String name = meter.meterName().replace('.', '_');
        String unit = meter.unit();
        String withUnit = unit == null || name.endsWith("_" + unit) ? name : name + "_" + unit;
        if (meter.type() == Meter.Type.COUNTER) {
            return List.of(withUnit + "_total");
        }
        if (meter.type() == Meter.Type.GAUGE) {
            return List.of(withUnit);
        }
        return WITHOUT_MAXIMUM.contains(meter)
                ? List.of(name + "_seconds_count", name + "_seconds_sum")
                : List.of(name + "_seconds_count", name + "_seconds_sum", name + "_seconds_max");
    }
}
