package io.weir.reactive.session.dispatch;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.dispatch.Handling;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.SessionContext;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One call of a handler, for which a place was taken: the one place where a node calls its user's code for what a peer has
 * begun, and the subscriber of the publisher that the handler returns.
 *
 * <pre>
 *   came --a place, start()--&gt; runs --its end, or what a kind takes for it--&gt; onResult, then onLoop
 *                               |
 *                               +--cancel()--&gt; the publisher is cancelled; nothing more is told
 * </pre>
 *
 * <p>The place is given back when its owner has left ({@link #leave}, once), and every thread that worked for the call too.
 * Threads: {@link #start} and {@link #cancelWork} on the loop; the publisher may signal on any, and the end crosses to the loop.
 */
public abstract class HandlerCall<T> extends PlaceUsers implements CoreSubscriber<T> {

    private final SessionDispatch dispatch;
    private final long cameNanos;
    private volatile long beganNanos;
    private volatile long endedNanos;
    private @Nullable Context subscriberContext;
    private @Nullable Seen seen;
    private boolean single;

    /** The publisher's side: the end has come. */
    private boolean done;

    private volatile @Nullable Subscription upstream;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<HandlerCall, @Nullable Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(HandlerCall.class, Subscription.class, "upstream");

    /** @param cameNanos when what is handled was complete here */
    protected HandlerCall(SessionDispatch dispatch, long cameNanos) {
        this.dispatch = dispatch;
        this.cameNanos = cameNanos;
    }

    /** Calls the handler. */
    public final void start() {
        if (dispatch.isTimed()) {
            beganNanos = dispatch.nowNanos();
        }
        try {
            if (dispatch.interceptors().isEmpty()) {
                work();
                return;
            }
            seen = dispatch.interceptors()
                    .see(kind(), true, context().peerSession(), name(), sentHeaders(), Context.empty());
            seen.runWithin(this::work);
        } catch (Throwable e) {
            onError(e);
        }
    }

    private void work() {
        try {
            Publisher<T> work = Objects.requireNonNull(call(), "the handler returned null, must be a publisher");
            if (work instanceof Fuseable.ScalarCallable<?> known) {
                @SuppressWarnings("unchecked") // it is a Publisher<T>
                T value = (T) known.call();
                end(value, null);
                return;
            }
            single = work instanceof Mono;
            onRunning();
            work.subscribe(this);
        } catch (Throwable e) {
            onError(e);
        }
    }

    /** What is handled. */
    protected abstract Interaction.Kind kind();

    /** The name that the handler was declared under. */
    protected abstract String name();

    /** What the peer has said with it. */
    protected abstract Headers sentHeaders();

    /** What the handler is to see of that. */
    protected final Headers seenHeaders() {
        Seen known = seen;
        return known == null ? sentHeaders() : known.headers();
    }

    /** The handler's work. */
    protected abstract Publisher<T> call() throws Exception;

    /** The handler has not ended at once. */
    protected void onRunning() {}

    /** Whether a value is the end, whatever comes behind it. */
    protected abstract boolean endsWithValue();

    /** The handler has failed; {@link #onResult} follows. On any thread. */
    protected abstract void onFailed(Throwable e);

    /**
     * The handler has ended, once; {@link #onLoop} follows. On any thread.
     *
     * @param value null if it completed without one that counts, or failed
     */
    protected abstract void onResult(@Nullable T value, @Nullable Throwable failure);

    @Override
    protected void onTimeout() {
        throw new IllegalStateException("it has no time limit: " + this);
    }

    /** Nobody wants the result any more: the handler's publisher is cancelled, now or when it comes. Loop only. */
    protected final void cancel() {
        Seen known = seen;
        if (known != null) {
            known.cancelled();
        }
        cancelWork();
    }

    private void cancelWork() {
        Fault.terminate(UPSTREAM, this, currentContext(), context());
    }

    private void end(@Nullable T value, @Nullable Throwable failure) {
        done = true;
        if (dispatch.isTimed()) {
            endedNanos = dispatch.nowNanos();
        }
        if (seen != null) {
            tellEnd(seen, value, failure);
        }
        onResult(value, failure);
        if (context().inLoop()) {
            onLoop();
        } else {
            dispatch.calls().add(this); // at most once for each that runs
        }
    }

    private void tellEnd(Seen ending, @Nullable T value, @Nullable Throwable failure) {
        if (failure != null) {
            ending.failed(failure);
        } else if (value == null && endsWithValue()) {
            ending.failed(new RequestRefusedException(ErrorCode.EMPTY_REPLY));
        } else {
            ending.succeeded();
        }
    }

    private SessionContext context() {
        return dispatch.session();
    }

    // ---- when

    /** When what is handled was complete here; from then on it waited for its turn. By the loop's clock. */
    public final long cameNanos() {
        return cameNanos;
    }

    /** When a thread began to handle it: of the loop, or of the scheduler that the handler was moved to; 0 if not yet. */
    public final long beganNanos() {
        return beganNanos;
    }

    /** When the handler ended; 0 if it has not. */
    public final long endedNanos() {
        return endedNanos;
    }

    @Override
    public final void within(Runnable work) {
        Seen known = seen;
        if (known == null) {
            work.run();
        } else {
            known.runWithin(work);
        }
    }

    // ---- the place, any thread

    @Override
    public final boolean enter() {
        boolean wanted = super.enter();
        if (wanted && dispatch.isTimed()) {
            beganNanos = dispatch.nowNanos();
        }
        return wanted;
    }

    @Override
    protected final void onFree() {
        dispatch.release();
    }

    // ---- the handler's publisher, any thread

    @Override
    public final Context currentContext() {
        Context known = subscriberContext;
        if (known == null) {
            known = (seen == null ? Context.empty() : seen.context()).put(Handling.class, this);
            subscriberContext = known;
        }
        return known;
    }

    /** The publisher gave null, which is told to it and is the handler's failure. */
    private NullPointerException brokenBy(String signal) {
        NullPointerException e = Fault.nullSignal(signal);
        if (!done) {
            cancelWork();
            onError(e);
        }
        return e;
    }

    @Override
    public final void onSubscribe(Subscription s) {
        if (s == null) {
            throw brokenBy("onSubscribe");
        }
        if (Operators.setOnce(UPSTREAM, this, s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public final void onNext(T value) {
        if (value == null) {
            throw brokenBy("onNext");
        }
        if (done) {
            Operators.onNextDropped(value, currentContext());
        } else if (endsWithValue()) {
            done = true;
            if (!single) {
                cancelWork();
            }
            end(value, null);
        }
    }

    @Override
    public final void onError(Throwable e) {
        if (e == null) {
            throw brokenBy("onError");
        }
        if (done) {
            context().thrown(e, currentContext());
            return;
        }
        done = true;
        onFailed(e);
        if (Fault.isFatal(e)) {
            context().thrown(e, currentContext());
        }
        end(null, e);
    }

    @Override
    public final void onComplete() {
        if (!done) {
            end(null, null);
        }
    }
}
