package io.weir.core.path;

/**
 * How a window grows in congestion avoidance (RFC 9438 sections 4.2 to 4.4): along a cubic curve of the time since the stage
 * began, flat where the last congestion was, and never slower than Reno would.
 *
 * <pre>
 *   window                                   W(t) = C (t - K)^3 + W_max
 *     |                                   .
 *     |                                  .
 *   W_max  - - - - - - - . . . . . . - .        steep again: searching for more
 *     |            .                             flat: the place of the last congestion
 *     |        .                                 steep: quickly back to near it
 *   begin . .
 *     +-----------------------K----------------- t
 * </pre>
 *
 * <p>Only time in which the window could grow counts: not while there was too little to send (section 5.8). In bytes and
 * nanoseconds, though the constants are of datagrams and seconds.
 */
final class CubicCurve {

    static final double C = 0.4;
    static final double BETA = 0.7;
    /** Reno's growth that gives with {@link #BETA} the same average window as Reno's own (section 4.3). */
    static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    private static final double NANOS = 1e9;
    /** A round trip may raise the window by no more than half, so that growth is below slow start's (section 4.2). */
    private static final double MOST_GROWTH = 1.5;

    private double maxBytes; // W_max; 0 where there was no congestion yet, and after a collapse
    private double priorBytes; // cwnd_prior: the window when the threshold was last set
    private boolean begun;
    private double kSeconds;
    private double renoBytes; // W_est
    private long epochNanos; // t_epoch, moved by the time that does not count
    private long tickNanos; // time counts up to here

    CubicCurve() {}

    CubicCurve(CubicCurve other) {
        maxBytes = other.maxBytes;
        priorBytes = other.priorBytes;
        begun = other.begun;
        kSeconds = other.kSeconds;
        renoBytes = other.renoBytes;
        epochNanos = other.epochNanos;
        tickNanos = other.tickNanos;
    }

    /** The path was full at this window. */
    void onCongestion(double windowBytes) {
        // Fast convergence (section 4.7): the window has not reached the last maximum, so others need room.
        maxBytes = windowBytes < maxBytes ? windowBytes * (1 + BETA) / 2 : windowBytes;
        priorBytes = windowBytes;
        begun = false;
    }

    /** Next to nothing gets through: the next stage begins at its own window (section 4.8). */
    void onPersistentLoss() {
        maxBytes = 0;
        begun = false;
    }

    /** What K was computed with is void; the next stage begins where this one is. */
    void onDatagramBytes() {
        begun = false;
    }

    /** Time up to now does not count. */
    void pause(long nowNanos) {
        epochNanos += nowNanos - tickNanos;
        tickNanos = nowNanos;
    }

    /**
     * The window after one more packet was acknowledged.
     *
     * @param smoothedNanos the round trip, at whose end the window is to be where the curve then is
     */
    double next(double windowBytes, int ackedBytes, int datagramBytes, long smoothedNanos, long nowNanos) {
        if (!begun) {
            begin(windowBytes, datagramBytes, nowNanos);
        }
        tickNanos = nowNanos;
        double t = Math.max(0, nowNanos - epochNanos) / NANOS;
        // Section 4.3: once it is where the threshold was set, Reno's estimate grows like Reno.
        double alpha = renoBytes >= priorBytes ? 1 : ALPHA;
        renoBytes += alpha * ackedBytes * datagramBytes / windowBytes;
        if (at(t, datagramBytes) < renoBytes) {
            return Math.max(windowBytes, renoBytes);
        }
        double target = at(t + smoothedNanos / NANOS, datagramBytes);
        double reachable = Math.max(windowBytes, Math.min(target, MOST_GROWTH * windowBytes));
        return windowBytes + (reachable - windowBytes) * ackedBytes / windowBytes;
    }

    private void begin(double windowBytes, int datagramBytes, long nowNanos) {
        begun = true;
        epochNanos = nowNanos;
        tickNanos = nowNanos;
        renoBytes = windowBytes;
        if (windowBytes >= maxBytes) {
            // Also after a slow start that ended without congestion, and after a collapse (sections 4.10 and 4.8).
            maxBytes = windowBytes;
            kSeconds = 0;
        } else {
            // StrictMath: the same bits on every machine.
            kSeconds = StrictMath.cbrt((maxBytes - windowBytes) / datagramBytes / C);
        }
    }

    private double at(double seconds, int datagramBytes) {
        double beyondK = seconds - kSeconds;
        return maxBytes + C * beyondK * beyondK * beyondK * datagramBytes;
    }
}
