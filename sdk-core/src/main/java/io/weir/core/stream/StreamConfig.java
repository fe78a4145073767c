package io.weir.core.stream;

import java.time.Duration;
import java.util.Objects;

/**
 * How a stream behaves at this end. Reliability and weight belong to its sending half, the window to its receiving half;
 * the peer's own configuration rules the other direction. Immutable; each {@code with} method returns a changed copy.
 *
 * @param reliability what the sending half promises
 * @param windowBytes how much the peer may send ahead of the local subscriber, in bytes of cost (16 + payload length for
 *     each element): {@value #MIN_WINDOW_BYTES} to {@value #MAX_WINDOW_BYTES}, or {@value #GROW_FREELY} to begin with the
 *     session's initial window and grow freely inside the memory budget
 * @param maxWindowBytes how far the window may grow by itself, {@code windowBytes} (a fixed window) to
 *     {@value #MAX_WINDOW_BYTES}; not looked at if {@code windowBytes} is {@value #GROW_FREELY}
 * @param fairnessWeight share of the link relative to the session's other streams when they contend; clamped to 1 to
 *     {@value #MAX_WEIGHT}
 * @param closeBehavior what closing does with elements on their way
 * @param idleTimeout after how long without an element a stream with no local subscriber, publisher or held data is
 *     evicted, up to {@value #MAX_IDLE_DAYS} days; {@link Duration#ZERO} = never
 */
public record StreamConfig(
        Reliability reliability,
        long windowBytes,
        long maxWindowBytes,
        int fairnessWeight,
        CloseBehavior closeBehavior,
        Duration idleTimeout) {
    /** As {@code windowBytes}: no size of its own. */
    public static final long GROW_FREELY = 0;

    /** Smallest window: the cost of one empty element. */
    public static final long MIN_WINDOW_BYTES = 16;

    /** Largest window: 1 GiB. */
    public static final long MAX_WINDOW_BYTES = 1L << 30;

    /** Highest weight. */
    public static final int MAX_WEIGHT = 256;

    /** Longest idle time-out, in days. */
    public static final long MAX_IDLE_DAYS = 365;

    private static final long DEFAULT_WINDOW_BYTES = 65_536;
    private static final long DEFAULT_MAX_WINDOW_BYTES = 4L << 20;
    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(5);
    private static final StreamConfig RELIABLE = defaultsWith(Reliability.RELIABLE, CloseBehavior.DRAIN_THEN_CLOSE);
    private static final StreamConfig FIRE_AND_FORGET =
            defaultsWith(Reliability.FIRE_AND_FORGET, CloseBehavior.DROP_AND_CLOSE);

    public StreamConfig {
        Objects.requireNonNull(reliability, "reliability");
        Objects.requireNonNull(closeBehavior, "closeBehavior");
        Objects.requireNonNull(idleTimeout, "idleTimeout");
        if (windowBytes != GROW_FREELY && (windowBytes < MIN_WINDOW_BYTES || windowBytes > MAX_WINDOW_BYTES)) {
            throw new IllegalArgumentException("windowBytes is " + windowBytes + "; legal: " + GROW_FREELY
                    + " (grow freely inside the budget), or " + MIN_WINDOW_BYTES + " to " + MAX_WINDOW_BYTES);
        }
        if (maxWindowBytes < windowBytes || maxWindowBytes > MAX_WINDOW_BYTES) {
            throw new IllegalArgumentException("maxWindowBytes is " + maxWindowBytes + "; legal: windowBytes, which is "
                    + windowBytes + ", to " + MAX_WINDOW_BYTES);
        }
        if (idleTimeout.isNegative() || idleTimeout.compareTo(Duration.ofDays(MAX_IDLE_DAYS)) > 0) {
            throw new IllegalArgumentException(
                    "idleTimeout is " + idleTimeout + "; legal: PT0S (never evicted), to " + MAX_IDLE_DAYS + " days");
        }
        fairnessWeight = Math.max(1, Math.min(fairnessWeight, MAX_WEIGHT));
    }

    /** RELIABLE and DRAIN_THEN_CLOSE; window 65,536, growing to 4 MiB; weight 1; evicted after 5 idle minutes. */
    public static StreamConfig reliable() {
        return RELIABLE;
    }

    /** As {@link #reliable()}, but FIRE_AND_FORGET and DROP_AND_CLOSE. */
    public static StreamConfig fireAndForget() {
        return FIRE_AND_FORGET;
    }

    /** What a stream gets that asks for nothing: {@link #fireAndForget()}. */
    public static StreamConfig defaults() {
        return FIRE_AND_FORGET;
    }

    /** Changes what the sending half promises. */
    public StreamConfig withReliability(Reliability newReliability) {
        return new StreamConfig(
                newReliability, windowBytes, maxWindowBytes, fairnessWeight, closeBehavior, idleTimeout);
    }

    /** Changes the window; the maximum is raised to it if it was lower. 0 = grow freely inside the budget. */
    public StreamConfig withWindow(long newWindowBytes) {
        return withWindow(newWindowBytes, Math.max(newWindowBytes, maxWindowBytes));
    }

    /** Changes how far the window may grow. */
    public StreamConfig withMaxWindow(long newMaxWindowBytes) {
        return withWindow(windowBytes, newMaxWindowBytes);
    }

    /** Sets a window that never grows. */
    public StreamConfig withFixedWindow(long bytes) {
        if (bytes == GROW_FREELY) {
            throw new IllegalArgumentException(
                    "a fixed windowBytes is 0; legal: " + MIN_WINDOW_BYTES + " to " + MAX_WINDOW_BYTES);
        }
        return withWindow(bytes, bytes);
    }

    /** Changes the share of the link. */
    public StreamConfig withFairnessWeight(int newFairnessWeight) {
        return new StreamConfig(
                reliability, windowBytes, maxWindowBytes, newFairnessWeight, closeBehavior, idleTimeout);
    }

    /** Changes what closing does. */
    public StreamConfig withCloseBehavior(CloseBehavior newCloseBehavior) {
        return new StreamConfig(
                reliability, windowBytes, maxWindowBytes, fairnessWeight, newCloseBehavior, idleTimeout);
    }

    /** Changes when an idle stream is evicted; {@link Duration#ZERO} = never. */
    public StreamConfig withIdleTimeout(Duration newIdleTimeout) {
        return new StreamConfig(
                reliability, windowBytes, maxWindowBytes, fairnessWeight, closeBehavior, newIdleTimeout);
    }

    private StreamConfig withWindow(long newWindowBytes, long newMaxWindowBytes) {
        return new StreamConfig(
                reliability, newWindowBytes, newMaxWindowBytes, fairnessWeight, closeBehavior, idleTimeout);
    }

    private static StreamConfig defaultsWith(Reliability reliability, CloseBehavior closeBehavior) {
        return new StreamConfig(
                reliability, DEFAULT_WINDOW_BYTES, DEFAULT_MAX_WINDOW_BYTES, 1, closeBehavior, DEFAULT_IDLE_TIMEOUT);
    }
}
