package io.weir.test.oracle;

import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamStats;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The credit of one direction of one stream: what its sender may have, by what its receiver has consumed. Compares the
 * {@link StreamStats} of both ends with the elements that a test has seen go in and out. Not thread safe: for the test's thread.
 *
 * <pre>
 *   limit = cost of the elements sent + txCreditRemaining  &lt;=  cost consumed + window
 * </pre>
 *
 * <p>With a fixed window the limit is even exact: a window beyond a place between two consumed elements, or the window that
 * the session began with. Elements larger than the window are let through by credit of their own, so that only bounds can
 * be checked where there are any. Costs not yet covered by a check are kept: check every few thousand elements.
 */
public final class CreditOracle {

    private static final long ELEMENT_OVERHEAD = 16;

    private final String name;
    private final long initialWindow;
    private final long window;
    private final long mostWindow;
    private final Deque<Long> unsentCosts = new ArrayDeque<>();
    private final Deque<Long> boundaries = new ArrayDeque<>();
    private long largestCost;
    private long sentElements;
    private long sentCost;
    private long lastCost;
    private long consumedElements;
    private long consumedCost;

    /**
     * @param name what violations call it
     * @param initialWindow the receiving node's {@code NodeLimits.initialWindowBytes}
     * @param receiver the receiving side's configuration of the stream
     */
    public CreditOracle(String name, long initialWindow, StreamConfig receiver) {
        this.name = name;
        this.initialWindow = initialWindow;
        boolean grows = receiver.windowBytes() == StreamConfig.GROW_FREELY;
        this.window = grows ? initialWindow : receiver.windowBytes();
        this.mostWindow = grows ? StreamConfig.MAX_WINDOW_BYTES : Math.max(initialWindow, receiver.maxWindowBytes());
        boundaries.add(0L);
    }

    /** The sending half has taken an element with a payload of so many bytes. */
    public void taken(long payloadBytes) {
        long cost = ELEMENT_OVERHEAD + payloadBytes;
        largestCost = Math.max(largestCost, cost);
        unsentCosts.add(cost);
    }

    /** The receiving subscriber's onNext for such an element has returned. */
    public void consumed(long payloadBytes) {
        consumedElements++;
        consumedCost += ELEMENT_OVERHEAD + payloadBytes;
        boundaries.add(consumedCost);
    }

    /**
     * Checks that the sender has no credit that the receiver cannot have given, and holds no element that the receiver did
     * not pay for. At any moment of a live stream, but not inside its signals.
     *
     * @throws AssertionError if it has
     */
    public void check(StreamStats sender, StreamStats receiver) {
        advanceTo(sender.txSeq());
        // Of an element larger than its window, which goes in fragments, some may be unsent though it counts as
        // sent; so may some of any where a packet was full.
        boolean fragments = largestCost > window;
        long spent = sender.txBytes() + ELEMENT_OVERHEAD * sender.txSeq();
        long unsent = fragments ? lastCost : Math.max(0, Math.min(lastCost, sentCost - spent));
        long limit = sentCost - unsent + sender.txCreditRemaining();
        long most = consumedCost + mostWindow + (fragments ? largestCost : 0);
        if (sender.txCreditRemaining() < 0 || limit > most) {
            throw violation("the limit is " + limit + ", above " + most, sender, receiver);
        }
        if (receiver.rxSeq() > sender.txSeq()) {
            throw violation("more was received than sent", sender, receiver);
        }
        long held = receiver.rxSeq() - consumedElements;
        if (receiver.inboundPending() > held) {
            throw violation("more is pending than was received and not consumed", sender, receiver);
        }
    }

    /**
     * Checks, where nothing is under way between the two ends, that no credit has leaked: the sender lacks less than a
     * quarter of the window, and a fixed window is exact.
     *
     * @throws AssertionError if some has
     */
    public void checkSettled(StreamStats sender, StreamStats receiver) {
        check(sender, receiver);
        if (receiver.rxSeq() != sender.txSeq() && largestCost <= window) {
            throw violation("something is under way still", sender, receiver);
        }
        long limit = sentCost + sender.txCreditRemaining();
        long least = consumedCost + window - Math.max(1, window / 4);
        if (limit < least && largestCost <= window) {
            throw violation("the limit is " + limit + ", below " + least + ": credit has leaked", sender, receiver);
        }
        if (mostWindow == Math.max(window, initialWindow) && largestCost <= window && limit != initialWindow) {
            checkExact(limit, sender, receiver);
        }
    }

    private void checkExact(long limit, StreamStats sender, StreamStats receiver) {
        while (boundaries.size() > 1 && boundaries.getFirst() + window < limit) {
            boundaries.poll();
        }
        if (boundaries.getFirst() + window != limit) {
            throw violation(
                    "the limit is " + limit + ", not a window of " + window + " beyond the end of any element",
                    sender,
                    receiver);
        }
    }

    private void advanceTo(long elements) {
        while (sentElements < elements && !unsentCosts.isEmpty()) {
            lastCost = unsentCosts.poll();
            sentCost += lastCost;
            sentElements++;
        }
        if (sentElements < elements) {
            throw new AssertionError(
                    name + ": " + elements + " elements were sent of " + sentElements + " that it was given");
        }
    }

    private AssertionError violation(String what, StreamStats sender, StreamStats receiver) {
        return new AssertionError(name + ": " + what + "; consumed " + consumedElements + " elements of cost "
                + consumedCost + "; sender " + sender + "; receiver " + receiver);
    }
}
