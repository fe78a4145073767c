package io.weir.reactive.session;

import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.Establisher;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * How long a session that has said END waits for the peer to close the connection, which shows that END has come: long enough to say it again
 * a few times on a path that loses it, and longer while what goes before it is still leaving. Loop-confined, and without a clock.
 *
 * <pre>
 *   begin() --&gt; something waits, and some of it is taken now and then --onFlushed()--&gt; the path's time runs --&gt; over
 *                        |                                                               ^
 *                        +-- nothing of it is taken for the path's time -----------------+
 * </pre>
 */
final class Linger {

    /** Who loses one copy in three, each way, hears END in this time all the same, as a rule: it is said five times. */
    static final int ROUND_TRIPS = 16;

    /** The end of it, whatever the path is like. */
    static final long MOST_NANOS = 10_000_000_000L;

    private final LongSupplier roundTripNanos;
    private final LongUnaryOperator stalledNanos;
    private long latestNanos;
    private long flushedNanos;
    private boolean flushed;

    Linger(Carrier carrier) {
        this(carrier::roundTripNanos, carrier::stalledNanos);
    }

    /**
     * @param roundTripNanos as {@link Carrier#roundTripNanos}
     * @param stalledNanos as {@link Carrier#stalledNanos}
     */
    Linger(LongSupplier roundTripNanos, LongUnaryOperator stalledNanos) {
        this.roundTripNanos = roundTripNanos;
        this.stalledNanos = stalledNanos;
    }

    /** END was queued. When to ask {@link #untilNanos} first, in ns. */
    long begin(long nowNanos) {
        latestNanos = nowNanos + MOST_NANOS;
        return nowNanos + pathNanos();
    }

    /** END has left, as far as this side knows. */
    void onFlushed(long nowNanos) {
        if (!flushed) {
            flushed = true;
            flushedNanos = nowNanos;
        }
    }

    /** When to ask again, in ns; now or before if it is over. */
    long untilNanos(long nowNanos) {
        long pathNanos = pathNanos();
        long until = nowNanos;
        if (flushed) {
            until = flushedNanos + pathNanos;
        } else if (isTaken(stalledNanos.applyAsLong(nowNanos), pathNanos)) {
            until = nowNanos + pathNanos;
        }
        return Math.min(until, latestNanos);
    }

    /** Where nobody measures it, or nothing waits, nothing shows that somebody takes it. */
    private static boolean isTaken(long stalledNanos, long pathNanos) {
        return stalledNanos > 0 && stalledNanos < pathNanos;
    }

    private long pathNanos() {
        return Math.min(MOST_NANOS, Math.max(Establisher.LINGER_NANOS, ROUND_TRIPS * roundTripNanos.getAsLong()));
    }
}
