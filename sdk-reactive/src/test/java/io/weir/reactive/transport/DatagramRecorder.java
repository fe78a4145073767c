package io.weir.reactive.transport;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hears a socket, notes what it says, and what of it the contract forbids. Read by any thread. */
public final class DatagramRecorder implements DatagramSocket.Receiver {

    /** Datagrams that are kept, at most; all are counted. */
    private static final int MOST_KEPT = 20_000;

    private final DatagramSocket socket;
    private final Queue<Heard> datagrams = new ConcurrentLinkedQueue<>();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile Consumer<Heard> onDatagram = heard -> {};
    private volatile boolean closed;

    /** Where calls of the socket's own methods are under way: on its loop. */
    private boolean inside;

    private boolean somethingCame;

    /** A datagram that has come. */
    public record Heard(byte[] bytes, PathAddress from, Ecn mark) {}

    public DatagramRecorder(DatagramSocket socket) {
        this.socket = socket;
    }

    /** What is done with each datagram, on the loop. */
    public DatagramRecorder onEach(Consumer<Heard> action) {
        onDatagram = action;
        return this;
    }

    /** Calls a method of the socket, on its loop, inside of which nothing may be heard. */
    public void call(Runnable call) {
        inside = true;
        try {
            call.run();
        } finally {
            inside = false;
        }
    }

    public int count() {
        return count.get();
    }

    public List<Heard> datagrams() {
        return List.copyOf(datagrams);
    }

    /** Everything but datagrams, in order. */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** What the contract forbids. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void onDatagram(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        check("datagram");
        somethingCame = true;
        Heard heard = new Heard(Arrays.copyOfRange(array, offset, offset + length), from, mark);
        if (count.get() < MOST_KEPT) {
            datagrams.add(heard);
        }
        count.incrementAndGet();
        onDatagram.accept(heard);
    }

    @Override
    public void onReceived() {
        check("received");
        if (!somethingCame) {
            faults.add("received nothing");
        }
        somethingCame = false;
        if (!"received".equals(lastEvent())) {
            events.add("received");
        }
    }

    @Override
    public void onWritable() {
        check("writable");
        events.add("writable");
    }

    @Override
    public void onRefused(int bytes, PathAddress to) {
        check("refused");
        events.add("refused " + bytes + " to port " + to.port());
    }

    @Override
    public void onClosed(@Nullable Throwable failure) {
        check("closed");
        events.add("closed " + failure);
        closed = true;
    }

    private @Nullable String lastEvent() {
        List<String> all = events();
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    private void check(String what) {
        if (inside) {
            faults.add(what + " inside a call");
        }
        if (closed) {
            faults.add(what + " after the end");
        }
        if (!socket.loop().inLoop()) {
            faults.add(what + " on " + Thread.currentThread());
        }
    }
}
