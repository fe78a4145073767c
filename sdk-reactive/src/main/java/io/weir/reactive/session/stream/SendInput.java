package io.weir.reactive.session.stream;

import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.LoopSignal;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The publisher's side of a {@link SendFeed}: takes its signals, on any thread, serially as Reactive Streams demands, and
 * keeps them for the loop: the elements in one single-producer queue, bounded by what was asked for, and behind them the end.
 */
final class SendInput<T> implements CoreSubscriber<T>, Scannable {

    /** As many as are ever asked for and not yet written: {@link io.weir.core.credit.SendCredit#demand} stops there. */
    private static final int QUEUE_SIZE = 256;

    private final LiveStream stream;
    private final CoreSubscriber<? super Void> actual;
    private final LoopSignal signal;
    private final Queue<T> queue = Queues.<T>get(QUEUE_SIZE).get();

    private volatile @Nullable Subscription upstream;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SendInput, @Nullable Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(SendInput.class, Subscription.class, "upstream");

    private @Nullable Throwable error; // written before done
    private volatile boolean done;

    /**
     * @param actual the subscriber of {@code send}
     * @param onSignal what the loop does when there is something new
     */
    SendInput(LiveStream stream, CoreSubscriber<? super Void> actual, Runnable onSignal) {
        this.stream = stream;
        this.actual = actual;
        this.signal = new LoopSignal(stream.session.loop(), onSignal);
    }

    // ---- the publisher's signals, any thread

    /** The publisher gave null, which is told to it and fails its half. */
    private NullPointerException brokenBy(String method) {
        NullPointerException e = Fault.nullSignal(method);
        if (!done) {
            cancel();
            fail(e);
            signal.signal();
        }
        return e;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (s == null) {
            throw brokenBy("onSubscribe");
        }
        if (Operators.setOnce(UPSTREAM, this, s)) {
            signal.signal();
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
        signal.signal();
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
        fail(Overflow.advised(e, stream));
        signal.signal();
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            signal.signal();
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    // ---- the loop's side

    /** Subscribes to the publisher, which may throw. */
    void subscribeTo(Publisher<? extends T> source) {
        if (Hooks.isAutomaticContextPropagationEnabled()) {
            // the loop subscribes and asks: where a context is written, Reactor gives threads what it holds for them
            Flux.<T>from(source).contextWrite(context -> context).subscribe(this);
        } else {
            source.subscribe(this);
        }
    }

    /** Asks the publisher, which may throw, for so many. */
    void request(int n) {
        Subscription s = upstream;
        if (s != null) {
            s.request(n);
        }
    }

    /** Whether the publisher can be asked: it has given its subscription, and has not ended. */
    boolean canBeAsked() {
        return upstream != null && !done;
    }

    @Nullable
    T poll() {
        return queue.poll();
    }

    /** Whether nothing comes behind what is queued: the publisher has ended, or is not wanted any more. */
    boolean isDone() {
        return done;
    }

    /** Why it has failed; null if it has not, as far as is known before it is {@link #isDone}. */
    @Nullable
    Throwable error() {
        return error;
    }

    /** It has failed, for this reason: an end as any other. */
    void fail(Throwable e) {
        error = e;
        done = true;
    }

    /** Nothing more is wanted: the publisher is cancelled, and what is queued still goes out. */
    void close() {
        done = true;
        cancel();
    }

    void cancel() {
        Fault.terminate(UPSTREAM, this, currentContext(), stream.session);
    }

    void discardQueue() {
        Operators.onDiscardQueueWithClear(queue, currentContext(), null);
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
