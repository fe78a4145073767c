package io.weir.core.credit;

import io.weir.core.error.Legal;

/**
 * The window of one receiving half: what its peer may send, the memory behind it, and when to grant more.
 *
 * <pre>
 *   0          consumed            received           limit = consumed + window, when last granted
 *   |--------------|===================|- - - - - - - -|
 *    taken by the   held here           may still come
 *    subscriber    |&lt;---- at most reserved() bytes ---&gt;|
 * </pre>
 *
 * <p><b>Grants.</b> The limit is absolute and never falls. A grant is due when the limit can move by a quarter of the
 * window, or by anything at all once the peer has said BLOCKED and nothing is left here for the subscriber to take.
 *
 * <p><b>Memory.</b> The base window is reserved for as long as the half lives, so granting it again cannot fail; what is
 * added above it is reserved as growth before it is granted, and refused when the budget is short. At all times {@code
 * limit - consumed <= reserved()}, apart from a large payload whose total its stream has reserved ({@link
 * #raiseForPayload}).
 *
 * <p><b>Auto-tuning.</b> BLOCKED doubles the window, up to its maximum, if a full window was consumed at a pace of at
 * least one in two round trips, the subscriber has demand, and the memory can be had: only then was it the window that
 * held the stream up. A window shrinks by not advancing: once growth has been refused to anyone in the session, a grown
 * window that takes more than 8 round trips to be consumed is halved, and its memory goes back as the subscriber consumes what
 * was granted. A free window (maximum {@link #GROW_FREELY}) doubles at every BLOCKED.
 *
 * <p><b>Round trips.</b> On an ordered link nothing else may be measuring them, so a window takes its own sample: from a
 * grant to the first bytes beyond the limit before it, if the peer said that it was blocked at that limit.
 *
 * <p>Confined to the session's loop. DESIGN section 4, PROTOCOL section 4.
 */
public final class ReceiveWindow {
    /** As a maximum: grow at every BLOCKED for as long as the budget allows. */
    public static final long GROW_FREELY = 0;

    private static final int FAST_ROUND_TRIPS = 2;
    private static final int SLOW_ROUND_TRIPS = 8;
    private static final long NEVER = Long.MAX_VALUE;

    private final MemoryBudget budget;
    private long maxWindow;
    private long window;
    /** What the window never shrinks below: as opened, or as configured. */
    private long floorWindow;

    private long received;
    private long consumed;
    private long limit;
    private long grantedConsumed;
    private long grantsSent;
    private boolean ended;

    /** Where the limit is to go for the sake of a large payload; below {@code limit} when there is none. */
    private long raisedLimit;
    /** The peer has said BLOCKED at the present limit. */
    private boolean blocked;
    /** {@code consumed} at which the limit can move by a quarter of the window. */
    private long grantAt;

    private long base;
    private long growth;
    /** {@code consumed} at which memory can go back after the window has shrunk; NEVER when it has not. */
    private long settleAt = NEVER;

    private final ConsumptionPace pace = new ConsumptionPace();
    private final RoundTripProbe probe = new RoundTripProbe();
    private long seenRefusals;

    /**
     * @param initialWindow window in bytes of cost, which the caller has reserved in {@code budget} and which this window
     *     now owns; at least 0
     * @param maxWindow how far it may grow; equal to {@code initialWindow} = fixed, {@link #GROW_FREELY} = see there
     */
    public ReceiveWindow(long initialWindow, long maxWindow, MemoryBudget budget) {
        Legal.range("initialWindow", initialWindow, 0, Cost.MAX_OFFSET);
        this.budget = budget;
        this.base = initialWindow;
        this.window = initialWindow;
        this.floorWindow = initialWindow;
        this.limit = initialWindow;
        this.maxWindow = checkedMax(initialWindow, maxWindow);
        this.grantAt = nextGrantAt();
        this.seenRefusals = budget.growthRefusals();
    }

