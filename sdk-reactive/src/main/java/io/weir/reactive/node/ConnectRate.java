package io.weir.reactive.node;

import io.weir.core.datagram.NetworkBuckets;
import io.weir.core.schedule.RateMeter;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each source may connect, as {@link Sources} tells them apart: a burst, and then so often a second. As {@link
 * NetworkBuckets}, a table of a fixed size, whose buckets threads share by compare-and-set. Thread safe.
 */
final class ConnectRate {

    private final RateMeter meter;
    private final long seed;
    private final AtomicLongArray emptyAtNanos = new AtomicLongArray(NetworkBuckets.BUCKETS);

    /** With every bucket full. Times are by a clock that all loops share. */
    ConnectRate(int perSecond, long seed, long nowNanos) {
        meter = RateMeter.of(perSecond, perSecond);
        this.seed = seed;
        for (int i = 0; i < NetworkBuckets.BUCKETS; i++) {
            emptyAtNanos.set(i, nowNanos);
        }
    }

    /** One more from there; false if it comes too soon, and it is not counted. */
    boolean take(SocketAddress from, long nowNanos) {
        int bucket = NetworkBuckets.bucket(Sources.number(from), seed);
        long before;
        do {
            before = emptyAtNanos.get(bucket);
            if (!meter.allows(before, nowNanos)) {
                return false;
            }
        } while (!emptyAtNanos.compareAndSet(bucket, before, meter.afterOne(before, nowNanos)));
        return true;
    }
}
