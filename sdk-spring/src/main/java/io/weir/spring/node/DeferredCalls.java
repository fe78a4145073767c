package io.weir.spring.node;

import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls on whom they are meant for at the moment of subscribing: beans are made before the node is there. */
public class DeferredCalls implements PeerCalls {

    private final Supplier<? extends PeerCalls> target;

    /** @param target asked by each subscription; what it throws is what the call fails with */
    public DeferredCalls(Supplier<? extends PeerCalls> target) {
        this.target = target;
    }

    @Override
    public final <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        return Mono.defer(() -> target.get().request(route, value, in, out, options));
    }

    @Override
    public final <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec) {
        return Mono.defer(() -> target.get().send(name, headers, value, codec));
    }

    @Override
    public final <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec) {
        return Flux.defer(() -> target.get().subscribe(open, config, codec));
    }

    @Override
    public final <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        return Flux.defer(() -> target.get().exchange(open, config, values, in, out));
    }
}