    /**
     * Sets the window that the stream's configuration asks for, once the stream is claimed. A larger one is reserved as
     * base; if the budget lacks the memory, the window stays as it is and may still grow later. A smaller one takes
     * effect as the subscriber consumes, since what was granted stays granted.
     *
     * @param windowBytes the wanted window, above 0; {@link #GROW_FREELY} keeps the present one and frees its growth
     * @param maxWindowBytes as in the constructor; has no effect if {@code windowBytes} is {@link #GROW_FREELY}
     * @return whether a grant is due now
     */
    public boolean configure(long windowBytes, long maxWindowBytes) {
        Legal.range("windowBytes", windowBytes, 0, Cost.MAX_OFFSET);
        if (ended) {
            return false;
        }
        if (windowBytes == GROW_FREELY) {
            maxWindow = GROW_FREELY;
            return false;
        }
        maxWindow = checkedMax(windowBytes, maxWindowBytes);
        long more = windowBytes - base - growth;
        if (more > 0 && !budget.tryReserve(more)) {
            return false;
        }
        base += Math.max(0, more);
        floorWindow = windowBytes;
        setWindow(windowBytes);
        return grantDue();
    }

    /**
     * Takes an element or fragment that arrived.
     *
     * @return false, and nothing taken, if it lies beyond the limit: the peer violated its credit
     */
    public boolean onReceived(long cost) {
        if (cost < 0 || cost > limit - received) {
            return false;
        }
        received += cost;
        if (received > probe.mark) {
            probe.onMarkPassed();
        }
        return true;
    }

    /** Takes the cost of an element that the subscriber has taken: its {@code onNext} has returned. */
    public void onConsumed(long cost) {
        if (cost < 0 || cost > received - consumed) {
            throw new IllegalStateException("consuming " + cost + " of " + (received - consumed) + " received");
        }
        consumed += cost;
        if (consumed >= settleAt) {
            settle();
        }
    }

    /**
     * Takes a BLOCKED of the peer, and may widen the window.
     *
     * @param limit the limit at which the peer is blocked; one that was never granted is ignored
     * @param sent the offset that the peer has reached; of use on datagrams only, where it tells what was lost
     * @param demandOutstanding whether the subscriber has asked for more than it was given
     * @param rttNanos the link's round-trip time, or its floor where nobody measures it
     * @return whether a grant is due now
     */
    public boolean onBlocked(long limit, long sent, boolean demandOutstanding, long nowNanos, long rttNanos) {
        if (ended || limit > this.limit) {
            return false;
        }
        if (limit == this.limit) {
            blocked = true;
        }
        probe.onBlocked(limit, nowNanos);
        probe.onLinkRtt(rttNanos);
        pace.mark(consumed, window, nowNanos);
        boolean wanted = maxWindow == GROW_FREELY
                || demandOutstanding && pace.fullWindowWithin(window, FAST_ROUND_TRIPS * probe.rttNanos());
        boolean grew = wanted && grow();
        if (grew) {
            pace.restart(consumed, nowNanos);
        }
        return grew || grantDue();
    }

    /** Whether a WINDOW should go now; cheap enough to be asked after each element. */
    public boolean grantDue() {
        return grantDue(false);
    }

    /**
     * The same, for a caller that knows whether whole elements are left here for the subscriber to take: while there are,
     * a blocked peer waits for the quarter like any other, which saves a WINDOW for each element of a slow subscriber.
     */
    public boolean grantDue(boolean moreQueued) {
        return consumed >= grantAt || raisedLimit > limit || blocked && !moreQueued && consumed > grantedConsumed;
    }

    /**
     * Moves the limit as far as it may go, for a WINDOW(consumed(), limit) that is being written now.
     *
     * @return the limit to send. It is the last one again where it cannot move; while the window shrinks, that tells a
     *     blocked peer how small it has become, so that the peer cuts up an element that would have fitted before
     */
    public long grant(long nowNanos) {
        return grant(nowNanos, false);
    }

    /**
     * The same, for a caller that knows whether an element is here in part. Only between elements does the window shrink:
     * the rest of an element must fit the window that it was begun in.
     */
    public long grant(long nowNanos, boolean betweenElements) {
        if (ended) {
            return limit;
        }
        grantedConsumed = consumed;
        probe.sample(nowNanos);
        pace.mark(consumed, window, nowNanos);
        if (betweenElements) {
            shrinkIfOthersNeedIt();
        }
        long next = Math.max(Math.min(consumed + window, Cost.MAX_OFFSET), raisedLimit);
        if (next > limit) {
            probe.onGrant(limit, blocked, nowNanos);
            limit = next;
            blocked = false;
            grantsSent++;
            grantAt = nextGrantAt();
        }
        return limit;
    }

