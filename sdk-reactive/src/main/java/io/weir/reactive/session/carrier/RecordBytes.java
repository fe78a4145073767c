package io.weir.reactive.session.carrier;

import io.weir.reactive.transport.FrameSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * What a link brings once its handshake is done: the source of the inbound chain, for one subscriber that takes everything.
 * Cancelling means nothing: a link is read to its end. Loop-confined.
 */
final class RecordBytes extends Flux<ByteBuffer> implements LinkInput, Subscription {

    private final FrameSink session;
    private final InboundGate gate;
    private @Nullable CoreSubscriber<? super ByteBuffer> actual;

    RecordBytes(FrameSink session, InboundGate gate) {
        this.session = session;
        this.gate = gate;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuffer> subscriber) {
        if (actual != null) {
            Operators.error(subscriber, new IllegalStateException("the bytes of a link have one subscriber"));
            return;
        }
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void onBytes(ByteBuffer chunk) {
        CoreSubscriber<? super ByteBuffer> a = actual;
        if (a == null || !gate.isOpen()) {
            chunk.position(chunk.limit());
            return;
        }
        session.onInput();
        a.onNext(chunk);
    }

    @Override
    public void onLinkEnd(@Nullable Throwable failure) {
        CoreSubscriber<? super ByteBuffer> a = actual;
        if (a == null) {
            return;
        }
        if (failure == null) {
            a.onComplete();
        } else {
            a.onError(failure);
        }
    }

    @Override
    public void onDefect(Throwable defect) {
        session.onDefect(defect);
    }

    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {}
}
