package io.weir.metrics;

import io.weir.core.stream.StreamStats;
import io.weir.reactive.PeerStream;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much of one stream is in the totals of its type. What a snapshot of its statistics has beyond that goes there, so that
 * nothing is counted twice, nor lost when the stream ends, however many threads look at once. Any thread.
 */
final class StreamTally {

    private static final StreamCount[] COUNTS = StreamCount.values();

    private final PeerStream stream;
    private final StreamTotals totals;
    private final AtomicLongArray counted = new AtomicLongArray(COUNTS.length);

    StreamTally(PeerStream stream, StreamTotals totals) {
        this.stream = stream;
        this.totals = totals;
    }

    StreamTotals totals() {
        return totals;
    }

    StreamStats settle() {
        StreamStats stats = stream.stats();
        for (StreamCount count : COUNTS) {
            long now = count.of(stats);
            long before = counted.getAndAccumulate(count.ordinal(), now, Math::max);
            if (now > before) {
                totals.count(count, now - before);
            }
        }
        return stats;
    }
}
