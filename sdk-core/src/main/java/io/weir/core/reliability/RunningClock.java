package io.weir.core.reliability;

/**
 * A clock that stands still while nobody runs. Who is called much later than the deadline that it waits for was not running
 * meanwhile, or its clock has jumped: the time beyond the deadline says nothing of the path, and is left out.
 */
final class RunningClock {

    /** How late a timer may be. */
    static final long MOST_LATE_NANOS = 1_000_000_000L;

    private long leftOutNanos;

    /** It is {@code nowNanos} by the caller's clock; whoever runs would have come at {@code deadlineNanos} by this one. */
    void stopAt(long deadlineNanos, long nowNanos) {
        long lateNanos = timeNanos(nowNanos) - deadlineNanos;
        leftOutNanos += lateNanos > MOST_LATE_NANOS ? lateNanos : 0;
    }

    /** The time by this clock. */
    long timeNanos(long clockNanos) {
        return clockNanos - leftOutNanos;
    }

    /** The time by the caller's. */
    long clockNanos(long timeNanos) {
        return timeNanos + leftOutNanos;
    }
}
