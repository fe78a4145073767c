package io.weir.metrics.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.Interceptor;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;

/**
 * Observes each interaction of a node. What this side begins is a child of the observation in the subscriber's Reactor context, or
 * of the one that is open on its thread; what handlers of the registry want to go along, such as a trace's context, goes in the
 * headers. A handler is called with its observation open, and its publisher finds it in the Reactor context. Any thread.
 */
final class ObservationInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(ObservationInterceptor.class);

    /** Weir's own streams, which live as long as their sessions. */
    private static final String OWN = "weir.";

    private final Observing<WeirClientContext> clients;
    private final Observing<WeirServerContext> servers;
    private final AtomicBoolean leftOut = new AtomicBoolean();

    ObservationInterceptor(ObservationRegistry registry, ObservationOptions options) {
        clients = new Observing<>(registry, options.client(), DefaultConventions.CLIENT, WeirClientContext::described);
        servers = new Observing<>(registry, options.server(), DefaultConventions.SERVER, WeirServerContext::described);
    }

    @Override
    public Interaction intercept(Interaction interaction) {
        if (interaction.name().startsWith(OWN)) {
            return interaction;
        }
        return interaction.byPeer() ? handled(interaction) : begun(interaction);
    }

    private Interaction begun(Interaction interaction) {
        WeirClientContext context = new WeirClientContext(interaction);
        Observation parent = interaction.context().getOrDefault(ObservationThreadLocalAccessor.KEY, null);
        WeirObservation what = WeirObservation.of(interaction.kind(), false);
        Observation observation = clients.begin(what, context, parent);
        if (observation == null) {
            return interaction;
        }
        return interaction
                .withHeaders(withAll(interaction.headers(), Objects.requireNonNull(context.getCarrier())))
                .withContext(in(interaction.context(), observation))
                .doOnEnd(end -> {
                    context.ended(end);
                    clients.end(observation, context, ending -> tellError(ending, end.error()));
                });
    }

    private Interaction handled(Interaction interaction) {
        WeirServerContext context = new WeirServerContext(interaction);
        WeirObservation what = WeirObservation.of(interaction.kind(), true);
        // what is open on this thread is somebody else's: the parent, if any, is at the peer
        Observation observation = servers.begin(what, context, Observation.NOOP);
        if (observation == null) {
            return interaction;
        }
        return interaction
                .withContext(in(interaction.context(), observation))
                .within(() -> servers.open(observation))
                .doOnEnd(end -> {
                    context.ended(end);
                    servers.end(observation, context, ending -> tellError(ending, end.error()));
                });
    }

    private static Context in(Context context, Observation observation) {
        return context.put(ObservationThreadLocalAccessor.KEY, observation);
    }

    private static void tellError(Observation observation, @Nullable Throwable error) {
        if (error != null) {
            observation.error(error);
        }
    }

    /** What does not fit into the headers stays here: who asks must not fail for being observed. */
    private Headers withAll(Headers headers, Map<String, String> carried) {
        Headers all = headers;
        try {
            for (Map.Entry<String, String> entry : carried.entrySet()) {
                all = all.with(entry.getKey(), entry.getValue());
            }
            return all;
        } catch (IllegalArgumentException e) {
            if (leftOut.compareAndSet(false, true)) {
                LOG.warn("Headers have no room for {}, which do not cross; this is said once", carried.keySet(), e);
            }
            return headers;
        }
    }
}
