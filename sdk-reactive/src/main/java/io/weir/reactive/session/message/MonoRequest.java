package io.weir.reactive.session.message;

import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import java.util.Objects;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** {@link io.weir.reactive.PeerCalls#request} as an assembly object: what each subscription asks for. */
final class MonoRequest<A, B> extends Mono<B> {

    final Requests requests;
    final String route;
    final A value;
    final Codec<A> in;
    final Codec<B> out;
    final RequestOptions options;

    MonoRequest(Requests requests, String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        this.requests = requests;
        this.route = requests.checkedName(route);
        this.value = Objects.requireNonNull(value, "value");
        this.in = Objects.requireNonNull(in, "in");
        this.out = Objects.requireNonNull(out, "out");
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public void subscribe(CoreSubscriber<? super B> actual) {
        actual.onSubscribe(requests.pending(this, actual));
    }
}
