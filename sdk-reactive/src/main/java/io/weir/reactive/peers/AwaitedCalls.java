package io.weir.reactive.peers;

import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.core.wire.NameCache;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls across the sessions with a peer: each is made on the session that there is when it is subscribed to, else on the next one.
 * Arguments are checked where the caller sees it, whether there is a session or not.
 */
interface AwaitedCalls extends PeerCalls {

    /** The session that takes new calls; null: none at this moment. */
    @Nullable
    PeerSession live();

    /** The next session, or why there is none in time. */
    Mono<PeerSession> awaited();

    @Override
    default <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        NameCache.checked(route);
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(options, "options");
        return one(session -> session.request(route, value, in, out, options));
    }

    @Override
    default <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec) {
        NameCache.checked(name);
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(codec, "codec");
        return one(session -> session.send(name, headers, value, codec));
    }

    @Override
    default <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec) {
        Objects.requireNonNull(open, "open");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(codec, "codec");
        return many(session -> session.subscribe(open, config, codec));
    }

    @Override
    default <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        Objects.requireNonNull(open, "open");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
        return many(session -> session.exchange(open, config, values, in, out));
    }

    /** What a session answers with one value. */
    default <T> Mono<T> one(Function<PeerSession, Mono<T>> call) {
        return Mono.defer(() -> {
            PeerSession live = live();
            return live != null ? call.apply(live) : awaited().flatMap(call);
        });
    }

    private <T> Flux<T> many(Function<PeerSession, Flux<T>> call) {
        return Flux.defer(() -> {
            PeerSession live = live();
            return live != null ? call.apply(live) : awaited().flatMapMany(call);
        });
    }
}
