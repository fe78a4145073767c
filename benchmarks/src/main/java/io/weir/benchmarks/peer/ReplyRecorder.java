package io.weir.benchmarks.peer;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/** Counts replies and records how long each took. One thread records; another may read meanwhile. */
public final class ReplyRecorder {
    /** Latencies are kept to three significant digits. */
    public static final int DIGITS = 3;

    private final ElementCounter counter;
    private final SingleWriterRecorder latencies = new SingleWriterRecorder(DIGITS);
    private @Nullable Histogram interval;

    /** A recorder of replies that are all {@code payloadBytes} long. */
    public ReplyRecorder(int payloadBytes) {
        counter = new ElementCounter(payloadBytes);
    }

    /**
     * Records a reply that has just arrived, by its length, its first and last byte and the slots of the request and of
     * the reply.
     *
     * @param startedNanos {@link System#nanoTime()} before the request was handed over
     * @return {@link System#nanoTime()} now, when the slot's next request begins
     */
    public long record(long startedNanos, int slot, int length, byte first, int replySlot, byte last) {
        long nowNanos = System.nanoTime();
        latencies.recordValue(nowNanos - startedNanos);
        counter.count(length, first, last, slot == replySlot);
        return nowNanos;
    }

    /** Replies, bytes, and replies that were not their request's. */
    public ElementCounter counter() {
        return counter;
    }

    /** Adds the latencies, in ns, recorded since the last call. One reader only. */
    public void drainTo(Histogram total) {
        interval = latencies.getIntervalHistogram(interval);
        total.add(interval);
    }
}
