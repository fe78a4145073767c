package io.weir.reactive.transport;

import io.weir.core.datagram.DatagramCounts;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what one port does. Counted on its loop alone, at the cost of a plain write; read on any thread, perhaps a little later. */
public final class DatagramCounter {

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong unanswerable = new AtomicLong();

    /** With nothing done. */
    public DatagramCounter() {}

    /** So many as {@link DatagramCounts#sent}. */
    public void onSent(long datagrams) {
        add(sent, datagrams);
    }

    /** One as {@link DatagramCounts#received}. */
    public void onReceived() {
        add(received, 1);
    }

    /** So many as {@link DatagramCounts#dropped}. */
    public void onDropped(long datagrams) {
        add(dropped, datagrams);
    }

    /** One as {@link DatagramCounts#refused}. */
    public void onRefused() {
        add(refused, 1);
    }

    /** So many as {@link DatagramCounts#failed}. */
    public void onFailed(long datagrams) {
        add(failed, datagrams);
    }

    /** One as {@link DatagramCounts#unanswerable}. */
    public void onUnanswerable() {
        add(unanswerable, 1);
    }

    /** Only one thread writes, so that nothing has to be locked against another. */
    private static void add(AtomicLong count, long more) {
        count.setRelease(count.getPlain() + more);
    }

    /** What has been counted. Any thread. */
    public DatagramCounts counts() {
        return new DatagramCounts(
                sent.get(), received.get(), dropped.get(), refused.get(), failed.get(), unanswerable.get());
    }
}
