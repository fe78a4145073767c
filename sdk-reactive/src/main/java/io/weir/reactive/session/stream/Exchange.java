package io.weir.reactive.session.stream;

import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamStopped;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.ContextView;

/**
 * {@link io.weir.reactive.PeerCalls#exchange}: both halves of one new stream as one Flux. The receiving half is the Flux;
 * the sending half runs beside it, ends it when the publisher fails, is awaited at its end and cancelled with it.
 */
record Exchange<A, B>(Publisher<? extends A> values, Codec<A> in, Codec<B> out) {

    /** @param context that the values' publisher sees */
    Flux<B> on(PeerStream stream, ContextView context) {
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
