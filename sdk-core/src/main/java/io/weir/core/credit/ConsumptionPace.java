package io.weir.core.credit;

/**
 * How fast a subscriber consumes, measured over at least one full window.
 *
 * <p>Two marks of (consumed, time) are kept, a window or more apart, so that a pace is known at every moment from the
 * second window on and covers the idle time since. Marks are set when there is a time at hand, which is at BLOCKED and at
 * grants; elements themselves cost nothing.
 */
final class ConsumptionPace {
    private boolean started;
    private long previousConsumed;
    private long previousNanos;
    private long currentConsumed;
    private long currentNanos;
    private long nowConsumed;
    private long nowNanos;

    /** Notes that {@code consumed} was reached at {@code nanos}. */
    void mark(long consumed, long window, long nanos) {
        if (!started) {
            // Nothing is known of the time before: what was consumed since the start counts as consumed just now.
            restart(0, nanos);
        }
        nowConsumed = consumed;
        nowNanos = nanos;
        if (consumed - currentConsumed >= window && consumed > currentConsumed) {
            previousConsumed = currentConsumed;
            previousNanos = currentNanos;
            currentConsumed = consumed;
            currentNanos = nanos;
        }
    }

    /** Forgets the pace so far: a full window from here on is needed to know one again. */
    void restart(long consumed, long nanos) {
        started = true;
        previousConsumed = consumed;
        previousNanos = nanos;
        currentConsumed = consumed;
        currentNanos = nanos;
        nowConsumed = consumed;
        nowNanos = nanos;
    }

    /** Whether a full window was consumed, at a pace that takes at most {@code nanos} for one. */
    boolean fullWindowWithin(long window, long nanos) {
        return isKnown(window) && nanosForWindow(window) <= nanos;
    }

    /** Whether a full window takes more than {@code nanos}, judged by what was consumed since the older mark. */
    boolean fullWindowSlowerThan(long window, long nanos) {
        return nowConsumed > previousConsumed && nanosForWindow(window) > nanos;
    }

    private boolean isKnown(long window) {
        return nowConsumed > previousConsumed && nowConsumed - previousConsumed >= window;
    }

    private double nanosForWindow(long window) {
        return (double) (nowNanos - previousNanos) * window / (nowConsumed - previousConsumed);
    }
}
