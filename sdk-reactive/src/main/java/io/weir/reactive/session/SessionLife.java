package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.SessionState;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.SessionContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * The states of one session, why it ends, and the order in which its parts learn of that.
 *
 * <pre>
 *   HANDSHAKING --HELLO said and heard--> READY --END queued--> CLOSING --flushed--> CLOSED
 *        |                                  | |                    ^                   ^
 *        |              GOAWAY said or heard| +--> DRAINING -------+                   |
 *        |                                             |                               |
 *        +---------- END heard, link lost, peer silent +-------------------------------+
 * </pre>
 *
 * A fatal error ends the session too; it is thrown on once the peer has been told. Loop-confined but for what says otherwise.
 */
public final class SessionLife {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLife.class);

    /** What the end means to the parts of a session; each once at most, in this order, {@link #sayEnd} only if END is to be said. */
    interface Parts {
        /** The session, which was ready, drains. Before the others, if at all. */
        void onDraining();

        /** The session, which was ready, closes; {@link #onEnding} follows. */
        void onClosing(boolean hasDrained);

        /** Whatever is under way ends with this. */
        void onEnding(CloseReason reason);

        /** END is to be the last frame. */
        void sayEnd(long code);

        /** The link is let go of. */
        void onFinished();

        /**
         * It is over.
         *
         * @param authenticated END was said by either side
         */
        void onClosed(CloseReason reason, boolean wasReady, boolean authenticated);
    }

    private final SessionContext session;
    private final Parts parts;
    private final Linger linger;
    private final Sinks.One<CloseReason> closed = Sinks.one();

    /** Why this side has asked for the end, of which its loop may not know yet; null if it has not. */
    private volatile @Nullable CloseReason unwanted;

    private volatile SessionState state = SessionState.HANDSHAKING;
    private volatile @Nullable CloseReason reason;
    private @Nullable Throwable fatal;
    private volatile Instant readySince;
    private boolean wasReady;
    private boolean authenticated;

    SessionLife(SessionContext session, Parts parts, Linger linger) {
        this.session = session;
        this.parts = parts;
        this.linger = linger;
        readySince = now();
    }

    // ---- any thread

    SessionState state() {
        return state;
    }

    /** Why the session is ending or has ended; null while it lives. */
    @Nullable
    CloseReason reason() {
        return reason;
    }

    /** The same, also where this side has asked for the end and the loop does not know yet. */
    @Nullable
    CloseReason endReason() {
        CloseReason known = reason;
        return known != null ? known : unwanted;
    }

    /** When both sides had agreed, by the wall clock; before that, when the session was made. */
    Instant readySince() {
        return readySince;
    }

    /** Whether streams and messages are written and dispatched. */
    boolean isOpen() {
        return state == SessionState.READY || state == SessionState.DRAINING;
    }

    /** Nothing more is dispatched. */
    boolean isEnding() {
        return state == SessionState.CLOSED || state == SessionState.CLOSING;
    }

    boolean isUnwanted() {
        return unwanted != null || isEnding();
    }

    /** Whether streams and requests may begin, as far as is known here. */
    boolean takesNew() {
        return unwanted == null && state == SessionState.READY;
    }

    Mono<CloseReason> onClose() {
        return Barrier.mono(closed.asMono(), this::thrown);
    }

    /** Says END with this code and closes. */
    void closeWith(ErrorCode code) {
        CloseReason why = CloseReason.local(code);
        unwanted = why;
        session.run(() -> beginClose(why));
    }

    /** As {@link SessionContext#thrown}. */
    void thrown(Throwable e, Context context) {
        if (Fault.isFatal(e)) {
            session.run(() -> onFatal(e));
        } else {
            Fault.report(e, context);
        }
    }

    /** As {@link SessionContext#thrownToCaller}. */
    void thrownToCaller(Throwable e) {
        if (Fault.isFatal(e)) {
            closeWith(ErrorCode.INTERNAL);
        }
    }

    // ---- loop

    /** Both sides agree. */
    void becomeReady() {
        readySince = now();
        state = SessionState.READY;
        wasReady = true;
    }

    private Instant now() {
        return session.loop().instant(session.nowNanos());
    }

    /** Either side drains. */
    void becomeDraining() {
        if (state == SessionState.READY) {
            state = SessionState.DRAINING;
            parts.onDraining();
        }
    }

    /** As {@link SessionContext#onDefect}. */
    void onDefect(Throwable defect) {
        if (Fault.isFatal(defect)) {
            onFatal(defect);
        } else {
            LOG.error("A defect ends {}", session, defect);
            fail(ErrorCode.INTERNAL, "");
        }
    }

    /** The peer hears of it before the error goes on, since whoever gets it may well end the process. */
    private void onFatal(Throwable e) {
        if (state == SessionState.CLOSED) {
            Fault.throwOn(e);
            return;
        }
        if (fatal == null) {
            fatal = e;
        }
        try {
            fail(ErrorCode.INTERNAL, "");
            LOG.error("A fatal error ends {}", session, e);
        } catch (Throwable again) {
            throwOnFatal(); // it is as bad as that
        }
    }

    /** END is flushed, or the link is gone. */
    void onOutboundEnded() {
        linger.onFlushed(session.nowNanos());
        CloseReason why = reason;
        if (why != null && why.error() == ErrorCode.REPLACED) {
            finish(); // another one waits for its place
        }
        throwOnFatal();
    }

    private void throwOnFatal() {
        Throwable e = fatal;
        fatal = null;
        if (e != null) {
            Fault.throwOn(e);
        }
    }

    /** The peer broke a rule, or this side has had enough: says END with this code, then closes. */
    void fail(ErrorCode code, String detail) {
        CloseReason why = CloseReason.local(code, detail);
        LOG.debug("{} is ended: {}", session, why);
        beginClose(why);
    }

    private void beginClose(CloseReason why) {
        if (!isEnding()) {
            beginEnding(why, true);
            parts.sayEnd(why.code());
            session.timers().at(linger.begin(session.nowNanos()), this::onLingered);
        }
    }

    private void onLingered() {
        long now = session.nowNanos();
        long until = linger.untilNanos(now);
        if (until <= now) {
            finish();
        } else {
            session.timers().at(until, this::onLingered);
        }
    }

    /**
     * Over at once: END was heard, or the link or the peer is gone.
     *
     * @param said whether END was said by either side
     */
    void end(CloseReason why, boolean said) {
        if (!isEnding()) {
            beginEnding(why, said);
        }
        finish();
    }

    private void beginEnding(CloseReason why, boolean said) {
        boolean drained = state == SessionState.DRAINING;
        state = SessionState.CLOSING;
        reason = why;
        authenticated = said;
        if (wasReady) {
            parts.onClosing(drained);
        }
        parts.onEnding(why);
    }

    private void finish() {
        CloseReason why = reason;
        if (state == SessionState.CLOSED || why == null) {
            return;
        }
        state = SessionState.CLOSED;
        parts.onFinished();
        parts.onClosed(why, wasReady, authenticated);
        closed.tryEmitValue(why);
        throwOnFatal();
    }
}
