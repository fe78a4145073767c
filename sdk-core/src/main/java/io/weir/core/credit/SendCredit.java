package io.weir.core.credit;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.Legal;
import org.jspecify.annotations.Nullable;

/**
 * The credit of one sending half, and the rule that turns it into demand.
 *
 * <p>{@code sent} is the offset after the last element written; {@code limit} is what the receiver allows it to become.
 * A limit is absolute and only rises, so a grant that is lost, repeated, late or out of order does no harm.
 *
 * <pre>
 *   0          consumed              sent            limit
 *   |--------------|===================|- - - - - - - -|
 *    taken there    held or on its way    available()
 *                  |&lt;------------ window() -----------&gt;|
 * </pre>
 *
 * <p><b>Demand</b> ({@link #demand}) is what the half asks of its publisher: first 1 element, to learn what one costs;
 * then as many as make n in all, those still to come included, where n = min(credit / max(average, recent largest cost),
 * 2 x the previous n but at least 2 x {@value #LEAST_REQUESTED}, {@value #MAX_BATCH}), each time that a quarter of n or fewer
 * than {@value #LEAST_REQUESTED} are still to come. So a publisher that does not wait for demand, such as a timer, finds
 * {@value #LEAST_REQUESTED} requested whenever credit covers them. An n that credit cut short does not
 * count as the previous one, so a half that waits for credit now and then keeps its pace. While there is any credit and
 * nothing is asked for or held, 1 is asked for, even if an element of the usual cost would not fit: it may be smaller,
 * and if it is not, the peer is told that this half is blocked.
 *
 * <p>Confined to the session's loop. DESIGN section 4, PROTOCOL section 4.
 */
public final class SendCredit {
    /** Most elements asked for at once. */
    public static final int MAX_BATCH = 256;

    /** Elements that stay requested once one has been written, as far as the credit covers them. */
    public static final int LEAST_REQUESTED = 16;

    private static final int AVERAGE_SHIFT = 3;
    private static final int LARGEST_SHIFT = 7;
    private static final long MAX_OBSERVED = 1L << 40;

    private long limit;
    private long sent;
    private long consumed;
    private long grantsReceived;
    private long blockedAt = -1;

    /** Moving average of costs, times 2^AVERAGE_SHIFT; 0 until an element was seen. */
    private long average;
    /** Largest recent cost, times 2^LARGEST_SHIFT; decays towards the costs seen since. */
    private long largest;
    /** The previous n of the rule that credit did not cut short; 0 before the first. */
    private int batch;
    /** Elements still to come at which to ask again: a quarter of what was asked for last. */
    private int refillAt;

    /** @param initialLimit what the peer's HELLO allows to a new half, 0 to {@link Cost#MAX_OFFSET} */
    public SendCredit(long initialLimit) {
        Legal.range("initialLimit", initialLimit, 0, Cost.MAX_OFFSET);
        this.limit = initialLimit;
    }

    /** Takes the smaller limit with which the peer's OPEN begins this half; before anything was sent. */
    public void restrictTo(long initialLimit) {
        if (sent != 0 || grantsReceived != 0) {
            throw new IllegalStateException("the half has begun: " + sent + " sent");
        }
        limit = Math.min(limit, initialLimit);
    }

    /**
     * Takes a WINDOW of the peer.
     *
     * @return null if it is fine, harmless ones included (a limit that is lower, equal or below {@code consumed}); else
     *     the error with which to end the session
     */
    public @Nullable ErrorCode onWindow(long consumed, long limit) {
        if (consumed < 0 || consumed > sent) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (limit < 0 || limit > Cost.MAX_OFFSET) {
            return ErrorCode.FLOW_CONTROL;
        }
        if (consumed > this.consumed) {
            this.consumed = consumed;
        }
        if (limit > this.limit) {
            this.limit = limit;
            grantsReceived++;
        }
        return null;
    }

    /** Uses {@code cost} of the credit; the caller has checked that it {@link #fits}. */
    public void spend(long cost) {
        if (cost < 0 || cost > limit - sent) {
            throw new IllegalStateException("spending " + cost + " of " + available() + " credit");
        }
        sent += cost;
    }

    /** Takes back what was spent on an element that was not sent after all. */
    public void refund(long cost) {
        if (cost < 0 || cost > sent - consumed) {
            throw new IllegalStateException("refund of " + cost + "; spent and not consumed are " + (sent - consumed));
        }
        sent -= cost;
    }

    /** Learns from the cost of an element that the publisher gave, whether it could be sent at once or not. */
    public void observe(long cost) {
        long seen = Math.max(1, Math.min(cost, MAX_OBSERVED));
        if (average == 0) {
            average = seen << AVERAGE_SHIFT;
            largest = seen << LARGEST_SHIFT;
            return;
        }
        average += seen - (average >> AVERAGE_SHIFT);
        long top = largest >> LARGEST_SHIFT;
        largest = seen > top ? seen << LARGEST_SHIFT : largest + seen - top;
    }

    /**
     * How many more elements to ask of the publisher now; 0 asks nothing. The caller has a writable link and asks for
     * exactly what is returned, as it counts as asked for.
     *
     * @param outstanding elements asked for and not here yet
     * @param held elements here that wait for credit or for a record
     */
    public int demand(int outstanding, int held) {
        int open = outstanding + held;
        long credit = limit - sent;
        if (open > refillAt && outstanding >= LEAST_REQUESTED || credit <= 0) {
            return 0;
        }
        int floor = open == 0 ? 1 : 0;
        if (average == 0) {
            return floor;
        }
        long estimate = Math.max(average >> AVERAGE_SHIFT, largest >> LARGEST_SHIFT);
        int n = Math.min(Math.max(LEAST_REQUESTED, batch) << 1, MAX_BATCH);
        boolean covered = n * estimate <= credit;
        if (!covered) {
            n = (int) (credit / estimate);
        }
        if (n <= open) {
            return floor;
        }
        if (covered) {
            batch = n;
        }
        refillAt = n >> 2;
        return n - open;
    }

    /** What the next element will probably cost at most: the recent largest; 0 until one was seen. */
    public long expectedCost() {
        return largest >> LARGEST_SHIFT;
    }

    /**
     * Whether to tell the peer BLOCKED now: true once per limit. To be called when there is something to send, or there
     * would be if it were asked for, and credit is short; the peer's windows grow only if they are told.
     */
    public boolean pollBlocked() {
        if (blockedAt == limit) {
            return false;
        }
        blockedAt = limit;
        return true;
    }

    /** Whether an element of this cost may be sent now. */
    public boolean fits(long cost) {
        return cost <= limit - sent;
    }

    /** Credit: bytes of cost that may be sent now. */
    public long available() {
        return limit - sent;
    }

    /** Whether not even an empty element could be sent. */
    public boolean exhausted() {
        return limit - sent < Cost.ELEMENT_OVERHEAD;
    }

    /** Offset up to which the peer allows sending. */
    public long limit() {
        return limit;
    }

    /** Offset after the last element sent. */
    public long sent() {
        return sent;
    }

    /** Offset up to which the peer's subscriber has taken elements. */
    public long consumed() {
        return consumed;
    }

    /** The peer's window as it was last told: an element that costs more than this will never fit as a whole. */
    public long window() {
        return limit - consumed;
    }

    /** WINDOWs that raised the limit. */
    public long grantsReceived() {
        return grantsReceived;
    }
}
