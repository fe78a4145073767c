package io.weir.reactive.session.stream;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.Interaction;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.dispatch.Interceptors;
import io.weir.reactive.session.dispatch.Seen;
import java.util.Objects;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The calls of {@link io.weir.reactive.PeerCalls} that open a stream for each subscription, which nobody else can join: its id
 * is random, and only a handler of the peer takes it. Interceptors see each as a whole. Any thread.
 */
public final class StreamCalls {

    private final Streams streams;
    private final RandomBytes random;

    /** @param random where ids come from */
    public StreamCalls(Streams streams, RandomBytes random) {
        this.streams = streams;
        this.random = random;
    }

    public <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec) {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(codec, "codec");
        return call(
                Interaction.Kind.SUBSCRIPTION,
                open,
                (seen, context) ->
                        streams.receiving(newId(), seen, config).inbound.receive(codec));
    }

    public <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        Objects.requireNonNull(config, "config");
        Exchange<A, B> exchange = new Exchange<>(
                Objects.requireNonNull(values, "values"),
                Objects.requireNonNull(in, "in"),
                Objects.requireNonNull(out, "out"));
        return call(
                Interaction.Kind.EXCHANGE,
                open,
                (seen, context) -> exchange.on(streams.unseenHandle(newId(), seen, config), context));
    }

    private StreamId newId() {
        return StreamId.unique(random);
    }

    private <T> Flux<T> call(
            Interaction.Kind kind, StreamOpen open, BiFunction<StreamOpen, ContextView, Flux<T>> begin) {
        StreamOpen own = open.forHandler();
        Interceptors interceptors = streams.interceptors();
        return Flux.deferContextual(context -> {
            if (interceptors.isEmpty()) {
                return begin.apply(own, context);
            }
            Seen seen = interceptors.see(
                    kind, false, streams.session().peerSession(), own.name(), own.headers(), Context.of(context));
            return begin.apply(own.withHeaders(seen.headers()), seen.context())
                    .doOnComplete(seen::succeeded)
                    .doOnError(seen::failed)
                    .doOnCancel(seen::cancelled);
        });
    }
}
