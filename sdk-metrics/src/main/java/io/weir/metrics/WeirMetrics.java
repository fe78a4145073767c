package io.weir.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.reactive.NodeObserver;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * The {@linkplain WeirMeter meters} of one node, or of several together, in a registry of Micrometer:
 *
 * <pre>{@code
 * WeirMetrics metrics = WeirMetrics.in(registry);
 * PeerNodeSpec observed = Weir.node().observer(metrics.observer());
 * }</pre>
 *
 * <p>Nothing is counted for each element, and nothing allocated for each record. A registry that throws, or denies a meter, costs
 * that meter alone; one that is closed takes nothing more in. How many meters there are depends on transports, outcomes and
 * types, and not on how many peers come and go. Any thread.
 */
public final class WeirMetrics implements AutoCloseable {

    private final Registered registered;
    private final NodeMeters observer;

    private WeirMetrics(MeterRegistry registry, MeterOptions options) {
        registered = new Registered(registry, options);
        LongAdder promisedBytes = new LongAdder();
        if (registered.isTaken(WeirMeter.MEMORY_PROMISED, promisedBytes::sum)) {
            throw new IllegalStateException("the registry has the meters of another WeirMetrics with the tags "
                    + options.tags() + "; use that one for all nodes, or give each tags of its own");
        }
        observer = new NodeMeters(registered, new Types(options.types()), promisedBytes);
    }

    /** With {@link MeterOptions#defaults()}. */
    public static WeirMetrics in(MeterRegistry registry) {
        return in(registry, MeterOptions.defaults());
    }

    /**
     * Meters that are made as their tags are first seen.
     *
     * @throws IllegalStateException if the registry has the meters of another one with the same tags: it would let only the
     *     first count. One that is closed has none
     */
    public static WeirMetrics in(MeterRegistry registry, MeterOptions options) {
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(options, "options");
        return new WeirMetrics(registry, options);
    }

    /** What fills them: for {@link io.weir.reactive.PeerNodeSpec#observer}, of as many nodes as are to be counted together. */
    public NodeObserver observer() {
        return observer;
    }

    /** Takes the meters out of the registry; nodes that are still observed go on, and count for nobody. */
    @Override
    public void close() {
        registered.close();
    }

    /** Nodes, sessions, paths and streams that are kept track of, for leak checks. */
    int kept() {
        return observer.kept();
    }

    /** Peers that are remembered as lost, for checks of the bound. */
    int lost() {
        return observer.lost();
    }
}
