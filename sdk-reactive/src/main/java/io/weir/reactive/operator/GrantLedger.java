package io.weir.reactive.operator;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.credit.ReceiveWindow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * One {@link ReceiveWindow} with the memory that it may use, and the element too large for it that the source says it is
 * blocked at. Confined to the drain of its operator.
 */
final class GrantLedger {

    /** What to do about a source that is blocked. */
    enum Answer {
        NOTHING,
        GRANT,
        TOO_LARGE
    }

    /** On an ordered link, where nobody measures the round trip. */
    private static final long RTT_FLOOR_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Scheduler clock;
    private final long maxBytes;
    private final ReceiveWindow window;

    /** What the source has said last, as long as it may still mean an element that is larger than the window. */
    private @Nullable Blocked waiting;

    /** @param clock only read, so that virtual time is kept where it is installed */
    GrantLedger(CreditWindow settings, Scheduler clock) {
        this.clock = clock;
        this.maxBytes = settings.maxBytes();
        MemoryBudget budget = new MemoryBudget(maxBytes, maxBytes, MemoryPool.unbounded());
        budget.tryReserve(settings.initialBytes());
        this.window = new ReceiveWindow(settings.initialBytes(), maxBytes, budget);
    }

    /** Takes the cost of everything that has arrived so far; none of it is beyond the limit. */
    void onReceived(long totalCost) {
        long fresh = totalCost - window.received();
        if (fresh == 0) {
            return;
        }
        if (!window.onReceived(fresh)) {
            throw new IllegalStateException("admitted " + totalCost + " beyond the limit " + window.limit());
        }
        if (window.rttSampleDue()) {
            window.sampleRtt(nanoTime());
        }
    }

    void onConsumed(long cost) {
        window.onConsumed(cost);
    }

    boolean grantDue(boolean moreQueued) {
        return window.grantDue(moreQueued);
    }

    /** The new limit, to be told to the source. */
    long grant() {
        return window.grant(nanoTime());
    }

    /** Takes what the source says; true if a grant is due. */
    boolean onBlocked(Blocked said, boolean demandOutstanding) {
        waiting = said.limit() == window.limit() ? said : null;
        return window.onBlocked(said.limit(), said.sent(), demandOutstanding, nanoTime(), RTT_FLOOR_NANOS);
    }

    /**
     * What to do about an element larger than the window. It is let through alone: when all that was sent before it is
     * consumed, so that a source which invents such elements gets no more than the maximum ahead of the subscriber.
     */
    Answer answerLarge(boolean demandOutstanding) {
        Blocked said = waiting;
        if (said == null) {
            return Answer.NOTHING;
        }
        if (said.limit() < window.limit() || said.cost() <= window.window()) {
            waiting = null;
            return Answer.NOTHING;
        }
        if (said.sent() > window.consumed()) {
            return Answer.NOTHING;
        }
        if (said.cost() > maxBytes) {
            return Answer.TOO_LARGE;
        }
        if (!demandOutstanding) {
            return Answer.NOTHING;
        }
        waiting = null;
        window.raiseForPayload(said.sent() + said.cost());
        return window.grantDue() ? Answer.GRANT : Answer.NOTHING;
    }

    /** Cost of the element that is larger than the window; 0 if there is none. */
    long waitingCost() {
        return waiting == null ? 0 : waiting.cost();
    }

    long consumed() {
        return window.consumed();
    }

    long limit() {
        return window.limit();
    }

    private long nanoTime() {
        return clock.now(TimeUnit.NANOSECONDS);
    }
}
