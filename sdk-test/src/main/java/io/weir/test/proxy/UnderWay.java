package io.weir.test.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.LinkedHashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams that have not arrived yet, of both directions and all clients, by the moment at which they do: at most
 * {@link #MOST_DATAGRAMS} and {@link #MOST_BYTES}. One timer is for all of them; it fires no more often than each
 * {@link #TICK_NANOS}, by which a datagram is late at most while the machine keeps up. On the proxy's event loop.
 */
final class UnderWay {

    static final int MOST_DATAGRAMS = 20_000;
    static final int MOST_BYTES = 64 << 20;

    private static final long TICK_NANOS = 100_000;

    private final EventLoop loop;
    private final Queue<Datagram> datagrams = new PriorityQueue<>();
    private final Set<DatagramExit> leaving = new LinkedHashSet<>();
    private long number;
    private int bytes;
    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos;
    private boolean closed;

    private record Datagram(long atNanos, long number, ByteBuf bytes, DatagramExit exit)
            implements Comparable<Datagram> {

        @Override
        public int compareTo(Datagram other) {
            long later = atNanos - other.atNanos;
            return later == 0 ? Long.compare(number, other.number) : Long.signum(later);
        }
    }

    UnderWay(EventLoop loop) {
        this.loop = loop;
    }

    /** Takes the buffer over, and lets go of it if it has no room. Those of one moment arrive as they were added. */
    void add(ByteBuf datagram, long atNanos, DatagramExit exit) {
        int length = datagram.readableBytes();
        if (closed || datagrams.size() == MOST_DATAGRAMS || bytes + length > MOST_BYTES) {
            datagram.release();
            exit.tally().overflowed();
            return;
        }
        bytes += length;
        exit.tally().onWay();
        datagrams.add(new Datagram(atNanos, number++, datagram, exit));
    }

    /** Lets leave what has arrived, and sees to the rest. After {@link #add}. */
    void deliver() {
        long now = System.nanoTime();
        for (Datagram next = datagrams.peek(); next != null && next.atNanos - now <= 0; next = datagrams.peek()) {
            datagrams.remove();
            bytes -= next.bytes.readableBytes();
            next.exit.add(next.bytes);
            leaving.add(next.exit);
        }
        leaving.forEach(DatagramExit::flush);
        leaving.clear();
        Datagram first = datagrams.peek();
        if (first != null && (timer == null || first.atNanos - timerNanos < 0)) {
            arm(Math.max(TICK_NANOS, first.atNanos - now));
        }
    }

    /** Lets go of everything, for good. */
    void close() {
        closed = true;
        if (timer != null) {
            timer.cancel(false);
        }
        datagrams.forEach(datagram -> {
            datagram.bytes.release();
            datagram.exit.tally().arrived(1, false);
        });
        datagrams.clear();
        bytes = 0;
    }

    private void arm(long delayNanos) {
        if (timer != null) {
            timer.cancel(false);
        }
        timerNanos = System.nanoTime() + delayNanos;
        timer = loop.schedule(
                () -> {
                    timer = null;
                    deliver();
                },
                delayNanos,
                TimeUnit.NANOSECONDS);
    }
}
