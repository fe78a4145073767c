package io.weir.samples.tracing;

import io.weir.reactive.Interaction;
import io.weir.reactive.Interceptor;
import java.util.function.Consumer;

/**
 * Carries a trace id from the Reactor context of whoever asks into the headers, and at the peer from there into the context of
 * its handler, and so of all that the handler asks in turn. Handlers need not know of it.
 */
public final class TraceId implements Interceptor {

    /** The key in the context, and the name of the header. */
    public static final String TRACE = "trace";

    private final String node;
    private final Consumer<String> log;

    /**
     * @param node its name, for the log
     * @param log is told of every handler's call, and of its end
     */
    public TraceId(String node, Consumer<String> log) {
        this.node = node;
        this.log = log;
    }

    @Override
    public Interaction intercept(Interaction interaction) {
        return interaction.byPeer() ? received(interaction) : sent(interaction);
    }

    private static Interaction sent(Interaction interaction) {
        return interaction
                .context()
                .<String>getOrEmpty(TRACE)
                .map(id -> interaction.withHeaders(interaction.headers().with(TRACE, id)))
                .orElse(interaction);
    }

    private Interaction received(Interaction interaction) {
        String id = interaction.headers().text(TRACE);
        if (id == null) {
            return interaction;
        }
        String what = "[" + id + "] " + node + " " + interaction.name();
        log.accept(what + " begins");
        return interaction
                .withContext(interaction.context().put(TRACE, id))
                .doOnEnd(end -> log.accept(what + " ends: " + end.outcome()));
    }
}
