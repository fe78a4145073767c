package io.weir.metrics;

import io.weir.core.stream.SendTimes;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.PeerStream;

/**
 * How much of one stream is in the totals of its type. What a snapshot of its statistics has beyond that goes there, so that
 * nothing is counted twice, nor lost when the stream ends, however many threads look at once. Any thread.
 */
final class StreamTally {

    /** From then on a half is stalled. */
    static final long STALLED_NANOS = 30_000_000_000L;

    private static final StreamCount[] COUNTS = StreamCount.values();

    private final PeerStream stream;
    private final StreamTotals totals;
    private final Counted counted = new Counted(COUNTS.length);

    // by one thread at a time
    private long otherNanos = -1; // in any state but one
    private long blockedNanos; // by credit, when that was last seen to rise

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
            totals.count(count, counted.more(count.ordinal(), count.of(stats)));
        }
        return stats;
    }

    /** Whether its half has been without credit for so long, and in no other state, that somebody should know. */
    boolean isStalled(StreamStats stats) {
        SendTimes times = stats.times();
        long blocked = times.blockedByCreditNanos();
        long others = times.lifeNanos() - blocked;
        if (others != otherNanos) {
            otherNanos = others;
            blockedNanos = blocked;
        }
        return stats.txOpen() && blocked - blockedNanos >= STALLED_NANOS;
    }
}
