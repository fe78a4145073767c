package io.weir.reactive.session.port;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.session.loop.LoopCalls;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Datagrams on their way from the ports that they came to to the one that they are for. At most {@value #MOST} wait; its loop takes up to
 * {@value #MOST_IN_TURN} of them in a turn, as those of its own socket. Any thread.
 */
final class HandedOver {

    static final int MOST = 1_024;

    private static final int MOST_IN_TURN = 256;

    private final Port port;
    private final Queue<Datagram> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable turn = this::turn;

    private record Datagram(byte[] bytes, PathAddress from, Ecn mark) {}

    HandedOver(Port port) {
        this.port = port;
    }

    /** Copies one; false if too many wait. */
    boolean add(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            return false;
        }
        queue.add(new Datagram(Arrays.copyOfRange(array, offset, offset + length), from, mark));
        schedule();
        return true;
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            LoopCalls.execute(port.loop(), turn);
        }
    }

    private void turn() {
        scheduled.set(false);
        int taken = 0;
        for (Datagram next = queue.poll(); next != null; next = taken < MOST_IN_TURN ? queue.poll() : null) {
            waiting.decrementAndGet();
            taken++;
            if (!port.isClosed()) {
                port.onDatagram(next.bytes, 0, next.bytes.length, next.from, next.mark);
            }
        }
        if (taken > 0 && !port.isClosed()) {
            port.onReceived();
        }
        if (!queue.isEmpty()) {
            schedule();
        }
    }
}