    /**
     * Lets the limit go to {@code absoluteLimit} with the next grant, for an element larger than the window. Its stream
     * has reserved the element's total and gives it back itself.
     */
    public void raiseForPayload(long absoluteLimit) {
        if (!ended) {
            raisedLimit = Math.min(absoluteLimit, Cost.MAX_OFFSET);
        }
    }

    /** Whether bytes that answer a grant to a blocked peer have come and {@link #sampleRtt} should be called. */
    public boolean rttSampleDue() {
        return probe.sampleDue();
    }

    /** Completes the window's own round-trip sample; if nobody calls it, the next BLOCKED or grant does, less exactly. */
    public void sampleRtt(long nowNanos) {
        probe.sample(nowNanos);
    }

    /**
     * Ends the half: gives back everything reserved, and grants no more. Bytes up to the last limit are still accepted by
     * {@link #onReceived}, to be dropped.
     *
     * @return bytes given back; 0 the second time
     */
    public long releaseAll() {
        long released = base + growth;
        budget.release(base);
        budget.releaseGrowth(growth);
        base = 0;
        growth = 0;
        ended = true;
        blocked = false;
        raisedLimit = 0;
        settleAt = NEVER;
        grantAt = NEVER;
        return released;
    }

    /** Offset after the last byte that arrived. */
    public long received() {
        return received;
    }

    /** Offset up to which the subscriber has taken elements. */
    public long consumed() {
        return consumed;
    }

    /** The last limit granted. */
    public long limit() {
        return limit;
    }

    /** The window that the next grant will restore, in bytes of cost. */
    public long window() {
        return window;
    }

    /** Bytes reserved in the budget for this window. */
    public long reserved() {
        return base + growth;
    }

    /** WINDOWs that raised the limit. */
    public long grantsSent() {
        return grantsSent;
    }

    /** The round-trip time that auto-tuning goes by: the link's, or the window's own if that is longer. */
    public long rttNanos() {
        return probe.rttNanos();
    }

    private boolean grow() {
        long most = maxWindow == GROW_FREELY ? Cost.MAX_OFFSET : maxWindow;
        long step = Math.min(Math.max(window, Cost.ELEMENT_OVERHEAD), most - window);
        // After a shrink, memory that has not gone back yet is there to be used again.
        long more = window + step - base - growth;
        if (step <= 0 || more > 0 && !budget.tryReserveGrowth(more)) {
            return false;
        }
        growth += Math.max(0, more);
        setWindow(window + step);
        return true;
    }

    private void shrinkIfOthersNeedIt() {
        long refusals = budget.growthRefusals();
        if (refusals == seenRefusals || growth == 0 || maxWindow == GROW_FREELY) {
            seenRefusals = refusals;
            return;
        }
        if (pace.fullWindowSlowerThan(window, SLOW_ROUND_TRIPS * probe.rttNanos())) {
            seenRefusals = refusals;
            setWindow(Math.max(floorWindow, window / 2));
        }
    }

    private void setWindow(long bytes) {
        window = bytes;
        grantAt = nextGrantAt();
        settle();
    }

    /** Keeps reserved what is granted or may be granted again, and gives back the rest. */
    private void settle() {
        long needed = Math.max(window, limit - consumed);
        long excess = Math.max(0, base + growth - needed);
        long fromGrowth = Math.min(excess, growth);
        growth -= fromGrowth;
        base -= excess - fromGrowth;
        budget.releaseGrowth(fromGrowth);
        budget.release(excess - fromGrowth);
        long left = base + growth - window;
        settleAt = left > 0 ? consumed + Math.max(1, Math.min(left, quarterOf(window))) : NEVER;
    }

    private long nextGrantAt() {
        return limit == Cost.MAX_OFFSET ? NEVER : limit - window + quarterOf(window);
    }

    private static long quarterOf(long window) {
        return Math.max(1, window >> 2);
    }

    private static long checkedMax(long window, long maxWindow) {
        if (maxWindow != GROW_FREELY && (maxWindow < window || maxWindow > Cost.MAX_OFFSET)) {
            throw new IllegalArgumentException("maxWindow is " + maxWindow + "; legal: " + GROW_FREELY
                    + " (grow freely), or " + window + " to " + Cost.MAX_OFFSET);
        }
        return maxWindow;
    }
}
