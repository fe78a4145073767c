package io.weir.core.reliability;

import io.weir.core.reliability.AckRanges.Arrival;

/**
 * When to tell the sender what has come: at once where packets are missing or come late (RFC 9000 section 13.2.1), else for
 * several packets at once, and within the largest delay. At a low rate it is told for every second packet (RFC 9000 section
 * 13.2.2); at a high one some eight times in each largest delay, so that the way back carries little. A fast flow that pauses
 * before that may wait for feedback, as its window may be small: it is told after an eighth of the delay, and earlier from then on.
 * A sender of whose packets {@value #LONE} in a row came alone may wait for each of them to be told, which one behind the other would take
 * a largest delay each: so the next ones are told at once, {@value #AT_ONCE} of them until it is tried again whether two come.
 *
 * <p>Only packets that elicit feedback make it due, so that two sides never answer each other's acknowledgements.
 *
 * <p>Confined to one thread.
 */
public final class FeedbackSchedule {

    /** The largest delay of protocol.md and of RFC 9000 section 18.2: 25 ms. */
    public static final long MAX_DELAY_NANOS = 25_000_000;

    /** Packets that are waited for at a low rate. */
    static final int FEWEST = 2;

    /** Packets that are waited for at most. */
    static final int MOST = 64;

    /** So many times it is told in each largest delay, if the rate lets it wait for no more than {@link #MOST} packets. */
    static final int TIMES = 8;

    /** So many packets in a row came with none behind them. */
    static final int LONE = 2;

    /** So many are told at once then. */
    static final int AT_ONCE = 64;

    private final long maxDelayNanos;

    /** Packets that elicit feedback and were not told of. */
    private int untold;

    private long untoldSinceNanos;
    private boolean atOnce;

    /** Packets in a row that were told of alone; begins again when {@link #AT_ONCE} more than {@link #LONE} were. */
    private int lone;

    private int enough = FEWEST;
    private long periodNanos;
    private long inPeriod;

    /** @param maxDelayNanos 0 or more: how long a packet may wait to be told of */
    public FeedbackSchedule(long maxDelayNanos) {
        if (maxDelayNanos < 0) {
            throw new IllegalArgumentException("maxDelayNanos is " + maxDelayNanos + ", must be 0 or more");
        }
        this.maxDelayNanos = maxDelayNanos;
    }

    /** How many packets to wait for, if so many have come within the largest delay. */
    static int enough(long packets) {
        return (int) Math.max(FEWEST, Math.min(MOST, packets / TIMES));
    }

    /** A packet has come. */
    public void onReceived(Arrival arrival, boolean eliciting, long nowNanos) {
        if (!eliciting || arrival == Arrival.REPEAT) {
            return;
        }
        count(nowNanos);
        if (untold == 0) {
            untoldSinceNanos = nowNanos;
        }
        untold++;
        atOnce |= arrival == Arrival.OUT_OF_ORDER || untold >= enough || lone >= LONE;
    }

    /** It was told. */
    public void onTold() {
        if (!atOnce && enough > FEWEST) {
            enough = Math.max(FEWEST, untold / 2); // the flow has paused
        }
        if (untold != 1) {
            lone = 0;
        } else {
            lone = lone == LONE + AT_ONCE - 1 ? LONE - 1 : lone + 1;
        }
        untold = 0;
        atOnce = false;
    }

    /** Whether to tell it now. */
    public boolean isDue(long nowNanos) {
        return atOnce || untold > 0 && nowNanos - deadlineNanos() >= 0;
    }

    /** Whether there is something that was not told. */
    public boolean hasDeadline() {
        return untold > 0;
    }

    /** When to tell it at the latest, if {@link #hasDeadline}. */
    public long deadlineNanos() {
        return untoldSinceNanos + (enough > FEWEST ? maxDelayNanos / TIMES : maxDelayNanos);
    }

    /** Takes the rate of one largest delay for the next, but waits for no more than twice as many packets as before. */
    private void count(long nowNanos) {
        long lasted = nowNanos - periodNanos;
        if (inPeriod == 0 || lasted >= maxDelayNanos) {
            // after a pause there is no rate to go by
            enough = lasted >= 2 * maxDelayNanos ? FEWEST : Math.min(2 * enough, enough(inPeriod));
            periodNanos = nowNanos;
            inPeriod = 0;
        }
        inPeriod++;
    }
}
