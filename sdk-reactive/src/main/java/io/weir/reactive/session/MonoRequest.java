package io.weir.reactive.session;

import io.weir.core.wire.NameCache;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.util.Objects;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** {@link io.weir.reactive.PeerSession#request} as an assembly object: what each subscription asks for. */
final class MonoRequest<A, B> extends Mono<B> {

    final Requests requests;
    final String route;
    final A value;
    final Codec<A> in;
    final Codec<B> out;
    final RequestOptions options;

    MonoRequest(Requests requests, String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        this.requests = requests;
        this.route = checkedName(route);
        this.value = Objects.requireNonNull(value, "value");
        this.in = Objects.requireNonNull(in, "in");
        this.out = Objects.requireNonNull(out, "out");
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Checked here, where the caller sees it. Encoding a name only to count its bytes would cost more than the rest of a
     * request, and nearly all are short and plain.
     */
    static String checkedName(String name) {
        boolean plain = name.length() <= StreamOpen.MAX_NAME_BYTES;
        for (int i = 0; plain && i < name.length(); i++) {
            plain = name.charAt(i) < 0x80;
        }
        if (!plain) {
            new NameCache().encode(name);
        }
        return name;
    }

    @Override
    public void subscribe(CoreSubscriber<? super B> actual) {
        actual.onSubscribe(new PendingRequest<>(this, actual));
    }
}
