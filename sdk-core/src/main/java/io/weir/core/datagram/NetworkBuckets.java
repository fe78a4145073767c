package io.weir.core.datagram;

import io.weir.core.path.PathAddress;
import io.weir.core.schedule.RateMeter;
import java.util.Arrays;

/**
 * How much each network may ask for: a burst, and then so much a second. A network is an IPv4 address, or the first 64 bits
 * of an IPv6 one, since whoever has one such address has them all.
 *
 * <p>The table has a fixed size, whoever asks: networks share a bucket where a secret seed puts them into the same, so that nobody
 * can choose an address to empty another's. Each is one time of a {@link RateMeter}, so that nothing is made for a question.
 * Loop-confined, but for {@link #bucket}.
 */
public final class NetworkBuckets {

    /** Buckets of one table. */
    public static final int BUCKETS = 8_192;

    private static final int IPV4_LENGTH = 4;

    private final RateMeter meter;
    private final long seed;
    private final long[] emptyAtNanos = new long[BUCKETS];

    /** With every bucket full. */
    public NetworkBuckets(RateMeter meter, long seed, long nowNanos) {
        this.meter = meter;
        this.seed = seed;
        Arrays.fill(emptyAtNanos, nowNanos);
    }

    /** One more from there; whether it may be asked. */
    public boolean take(PathAddress from, long nowNanos) {
        int bucket = bucket(from);
        boolean allowed = meter.allows(emptyAtNanos[bucket], nowNanos);
        if (allowed) {
            emptyAtNanos[bucket] = meter.afterOne(emptyAtNanos[bucket], nowNanos);
        }
        return allowed;
    }

    /** Whether one more from there may be asked, which is not counted. */
    public boolean hasOne(PathAddress from, long nowNanos) {
        return meter.allows(emptyAtNanos[bucket(from)], nowNanos);
    }

    private int bucket(PathAddress from) {
        return bucket(
                from.ip().length() == IPV4_LENGTH
                        ? from.ip().firstInt()
                        : from.ip().firstLong(),
                seed);
    }

    /** Where a network is in a table of {@link #BUCKETS}: the finalizer of MurmurHash3, over network and seed. */
    public static int bucket(long network, long seed) {
        long mixed = network ^ seed;
        mixed = (mixed ^ mixed >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
        mixed = (mixed ^ mixed >>> 33 ^ seed) * 0xC4CE_B9FE_1A85_EC53L;
        return (int) (mixed ^ mixed >>> 33) & BUCKETS - 1;
    }
}
