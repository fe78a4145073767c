package io.weir.metrics;

import io.weir.core.datagram.DatagramCounts;
import java.util.function.ToLongFunction;

/** What is counted at the ports of nodes beside the reasons of {@link io.weir.core.datagram.Drop}. */
enum DatagramCount {
    SENT(DatagramCounts::sent, WeirMeter.DATAGRAMS, "sent"),
    RECEIVED(DatagramCounts::received, WeirMeter.DATAGRAMS, "received"),
    NO_ROOM(DatagramCounts::dropped, WeirMeter.DATAGRAMS_UNSENT, "no_room"),
    TOO_LARGE(DatagramCounts::refused, WeirMeter.DATAGRAMS_UNSENT, "too_large"),
    FAILED(DatagramCounts::failed, WeirMeter.DATAGRAMS_UNSENT, "failed"),
    UNANSWERABLE(DatagramCounts::unanswerable, WeirMeter.DATAGRAMS_DROPPED, "unanswerable");

    private final ToLongFunction<DatagramCounts> count;
    private final WeirMeter meter;
    private final String tag;

    DatagramCount(ToLongFunction<DatagramCounts> count, WeirMeter meter, String tag) {
        this.count = count;
        this.meter = meter;
        this.tag = tag;
    }

    long of(DatagramCounts counts) {
        return count.applyAsLong(counts);
    }

    WeirMeter meter() {
        return meter;
    }

    /** The value of the meter's only tag. */
    String tag() {
        return tag;
    }
}
