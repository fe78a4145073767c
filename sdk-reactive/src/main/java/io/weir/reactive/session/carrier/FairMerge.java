package io.weir.reactive.session.carrier;

import io.weir.reactive.transport.LaneMerge;
import io.weir.reactive.transport.SessionLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The source of what goes out: request(1) has one record filled from the lanes, merged fairly. When they have nothing to say
 * the request is kept until {@link #wake}.
 *
 * <p>Loop-confined: request and wake are called on the loop only; {@code emitting} guards against re-entrancy. A
 * record is valid during onNext: its memory is borrowed.
 */
final class FairMerge extends Flux<RecordBuffer> implements Subscription {

    private final LaneMerge lanes;
    private final Consumer<Throwable> onDefect;
    private final SessionLoop loop;
    private final RecordBuffers buffers;
    private final Runnable drainTask = this::drainScheduled;
    private @Nullable CoreSubscriber<? super RecordBuffer> actual;
    private long requested;
    private boolean emitting;
    private boolean missed;
    private boolean woken;
    private boolean scheduled;
    private boolean terminated;

    /** @param onDefect told when filling fails: a defect, since what user code throws is caught where it is called */
    FairMerge(LaneMerge lanes, SessionLoop loop, RecordBuffers buffers, Consumer<Throwable> onDefect) {
        this.lanes = lanes;
        this.onDefect = onDefect;
        this.loop = loop;
        this.buffers = buffers;
    }

    @Override
    public void subscribe(CoreSubscriber<? super RecordBuffer> subscriber) {
        if (actual != null) {
            Operators.error(subscriber, new IllegalStateException("a fair merge has one subscriber"));
            return;
        }
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested = Operators.addCap(requested, n);
            drain();
        }
    }

    @Override
    public void cancel() {
        terminated = true;
    }

    /**
     * There may be something to say. Coalesced: the record is filled after the loop's current work, so that everything
     * said meanwhile shares it.
     */
    void wake() {
        woken = true;
        if (emitting) {
            missed = true;
        } else if (!scheduled && requested > 0 && !terminated) {
            scheduled = true;
            loop.execute(drainTask);
        }
    }

    private void drainScheduled() {
        scheduled = false;
        drain();
    }

    private void drain() {
        CoreSubscriber<? super RecordBuffer> a = actual;
        if (emitting || a == null) {
            missed = true;
            return;
        }
        if (!woken) {
            return; // nobody has said that there is anything
        }
        emitting = true;
        try {
            do {
                missed = false;
                while (requested > 0 && !terminated && emitOne(a)) {
                    // the link asks for the next record from within onNext while it is writable
                }
            } while (missed && !terminated && requested > 0);
        } finally {
            emitting = false;
        }
    }

    private boolean emitOne(CoreSubscriber<? super RecordBuffer> a) {
        RecordBuffer buffer = buffers.borrow();
        try {
            return fillAndEmit(buffer, a);
        } finally {
            buffers.giveBack(buffer);
        }
    }

    private boolean fillAndEmit(RecordBuffer buffer, CoreSubscriber<? super RecordBuffer> a) {
        try {
            lanes.fill(buffer.record());
        } catch (Throwable e) {
            onDefect.accept(e);
            missed = true;
            return false;
        }
        if (terminated) {
            return false;
        }
        boolean emitted = !buffer.record().isEmpty();
        if (emitted) {
            requested--;
            a.onNext(buffer);
        }
        if (!terminated && lanes.isFinished()) {
            terminated = true;
            a.onComplete();
            return false;
        }
        return emitted;
    }
}
