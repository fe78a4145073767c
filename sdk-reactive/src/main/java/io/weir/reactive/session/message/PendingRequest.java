package io.weir.reactive.session.message;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.WeirException;
import io.weir.core.message.OutgoingRequest;
import io.weir.core.message.RequestListener;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.dispatch.Seen;
import io.weir.reactive.session.loop.TimeLimits;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;

/**
 * One subscription of a request: made when the subscriber first asks, over when it is answered, given up or too late.
 *
 * <pre>
 *   NEW --request, on the loop--------------------> LIVE --cancel elsewhere--> GIVING_UP --> OVER
 *    |                                               | ^                                      ^
 *    +--request elsewhere--> QUEUED --on the loop----|-+                                      |
 *                              +--cancel--> WITHDRAWN|----------------------------------------+
 * </pre>
 *
 * Whoever makes it OVER tells the end, so there is one. Threads: request and cancel on any; the rest on the loop.
 */
sealed class PendingRequest<A, B> extends TimeLimits.Timed implements RequestListener, Subscription, Scannable
        permits TimedRequest {

    private static final int NEW = 0;
    private static final int QUEUED = 1;
    private static final int WITHDRAWN = 2;
    private static final int LIVE = 3;
    private static final int GIVING_UP = 4;
    private static final int OVER = 5;

    final MonoRequest<A, B> what;
    private final CoreSubscriber<? super B> actual;
    private @Nullable OutgoingRequest outgoing; // written before QUEUED or LIVE
    private @Nullable Seen seen; // the same

    private volatile int state;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<PendingRequest> STATE =
            AtomicIntegerFieldUpdater.newUpdater(PendingRequest.class, "state");

    PendingRequest(MonoRequest<A, B> what, CoreSubscriber<? super B> actual) {
        this.what = what;
        this.actual = actual;
    }

    private OutgoingRequest outgoing() {
        return Objects.requireNonNull(outgoing, "not made yet");
    }

    // ---- the subscriber's side, any thread

    @Override
    public void request(long n) {
        if (state != NEW) {
            return; // one value, asked for once
        }
        Requests requests = what.requests;
        boolean inLoop = requests.inLoop();
        int payloadBytes;
        try {
            if (n <= 0) {
                throw Fault.badDemand(n);
            }
            limitNanos(requests.timeoutNanos(what.options, actual.currentContext()));
            Headers headers = what.options.headers();
            Seen known = requests.see(Interaction.Kind.REQUEST, what.route, headers, actual.currentContext());
            if (known != null) {
                seen = known;
                headers = known.headers();
            }
            byte[] payload = what.in.toBytes(what.value);
            payloadBytes = payload.length;
            outgoing = new OutgoingRequest(what.route, headers, payload, 0, payload.length, this);
        } catch (Throwable e) {
            refuseAtOnce(e);
            return;
        }
        if (STATE.compareAndSet(this, NEW, inLoop ? LIVE : QUEUED)) {
            if (inLoop) {
                begin();
            } else if (!requests.queue(this, outgoing(), payloadBytes)) {
                refuseQueued();
            }
        } else {
            tellCancelled(); // while it was encoded
        }
    }

    /** It cannot be written: so the subscriber is told, or, if the error is fatal, that the session ends; and the caller. */
    private void refuseAtOnce(Throwable e) {
        boolean fatal = Fault.isFatal(e);
        if (STATE.compareAndSet(this, NEW, OVER)) {
            tell(fatal ? new ReplyMissingException(CloseReason.local(ErrorCode.INTERNAL)) : e);
        }
        if (fatal) {
            what.requests.thrownToCaller(e);
            throw (Error) e;
        }
    }

    /** There is no room for it on the way to the loop. */
    private void refuseQueued() {
        if (STATE.compareAndSet(this, QUEUED, OVER)) {
            CloseReason reason = CloseReason.local(ErrorCode.TOO_MANY_REQUESTS);
            what.requests.tellRefused(what.route, reason);
            tell(new ReplyMissingException(reason));
        }
    }

    @Override
    public void cancel() {
        if (STATE.compareAndSet(this, NEW, OVER)) {
            return; // nothing was begun, or whoever begins it sees this
        }
        tellCancelled();
        if (STATE.compareAndSet(this, QUEUED, WITHDRAWN)) {
            return;
        }
        if (what.requests.inLoop()) {
            giveUp(ErrorCode.CANCELLED);
        } else if (STATE.compareAndSet(this, LIVE, GIVING_UP)) {
            what.requests.queue(this); // at most once for each request that is outstanding
        }
    }

    // ---- the loop's side

    @Override
    public void onLoop() {
        if (STATE.compareAndSet(this, QUEUED, LIVE)) {
            begin();
        } else if (STATE.compareAndSet(this, WITHDRAWN, OVER)) {
            what.requests.forget(outgoing());
            what.requests.onMissing(this, outgoing(), CloseReason.local(ErrorCode.CANCELLED));
        } else {
            giveUp(ErrorCode.CANCELLED);
        }
    }

    void begin() {
        what.requests.begin(this, outgoing());
    }

    @Override
    protected void onTimeout() {
        giveUp(ErrorCode.REQUEST_TIMEOUT);
    }

    private void giveUp(ErrorCode code) {
        int before = STATE.getAndSet(this, OVER);
        if (before == OVER) {
            return;
        }
        what.requests.giveUp(this, outgoing());
        CloseReason reason = CloseReason.local(code);
        what.requests.onMissing(this, outgoing(), reason);
        if (code != ErrorCode.CANCELLED && before == LIVE) {
            tell(new ReplyMissingException(reason));
        }
    }

    /** It was not taken, and is not outstanding. */
    void refused(RuntimeException why, CloseReason reason) {
        if (STATE.getAndSet(this, OVER) == LIVE) {
            what.requests.onMissing(this, outgoing(), reason);
            tell(why);
        }
    }

    // ---- when; where that is observed

    /** Since when it waited to be written, if it was asked at all. */
    long waitedSince(long nowNanos) {
        return nowNanos;
    }

    /** Until when it waited to be written, if it was at all by then. */
    long waitedUntil(long nowNanos) {
        return nowNanos;
    }

    // ---- its end

    @Override
    public void onReply(byte[] array, int offset, int length) {
        int before = STATE.getAndSet(this, OVER);
        if (before == OVER) {
            return;
        }
        what.requests.onReply(this, outgoing(), length);
        if (before != LIVE) {
            return; // cancelled on another thread
        }
        B value;
        try {
            value = what.out.fromBytes(what.requests.slice(array, offset, length));
        } catch (CodecException e) {
            tell(e);
            return;
        } catch (Throwable e) {
            tell(new ReplyMissingException(CloseReason.local(ErrorCode.INTERNAL)));
            what.requests.faults().thrown(e, actual.currentContext());
            return;
        }
        if (seen != null) {
            seen.succeeded();
        }
        try {
            actual.onNext(value);
        } catch (Throwable e) {
            Fault.thrownByOnNext(e, actual, what.requests.faults());
            return;
        }
        Fault.tellEnd(actual, null, what.requests.faults());
    }

    @Override
    public void onMissing(CloseReason reason) {
        fail(new ReplyMissingException(reason));
    }

    @Override
    public void onError(ApplicationException error) {
        fail(error);
    }

    private void fail(WeirException failure) {
        int before = STATE.getAndSet(this, OVER);
        if (before == OVER) {
            return;
        }
        what.requests.onMissing(this, outgoing(), failure.reason());
        if (before == LIVE) {
            tell(failure);
        }
    }

    private void tell(Throwable failure) {
        Throwable known = named(failure);
        if (seen != null) {
            seen.failed(known);
        }
        Fault.tellEnd(actual, known, what.requests.faults());
    }

    private void tellCancelled() {
        if (seen != null) {
            seen.cancelled();
        }
    }

    private <E extends Throwable> E named(E failure) {
        return what.requests.named(failure, "request", what.route);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.TERMINATED) {
            return state == OVER;
        }
        if (key == Attr.CANCELLED) {
            return state == GIVING_UP || state == WITHDRAWN;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
