package io.weir.metrics;

import io.weir.core.stream.StreamStats;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * All streams of one type and reliability, those that are over included. Counts on any thread; {@link #begin}, {@link #add} and
 * {@link #publish} by one at a time.
 */
final class StreamTotals {

    private static final StreamCount[] COUNTS = StreamCount.values();

    private final Registered registered;
    private final String type;
    private final String reliability;
    private final LongAdder[] counted = new LongAdder[COUNTS.length];
    private final LongAdder opened = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final Map<String, LongAdder> endedByOutcome = new ConcurrentHashMap<>();

    // of those that live, being summed up
    private long halvesSum;
    private long windowSum;
    private long pendingSum;
    private long stalledSum;

    private volatile long halves;
    private volatile long windowBytes;
    private volatile long pending;
    private volatile long stalled;

    /** To be registered. */
    StreamTotals(Registered registered, String type, String reliability) {
        this.registered = registered;
        this.type = type;
        this.reliability = reliability;
        for (StreamCount count : COUNTS) {
            counted[count.ordinal()] = new LongAdder();
        }
    }

    void register(Runnable refresh) {
        for (StreamCount count : COUNTS) {
            registered.counter(
                    count.meter(), this, totals -> totals.fresh(refresh, count), count.values(type, reliability));
        }
        registered.counter(WeirMeter.STREAMS_OPENED, this, totals -> totals.opened.sum(), type, reliability);
        ended(Outcomes.SUCCESS); // whose rate is 0 until the first
        registered.gauge(WeirMeter.STREAMS, () -> opened.sum() - ended.sum(), type, reliability);
        registered.gauge(WeirMeter.STREAM_HALVES, () -> fresh(refresh).halves, type, reliability);
        registered.gauge(WeirMeter.STREAM_WINDOW, () -> fresh(refresh).windowBytes, type, reliability);
        registered.gauge(WeirMeter.STREAM_STALLED, () -> fresh(refresh).stalled, type, reliability);
        registered.gauge(WeirMeter.STREAM_PENDING, () -> fresh(refresh).pending, type, reliability);
    }

    private StreamTotals fresh(Runnable refresh) {
        refresh.run();
        return this;
    }

    private double fresh(Runnable refresh, StreamCount count) {
        refresh.run();
        return count.inUnit(counted[count.ordinal()].sum());
    }

    void onOpened() {
        opened.increment();
    }

    void onEnded(String outcome) {
        ended.increment();
        ended(outcome).increment();
    }

    private LongAdder ended(String outcome) {
        return endedByOutcome.computeIfAbsent(outcome, absent -> {
            LongAdder made = new LongAdder();
            registered.counter(WeirMeter.STREAMS_ENDED, made, LongAdder::sum, type, reliability, outcome);
            return made;
        });
    }

    /** @param more 0: nothing happens */
    void count(StreamCount count, long more) {
        if (more > 0) {
            counted[count.ordinal()].add(more);
        }
    }

    // ---- what is now

    void begin() {
        halvesSum = 0;
        windowSum = 0;
        pendingSum = 0;
        stalledSum = 0;
    }

    void add(StreamStats stats, boolean isStalled) {
        if (isStalled) {
            stalledSum++;
        }
        if (stats.txOpen()) {
            halvesSum++;
            windowSum += stats.txWindow();
        }
        pendingSum += stats.inboundPending();
    }

    void publish() {
        halves = halvesSum;
        windowBytes = windowSum;
        pending = pendingSum;
        stalled = stalledSum;
    }
}
