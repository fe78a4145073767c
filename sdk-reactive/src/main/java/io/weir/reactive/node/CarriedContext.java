package io.weir.reactive.node;

import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.Interceptor;
import java.util.Objects;
import java.util.function.BiFunction;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** {@link io.weir.reactive.PeerNodeSpec#context}. */
record CarriedContext(
        BiFunction<? super ContextView, ? super Headers, Headers> toHeaders,
        BiFunction<? super Headers, ? super Context, Context> toContext)
        implements Interceptor {

    CarriedContext {
        Objects.requireNonNull(toHeaders, "toHeaders");
        Objects.requireNonNull(toContext, "toContext");
    }

    @Override
    public Interaction intercept(Interaction interaction) {
        return interaction.byPeer() ? received(interaction) : sent(interaction);
    }

    private Interaction sent(Interaction interaction) {
        return interaction.context().isEmpty()
                ? interaction
                : interaction.withHeaders(Objects.requireNonNull(
                        toHeaders.apply(interaction.context(), interaction.headers()),
                        "the function toHeaders returned null, must be headers"));
    }

    private Interaction received(Interaction interaction) {
        return interaction.headers().isEmpty()
                ? interaction
                : interaction.withContext(Objects.requireNonNull(
                        toContext.apply(interaction.headers(), interaction.context()),
                        "the function toContext returned null, must be a context"));
    }
}
