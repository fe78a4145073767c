package io.weir.reactive.session;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.Carrier;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Ends a session that is of no use: its peer takes nothing of what waits for it, however much it says that it lives, or nobody has
 * used it for too long. Two deadlines, which move by themselves when they come, so that nothing is done for a record. Loop-confined.
 */
final class UseWatch {

    private final SessionCore session;
    private final LongUnaryOperator stalledNanos;
    private final LongFunction<String> stall;
    private final BooleanSupplier inUse;
    private final long stallLimitNanos;
    private final long idleTimeoutNanos;
    private boolean suspected;
    private long usedNanos;

    /**
     * @param carrier knows how long the peer has taken nothing of what waits for it
     * @param inUse whether anything is open, asked or handled
     */
    UseWatch(SessionCore session, Carrier carrier, BooleanSupplier inUse) {
        this.session = session;
        stalledNanos = carrier::stalledNanos;
        stall = carrier::stall;
        this.inUse = inUse;
        stallLimitNanos = Math.max(
                session.limits().stallLimit().toNanos(),
                session.limits().silenceLimit().toNanos());
        idleTimeoutNanos = session.limits().idleTimeout().toNanos();
    }

    /** The session is ready. */
    void begin() {
        usedNanos = session.nowNanos();
        session.timers().at(usedNanos + stallLimitNanos, this::checkStall);
        if (idleTimeoutNanos > 0) {
            session.timers().at(usedNanos + idleTimeoutNanos, this::checkUse);
        }
    }

    /** Something of a stream or message was written, or has come. */
    void onUsed() {
        usedNanos = session.tickNanos();
    }

    private void checkStall() {
        long now = session.nowNanos();
        long stalled = stalledNanos.applyAsLong(now);
        if (stalled < stallLimitNanos) {
            suspected = false;
            session.timers().at(now + stallLimitNanos - stalled, this::checkStall);
        } else if (!suspected) {
            // it may be the clock that has jumped, or this process that stood still: the peer gets time to answer
            suspected = true;
            session.timers().at(now + stallLimitNanos / 10, this::checkStall);
        } else {
            session.life().fail(ErrorCode.STALLED, stall.apply(now) + " for " + stalled / 1_000_000 + " ms");
        }
    }

    private void checkUse() {
        long now = session.nowNanos();
        if (inUse.getAsBoolean()) {
            usedNanos = now;
        }
        if (now - usedNanos >= idleTimeoutNanos) {
            session.life().fail(ErrorCode.IDLE_TIMEOUT, "nobody has used the session");
            return;
        }
        session.timers().at(usedNanos + idleTimeoutNanos, this::checkUse);
    }
}
