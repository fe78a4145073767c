package io.weir.reactive.calls;

import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.core.wire.NameCache;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls whose session is found when they are subscribed to. Arguments are checked where the caller sees it. */
public interface CheckedCalls extends PeerCalls {

    /** What a session answers with one value. */
    <T> Mono<T> one(Function<PeerSession, Mono<T>> call);

    /** What a session answers with any number of values. */
    <T> Flux<T> many(Function<PeerSession, Flux<T>> call);

    /** What a session answers to a request. */
    default <T> Mono<T> asked(RequestOptions options, BiFunction<PeerSession, RequestOptions, Mono<T>> call) {
        return one(session -> call.apply(session, options));
    }

    /** What a session answers to values. */
    default <A, T> Flux<T> exchanged(
            Publisher<? extends A> values, BiFunction<PeerSession, Publisher<? extends A>, Flux<T>> call) {
        return many(session -> call.apply(session, values));
    }

    @Override
    default <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        NameCache.checked(route);
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(options, "options");
        return asked(options, (session, how) -> session.request(route, value, in, out, how));
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
        return exchanged(values, (session, given) -> session.exchange(open, config, given, in, out));
    }
}
