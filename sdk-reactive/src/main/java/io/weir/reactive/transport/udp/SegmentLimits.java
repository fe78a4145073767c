package io.weir.reactive.transport.udp;

import io.weir.core.path.PathAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where the system has refused to cut datagrams apart, and of which size: a segment that does not fit the interface is refused
 * with the whole batch, even where a single datagram of that size would be fragmented, and an interface without checksum
 * offload refuses every batch. Nothing is asked beforehand: the first refusal tells.
 *
 * <p>Of at most {@link #MOST} addresses, the latest refusals; a refusal is forgotten after {@link #KEPT_NANOS}, for routes
 * change, and one that has been forgotten costs one refused batch, which goes out as single datagrams. Loop-confined.
 */
final class SegmentLimits {

    static final int MOST = 256;
    static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LongSupplier nanoTime;
    private final Map<PathAddress, Limit> limits = new LinkedHashMap<>();

    private record Limit(int refusedBytes, long untilNanos) {}

    SegmentLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether batches of such segments may be tried. */
    boolean allow(PathAddress to, int segmentBytes) {
        if (limits.isEmpty()) {
            return true;
        }
        Limit limit = limits.get(to);
        if (limit == null || segmentBytes < limit.refusedBytes) {
            return true;
        }
        if (limit.untilNanos - nanoTime.getAsLong() > 0) {
            return false;
        }
        limits.remove(to);
        return true;
    }

    /** A batch of segments of this size, or larger, was refused. */
    void refused(PathAddress to, int segmentBytes) {
        Limit before = limits.remove(to);
        if (before == null && limits.size() == MOST) {
            limits.remove(limits.keySet().iterator().next());
        }
        int least = before == null ? segmentBytes : Math.min(before.refusedBytes, segmentBytes);
        limits.put(to, new Limit(least, nanoTime.getAsLong() + KEPT_NANOS));
    }

    /** For tests. */
    int size() {
        return limits.size();
    }
}
