package io.weir.core.stream;

/**
 * How a sending half has spent its life so far, from its OPEN to its end, in ns of the session's monotonic clock: each moment
 * counts for exactly one state, so that the four add up to {@link #lifeNanos}. What {@link HalfState} says of each state tells
 * who was slow.
 *
 * @param sendingNanos in {@link HalfState#SENDING}
 * @param blockedByCreditNanos in {@link HalfState#BLOCKED_BY_CREDIT}
 * @param blockedByLinkNanos in {@link HalfState#BLOCKED_BY_LINK}
 * @param idleNanos in {@link HalfState#IDLE}
 */
public record SendTimes(long sendingNanos, long blockedByCreditNanos, long blockedByLinkNanos, long idleNanos) {

    /** Of a half that is not open yet. */
    public static final SendTimes NONE = new SendTimes(0, 0, 0, 0);

    /** From OPEN until now, or until the half ended. */
    public long lifeNanos() {
        return sendingNanos + blockedByCreditNanos + blockedByLinkNanos + idleNanos;
    }
}
