package io.weir.metrics;

import io.weir.core.stream.StreamStats;
import java.util.function.ToLongFunction;

/** What is counted of each stream, and so of all of a type: what its statistics tell, and rises. */
enum StreamCount {
    ELEMENTS_SENT(StreamStats::txSeq, WeirMeter.STREAM_ELEMENTS, "sent"),
    ELEMENTS_RECEIVED(StreamStats::rxSeq, WeirMeter.STREAM_ELEMENTS, "received"),
    BYTES_SENT(StreamStats::txBytes, WeirMeter.STREAM_BYTES, "sent"),
    BYTES_RECEIVED(StreamStats::rxBytes, WeirMeter.STREAM_BYTES, "received"),
    SENDING(stats -> stats.times().sendingNanos(), WeirMeter.STREAM_TIME, "sending"),
    BLOCKED_BY_CREDIT(stats -> stats.times().blockedByCreditNanos(), WeirMeter.STREAM_TIME, "blocked_by_credit"),
    BLOCKED_BY_LINK(stats -> stats.times().blockedByLinkNanos(), WeirMeter.STREAM_TIME, "blocked_by_link"),
    IDLE(stats -> stats.times().idleNanos(), WeirMeter.STREAM_TIME, "idle"),
    GRANTS_SENT(StreamStats::creditGrantsSent, WeirMeter.STREAM_GRANTS, "sent"),
    GRANTS_RECEIVED(StreamStats::creditGrantsReceived, WeirMeter.STREAM_GRANTS, "received"),
    BACKPRESSURE(StreamStats::backpressureEvents, WeirMeter.STREAM_BACKPRESSURE);

    private static final double NANOS_PER_SECOND = 1e9;

    private final ToLongFunction<StreamStats> count;
    private final WeirMeter meter;
    private final String[] values;

    StreamCount(ToLongFunction<StreamStats> count, WeirMeter meter, String... values) {
        this.count = count;
        this.meter = meter;
        this.values = values;
    }

    long of(StreamStats stats) {
        return count.applyAsLong(stats);
    }

    WeirMeter meter() {
        return meter;
    }

    /** What so much of it is in the meter's unit. */
    double inUnit(long counted) {
        return meter == WeirMeter.STREAM_TIME ? counted / NANOS_PER_SECOND : counted;
    }

    /** The values of the meter's tags, behind those of every stream. */
    String[] values(String type, String reliability) {
        return values.length == 0 ? new String[] {type, reliability} : new String[] {type, reliability, values[0]};
    }
}
