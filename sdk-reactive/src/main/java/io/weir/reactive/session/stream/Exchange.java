package io.weir.reactive.session.stream;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.Interaction;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.dispatch.Interceptors;
import io.weir.reactive.session.dispatch.Seen;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * {@link io.weir.reactive.PeerSession#exchange}: both halves of one new stream as one Flux. The receiving half is the Flux;
 * the sending half runs beside it, ends it when the publisher fails, is awaited at its end and cancelled with it.
 */
public record Exchange<A, B>(
        PeerSession session,
        Streams streams,
        RandomBytes random,
        String name,
        Publisher<? extends A> values,
        Codec<A> in,
        Codec<B> out) {

    public Exchange {
        StreamOpen.named(name); // checks the name
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
    }

    public Flux<B> flux() {
        return Flux.deferContextual(this::begin);
    }

    private Flux<B> begin(ContextView context) {
        StreamOpen open = StreamOpen.named(name).forHandler();
        Interceptors interceptors = streams.interceptors();
        if (interceptors.isEmpty()) {
            return begin(open, context);
        }
        Seen seen =
                interceptors.see(Interaction.Kind.EXCHANGE, false, session, name, open.headers(), Context.of(context));
        return begin(open.withHeaders(seen.headers()), seen.context())
                .doOnComplete(seen::succeeded)
                .doOnError(seen::failed)
                .doOnCancel(seen::cancelled);
    }

    private Flux<B> begin(StreamOpen open, ContextView context) {
        PeerStream stream = streams.unseenHandle(StreamId.unique(random), open, StreamConfig.reliable());
        Sinks.Empty<Void> sent = Sinks.empty();
        Disposable.Swap sending = Disposables.swap();
        Flux<B> received = stream.receive(out)
                .doOnSubscribe(s -> sending.update(stream.send(values, in)
                        .onErrorComplete(Exchange::isToldByTheReceivingHalf)
                        .contextWrite(context)
                        .subscribe(null, sent::tryEmitError, sent::tryEmitEmpty)));
        return received.takeUntilOther(sent.asMono().then(Mono.never()))
                .concatWith(sent.asMono().then(Mono.empty()))
                .doFinally(signal -> sending.dispose());
    }

    /**
     * A peer that stops the values may still answer, and if it does not, the receiving half fails with the reason; so it
     * does, after what is queued, when the session is gone.
     */
    private static boolean isToldByTheReceivingHalf(Throwable e) {
        return e instanceof StreamStopped || e instanceof SessionClosedException;
    }
}
