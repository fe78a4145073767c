package io.weir.core.datagram;

import io.weir.core.error.Legal;
import io.weir.core.path.PathAddress;
import java.util.Arrays;

/**
 * How many questions each network may ask: a burst, and then so many a second. A network is an IPv4 address, or the first 64 bits
 * of an IPv6 one, since whoever has one such address has them all.
 *
 * <p>The table has a fixed size, whoever asks: networks share a bucket where a secret seed puts them into the same, so that nobody
 * can choose an address to empty another's. Each is one time, of the virtual scheduling algorithm ({@link
 * io.weir.core.schedule.TokenBucket}), so that nothing is made for a question. Loop-confined.
 */
public final class QuestionBuckets {

    /** Buckets of one table. */
    static final int BUCKETS = 8_192;

    private static final int IPV4_LENGTH = 4;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int MOST_PER_SECOND = 100_000_000;

    private final long seed;
    private final long intervalNanos;
    private final long burstNanos;
    private final long[] emptyAtNanos = new long[BUCKETS];

    /**
     * With every bucket full.
     *
     * @param perSecond what each network may ask, and the tenth of it at once; 10 to 100,000,000
     */
    public QuestionBuckets(int perSecond, long seed, long nowNanos) {
        Legal.range("perSecond", perSecond, 10, MOST_PER_SECOND);
        this.seed = seed;
        intervalNanos = SECOND_NANOS / perSecond;
        burstNanos = (perSecond / 10 - 1) * intervalNanos;
        Arrays.fill(emptyAtNanos, nowNanos);
    }

    /** One more from there; whether it may be asked. */
    public boolean take(PathAddress from, long nowNanos) {
        int bucket = bucket(from);
        long emptyAt = emptyAtNanos[bucket];
        long busyUntil = emptyAt - nowNanos > 0 ? emptyAt : nowNanos;
        if (busyUntil - nowNanos > burstNanos) {
            return false;
        }
        emptyAtNanos[bucket] = busyUntil + intervalNanos;
        return true;
    }

    /** The finalizer of MurmurHash3, over network and seed. */
    private int bucket(PathAddress from) {
        long network = from.ip().length() == IPV4_LENGTH
                ? from.ip().firstInt()
                : from.ip().firstLong();
        long mixed = network ^ seed;
        mixed = (mixed ^ mixed >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
        mixed = (mixed ^ mixed >>> 33 ^ seed) * 0xC4CE_B9FE_1A85_EC53L;
        return (int) (mixed ^ mixed >>> 33) & BUCKETS - 1;
    }
}
