package io.weir.reactive.session.stream;

import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.WeirException;
import io.weir.core.stream.SendHalf;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.fault.Fault;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Feeds a sending half from a publisher: credit becomes demand upstream, by the rule of
 * {@link io.weir.core.credit.SendCredit#demand}, and the publisher's end becomes the half's end, behind all that it had
 * emitted. Its error reaches the subscriber of {@code send} at once, while what is queued still goes out.
 *
 * <p>Threads: the publisher may signal on any thread, serially as Reactive Streams demands; elements cross to the loop
 * through one single-producer queue, bounded by what was asked for. Everything else is loop-confined. The subscription
 * given to the subscriber of {@code send} may be cancelled from any thread.
 */
final class SendFeed<T> implements Feed, CoreSubscriber<T>, Subscription, Scannable {

    /** As many as are ever asked for and not yet written: {@link io.weir.core.credit.SendCredit#demand} stops there. */
    private static final int QUEUE_SIZE = 256;

    private final LiveStream stream;
    private final Publisher<? extends T> source;
    private final CoreSubscriber<? super Void> actual;
    private final ElementWriter<T> writer;
    private final Queue<T> queue = Queues.<T>get(QUEUE_SIZE).get();
    private final Runnable onLoop = this::signalled;

    private volatile @Nullable Subscription upstream;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SendFeed, @Nullable Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(SendFeed.class, Subscription.class, "upstream");

    private volatile int signalled;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<SendFeed> SIGNALLED =
            AtomicIntegerFieldUpdater.newUpdater(SendFeed.class, "signalled");

    private @Nullable Throwable error; // written before done
    private volatile boolean done;

    // loop-confined
    private @Nullable T held;
    private int inFlight;
    private boolean subscribed;
    private boolean closedHere;
    private boolean failing;
    private boolean started;
    /** The subscriber knows the end. */
    private boolean told;
    /** The half has ended, or nobody wants it any more: nothing is kept for it. */
    private boolean ended;

    SendFeed(
            LiveStream stream,
            Publisher<? extends T> source,
            Codec<? super T> codec,
            CoreSubscriber<? super Void> actual) {
        this.stream = stream;
        this.source = source;
        this.actual = actual;
        this.writer = new ElementWriter<>(codec, stream.session.peerHello().maxPayloadBytes(), stream.streams.ring());
    }

    // ---- the half's side, on the loop

    @Override
    public void onOpened(SendHalf half) {
        if (!subscribed && !ended) {
            subscribed = true;
            try {
                source.subscribe(this);
            } catch (Throwable e) {
                thrownByPublisher(e);
            }
        }
    }

    @Override
    public Step writeNext(FrameWriter record, SendHalf half) {
        try {
            return writeNextOrThrow(record, half);
        } catch (CodecException | PayloadTooLargeException e) {
            onUnwritable(e, half);
            return Step.EMPTY;
        } catch (Throwable e) {
            thrownByPublisher(e);
            return Fault.isFatal(e) ? Step.EMPTY : Step.WROTE; // what it had emitted before goes on
        }
    }

    /** Publishers must not throw: it is taken for this one's error, and the session goes on unless it is fatal. */
    private void thrownByPublisher(Throwable e) {
        if (Fault.isFatal(e)) {
            stream.session.thrown(e, currentContext());
        } else if (done) {
            stream.outbound.reset(ErrorCode.APPLICATION_ERROR, Feed.stoppedHere(ErrorCode.APPLICATION_ERROR));
        } else {
            error = e;
            done = true;
            onFailed();
        }
    }

    /** The publisher has failed: its subscriber hears at once, the peer behind what was accepted. */
    private void onFailed() {
        Throwable e = done ? error : null;
        if (e != null && !failing) {
            failing = true;
            ErrorCode code = Feed.codeOf(e);
            stream.outbound.failAfterAccepted(code, Feed.stoppedHere(code));
            tell(e);
        }
    }

    /** This element can never be written. Those before it are: the error goes behind them, in place of what follows. */
    private void onUnwritable(WeirException e, SendHalf half) {
        ErrorCode code = e.reason().error();
        half.close(code);
        if (error == null) {
            error = e;
        }
        done = true;
        failing = true;
        stream.outbound.failAfterAccepted(code, e);
        cancelUpstream();
        discard();
        tell(e);
    }

    private Step writeNextOrThrow(FrameWriter record, SendHalf half) {
        if (writer.inProgress()) {
            return writer.resume(record, half);
        }
        T value = held;
        if (value == null) {
            value = poll(half);
            if (value == null) {
                return Step.EMPTY;
            }
            if (ended) {
                Operators.onDiscard(value, currentContext());
                return Step.EMPTY;
            }
        } else {
            held = null;
        }
        Step step = writer.write(value, record, half);
        if (step != Step.WROTE && !writer.inProgress()) {
            held = value;
        }
        return step;
    }

    /** The next element, asking for more where credit allows; null: nothing now, or the end, which is then told. */
    private @Nullable T poll(SendHalf half) {
        boolean last = done;
        T value = queue.poll();
        if (value == null && !last && requestMore(half) && !ended) {
            last = done;
            value = queue.poll();
        }
        if (value != null) {
            inFlight--;
            requestMore(half);
            return value;
        }
        if (last && !ended) {
            onFailed(); // before the code of the end is taken
            stream.outbound.finish();
        } else if (!ended && half.credit().exhausted()) {
            // nothing is held that did not fit, yet only credit keeps this side from asking
            half.blocked();
        }
        return null;
    }

    private boolean requestMore(SendHalf half) {
        Subscription s = upstream;
        if (s == null || done || closedHere) {
            return false;
        }
        int n = half.credit().demand(inFlight, held != null || writer.inProgress() ? 1 : 0);
        if (n <= 0) {
            return false;
        }
        inFlight += n;
        try {
            s.request(n);
        } catch (Throwable e) {
            thrownByPublisher(e);
        }
        return true;
    }

    @Override
    public void closeAfterAccepted() {
        if (!done) {
            closedHere = true;
            done = true;
            cancelUpstream();
        }
    }

    @Override
    public void onEnded(@Nullable RuntimeException failure) {
        if (ended || !started) {
            // not started: the half tells it again when it is
            return;
        }
        ended = true;
        Throwable end = done && error != null ? error : failure;
        if (end == null && (closedHere || !done)) {
            end = Feed.stoppedHere(ErrorCode.STREAM_CLOSED);
        }
        if (end != null) {
            cancelUpstream();
            discard();
        }
        tell(end);
    }

    /** The subscriber has its subscription: signals may come. */
    @Override
    public void onAttached() {
        started = true;
        if (failing) {
            tell(error);
        }
    }

    /** Tells the subscriber the end, once. */
    private void tell(@Nullable Throwable end) {
        if (told || !started) {
            return;
        }
        told = true;
        Fault.tellEnd(actual, end, stream.session);
        if (end != null && (end == error || end instanceof CodecException)) {
            stream.onPublisherFailed(end);
        }
    }

    private void discard() {
        writer.clear();
        Context context = currentContext();
        T value = held;
        held = null;
        if (value != null) {
            Operators.onDiscard(value, context);
        }
        Operators.onDiscardQueueWithClear(queue, context, null);
    }

    private void cancelUpstream() {
        Fault.terminate(UPSTREAM, this, currentContext(), stream.session);
    }

    // ---- the publisher's side, any thread

    /** The publisher gave null, which is told to it and fails its half. */
    private NullPointerException brokenBy(String signal) {
        NullPointerException e = Fault.nullSignal(signal);
        if (!done) {
            cancelUpstream();
            error = e;
            done = true;
            signal();
        }
        return e;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (s == null) {
            throw brokenBy("onSubscribe");
        }
        if (Operators.setOnce(UPSTREAM, this, s)) {
            signal();
        }
    }

    @Override
    public void onNext(T value) {
        if (value == null) {
            throw brokenBy("onNext");
        }
        if (done) {
            Operators.onNextDropped(value, currentContext());
            return;
        }
        if (!queue.offer(value)) {
            Operators.onDiscard(value, currentContext());
            onError(Exceptions.failWithOverflow("the publisher emitted more than was requested"));
            return;
        }
        signal();
    }

    @Override
    public void onError(Throwable e) {
        if (e == null) {
            throw brokenBy("onError");
        }
        if (done) {
            Fault.report(e, currentContext());
            return;
        }
        if (Fault.isFatal(e)) {
            stream.session.thrown(e, currentContext());
        }
        error = Overflow.advised(e, stream);
        done = true;
        signal();
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            signal();
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    private void signal() {
        if (stream.session.inLoop()) {
            onSignal();
        } else if (SIGNALLED.compareAndSet(this, 0, 1)) {
            stream.session.execute(onLoop);
        }
    }

    private void signalled() {
        signalled = 0;
        onSignal();
    }

    private void onSignal() {
        if (ended) {
            discard();
        } else {
            onFailed();
            // a synchronous publisher answers from inside serve, which goes on by itself
            stream.outbound.activate();
        }
    }

    // ---- the subscriber's side, any thread

    @Override
    public void request(long n) {
        if (n > 0) {
            return; // there is no element to ask for
        }
        stream.session.run(() -> stream.outbound.reset(ErrorCode.CANCELLED, Fault.badDemand(n)));
    }

    @Override
    public void cancel() {
        stream.session.run(() -> {
            if (!ended && !told) {
                ended = true;
                cancelUpstream();
                discard();
                stream.outbound.reset(ErrorCode.CANCELLED, Feed.stoppedHere(ErrorCode.CANCELLED));
            }
        });
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.BUFFERED) {
            return queue.size();
        }
        if (key == Attr.PREFETCH) {
            return QUEUE_SIZE;
        }
        if (key == Attr.TERMINATED) {
            return done && queue.isEmpty();
        }
        if (key == Attr.ERROR) {
            return error;
        }
        if (key == Attr.CANCELLED) {
            return upstream == Operators.cancelledSubscription();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
