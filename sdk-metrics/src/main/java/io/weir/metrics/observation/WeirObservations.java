package io.weir.metrics.observation;

import io.micrometer.observation.ObservationRegistry;
import io.weir.reactive.Interceptor;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNodeSpec;
import java.util.Objects;

/**
 * The {@linkplain WeirObservation observations} of nodes:
 *
 * <pre>{@code
 * PeerNodeSpec observed = WeirObservations.of(registry).observe(Weir.node());
 * }</pre>
 *
 * <p>With a tracer behind the registry they are spans, and a trace goes on at the peer: its context crosses the wire in the headers
 * of requests, messages and streams, as whatever propagator the tracer uses has it. One that fails, or whose headers find no
 * room, never fails what it observes. Immutable; any thread.
 */
public final class WeirObservations {

    private final ObservationRegistry registry;
    private final ObservationOptions options;

    private WeirObservations(ObservationRegistry registry, ObservationOptions options) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.options = Objects.requireNonNull(options, "options");
    }

    /** With {@link ObservationOptions#defaults()}. */
    public static WeirObservations of(ObservationRegistry registry) {
        return of(registry, ObservationOptions.defaults());
    }

    /** With these conventions. */
    public static WeirObservations of(ObservationRegistry registry, ObservationOptions options) {
        return new WeirObservations(registry, options);
    }

    /** The specification with both: {@link #interceptor} and {@link #observer}. */
    public PeerNodeSpec observe(PeerNodeSpec spec) {
        return spec.intercept(interceptor()).observer(observer());
    }

    /** Observes requests, messages, streams and exchanges; for any number of nodes. */
    public Interceptor interceptor() {
        return new ObservationInterceptor(registry, options);
    }

    /** Observes dials and inbound connections; for any number of nodes. */
    public NodeObserver observer() {
        return new ConnectObserver(registry, options);
    }
}
