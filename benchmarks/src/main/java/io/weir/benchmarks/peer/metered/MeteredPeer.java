package io.weir.benchmarks.peer.metered;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.Weir;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.weir.WeirPeer;
import io.weir.metrics.WeirMetrics;

/** Weir as it is measured without, and with its meters: the difference is what they cost. */
public final class MeteredPeer {

    private MeteredPeer() {}

    /** With the meters of weir-metrics, in the registry that most who scrape have; nobody scrapes it. */
    public static Peer ofDefaults() {
        WeirMetrics metrics = WeirMetrics.in(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        return WeirPeer.of(
                "weir-metrics",
                "default configuration, with its meters in a registry for Prometheus",
                Weir.node().observer(metrics.observer()));
    }
}
