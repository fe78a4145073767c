package io.weir.reactive.session.dispatch;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.loop.TimeLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Fuseable;
import reactor.util.context.Context;

/**
 * One call of a handler, for which a place was taken: the one place where a node calls its user's code for what a peer has
 * begun.
 *
 * <pre>
 *   came --a place, start()--&gt; called --it has ended---------------------------------------------&gt; onResult, then onLoop
 *                               |                                                                   ^
 *                               +--else onRunning--&gt; HandlerWork --its end, or what a kind takes for it--+
 *                                                        |
 *                                                        +--cancel()--&gt; the publisher is cancelled; nothing more is told
 * </pre>
 *
 * <p>The place is given back when its owner has left ({@link #leave}, once), and every thread that worked for the call too.
 * Threads: {@link #start}, {@link #cancel} and {@link #leave} on the loop; what is said otherwise on any.
 */
public abstract class HandlerCall<T> {

    private final SessionDispatch dispatch;
    private @Nullable Seen seen;
    private @Nullable HandlerWork<T> work;
    private boolean left;

    /** The publisher's side: the end has come. */
    private boolean done;

    protected HandlerCall(SessionDispatch dispatch) {
        this.dispatch = dispatch;
    }

    /** Calls the handler. */
    public final void start() {
        try {
            if (dispatch.interceptors().isEmpty()) {
                run();
                return;
            }
            Seen known = dispatch.interceptors()
                    .see(kind(), true, session().peerSession(), name(), sentHeaders(), Context.empty());
            seen = known;
            known.runWithin(this::run);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void run() {
        try {
            Publisher<T> publisher = Objects.requireNonNull(call(), "the handler returned null, must be a publisher");
            if (publisher instanceof Fuseable.ScalarCallable<?> known) {
                @SuppressWarnings("unchecked") // it is a Publisher<T>
                T value = (T) known.call();
                endNow(value, null);
                return;
            }
            HandlerWork<T> running = new HandlerWork<>(this, publisher);
            if (left) {
                running.hasLeft();
            }
            work = running;
            onRunning();
            publisher.subscribe(running);
        } catch (Throwable e) {
            fail(e);
        }
    }

    // ---- what is handled, and how

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

    /** A thread of a scheduler begins to work for it. On that thread. */
    protected void onEntered() {}

    /** Whether a value is the end, whatever comes behind it. */
    protected abstract boolean endsWithValue();

    /** The handler has failed; {@link #onResult} follows. On any thread. */
    protected abstract void onFailed(Throwable e);

    /**
     * The handler has ended, once; {@link #onLoop} follows. On any thread.
     *
     * @param value null if it completed without one that counts, or failed
     * @param inLoop whether that is the loop's
     */
    protected abstract void onResult(@Nullable T value, @Nullable Throwable failure, boolean inLoop);

    /** The result has come to the loop. */
    protected abstract void onLoop();

    /** How much time is left for it, if that is known. Any thread. */
    public Optional<Duration> remaining() {
        return Optional.empty();
    }

    /** What {@link #limit} has set is over. Loop only. */
    protected void onTimeout() {}

    // ---- the end

    /** Whether the handler has returned and did not end with that. Loop only. */
    protected final boolean isRunning() {
        return work != null;
    }

    /** Gives what is running so long from now. Loop only. */
    protected final void limit(TimeLimits limits, long nowNanos, long nanos) {
        HandlerWork<T> running = Objects.requireNonNull(work, "it does not run");
        running.limitNanos(nanos);
        limits.addAbout(running, nowNanos);
    }

    /** No limit any more, if there was one. Loop only. */
    protected final void unlimit(TimeLimits limits) {
        HandlerWork<T> running = work;
        if (running != null) {
            limits.remove(running);
        }
    }

    /** Nobody wants the result any more: the handler's publisher is cancelled, now or when it comes. Loop only. */
    protected final void cancel() {
        Seen known = seen;
        if (known != null) {
            known.cancelled();
        }
        HandlerWork<T> running = work;
        if (running != null) {
            running.cancel();
        }
    }

    final boolean isDone() {
        return done;
    }

    final void done() {
        done = true;
    }

    /** The handler's failure, unless it has ended; on any thread. */
    final void fail(Throwable e) {
        if (done) {
            session().thrown(e, workContext());
            return;
        }
        done = true;
        onFailed(e);
        if (Fault.isFatal(e)) {
            session().thrown(e, workContext());
        }
        end(null, e);
    }

    /** The end, on any thread. */
    final void end(@Nullable T value, @Nullable Throwable failure) {
        HandlerWork<T> running = work;
        if (running == null || session().inLoop()) {
            endNow(value, failure);
        } else {
            tellEnd(value, failure);
            onResult(value, failure, false);
            dispatch.calls().add(running); // at most once for each that runs
        }
    }

    /** On the loop, which has called the handler. */
    private void endNow(@Nullable T value, @Nullable Throwable failure) {
        tellEnd(value, failure);
        onResult(value, failure, true);
        onLoop();
    }

    private void tellEnd(@Nullable T value, @Nullable Throwable failure) {
        done = true;
        Seen ending = seen;
        if (ending == null) {
            return;
        }
        if (failure != null) {
            ending.failed(failure);
        } else if (value == null && endsWithValue()) {
            ending.failed(new RequestRefusedException(ErrorCode.EMPTY_REPLY));
        } else {
            ending.succeeded();
        }
    }

    // ---- for its work, any thread

    final SessionContext session() {
        return dispatch.session();
    }

    /** What interceptors have left for the handler's subscriber. */
    final Context seenContext() {
        Seen known = seen;
        return known == null ? Context.empty() : known.context();
    }

    private Context workContext() {
        HandlerWork<T> running = work;
        return running == null ? seenContext() : running.currentContext();
    }

    final void within(Runnable task) {
        Seen known = seen;
        if (known == null) {
            task.run();
        } else {
            known.runWithin(task);
        }
    }

    // ---- the place

    /** What it was taken for is over; threads that still work for it keep the place. Loop only. */
    protected final void leave() {
        HandlerWork<T> running = work;
        if (running == null) {
            left = true; // what may yet begin to run finds that
            dispatch.onReleased();
        } else {
            running.leave();
        }
    }

    final void release() {
        dispatch.release();
    }
}
