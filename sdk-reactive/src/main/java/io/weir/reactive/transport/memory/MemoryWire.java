package io.weir.reactive.transport.memory;

import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.memory.MemoryMedium.Carrier;
import io.weir.reactive.transport.memory.MemoryMedium.Signal;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/** What joins the two ends of a link: carries tasks from one loop to the other, in order, until it is silenced. */
final class MemoryWire {

    private static final int DIALLED = 1;
    private static final int ACCEPTED = 2;

    /** The accepting end is closed, so that nobody can join it any more. */
    private static final int ACCEPTED_CLOSED = 4;

    private static final int OPEN = DIALLED | ACCEPTED;

    private final MemoryNetwork network;
    private final long number;
    private final String name;
    private final MemoryLink dialled;
    private final MemoryLink accepted;
    private final MemoryMedium.Path path;
    private final AtomicInteger openEnds = new AtomicInteger(DIALLED);

    private volatile boolean silent;

    /**
     * @param name that is dialled
     * @param from host that dials
     * @param to host that listens at the name
     */
    MemoryWire(MemoryNetwork network, long number, String name, String from, String to) {
        MemoryMedium medium = network.medium();
        this.network = network;
        this.number = number;
        this.name = name;
        MemoryAddress here = new MemoryAddress(name);
        MemoryAddress there = new MemoryAddress(medium.address(from));
        this.dialled = new MemoryLink(SessionLoop.on(medium.scheduler(from)), this, there, here);
        this.accepted = new MemoryLink(SessionLoop.on(medium.scheduler(to)), this, here, there);
        this.path = medium.path(end(dialled, from), end(accepted, to));
    }

    /** The name that was dialled. */
    String name() {
        return name;
    }

    MemoryLink dialled() {
        return dialled;
    }

    MemoryLink accepted() {
        return accepted;
    }

    MemoryLink opposite(MemoryLink end) {
        return end == dialled ? accepted : dialled;
    }

    /** Sends a signal that is handled at that end, as a task of its loop: never inside the call. */
    void carry(MemoryLink to, Signal signal, Runnable arrival) {
        if (!silent) {
            carrierTo(to).carry(signal, () -> arrive(to, arrival));
        }
    }

    /** The same for bytes, whose arrival may be reported in pieces. */
    void carry(MemoryLink to, byte[] bytes, Consumer<byte[]> arrival) {
        if (!silent) {
            carrierTo(to).carry(bytes, piece -> arrive(to, () -> arrival.accept(piece)));
        }
    }

    /** Silenced first: neither end may hear of the other's end before its own reset. */
    void reset() {
        silent = true;
        post(dialled, dialled::onReset);
        post(accepted, accepted::onReset);
    }

    void silence() {
        silent = true;
    }

    /** From now on the accepting end counts as open too, unless it was closed before. */
    void joined() {
        openEnds.updateAndGet(ends -> (ends & ACCEPTED_CLOSED) == 0 ? ends | ACCEPTED : ends);
    }

    void endClosed(MemoryLink end) {
        IntUnaryOperator closing =
                end == dialled ? ends -> ends & ~DIALLED : ends -> ends & ~ACCEPTED | ACCEPTED_CLOSED;
        int before = openEnds.getAndUpdate(closing);
        if ((before & OPEN) != 0 && (closing.applyAsInt(before) & OPEN) == 0) {
            forget();
        }
    }

    /** Takes it out of the network, with what is under way. */
    void forget() {
        network.remove(this);
        path.closed();
    }

    /** Constant from run to run, so that a network's wires are met in the same order each time. */
    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    private Carrier carrierTo(MemoryLink end) {
        return end == accepted ? path.there() : path.back();
    }

    private void arrive(MemoryLink at, Runnable arrival) {
        if (!silent) {
            post(at, arrival);
        }
    }

    private static MemoryMedium.End end(MemoryLink link, String host) {
        return new MemoryMedium.End() {
            @Override
            public String host() {
                return host;
            }

            @Override
            public void reset(String cause) {
                post(link, () -> link.onReset(cause));
            }

            @Override
            public void endInput() {
                post(link, link::onPeerEnded);
            }
        };
    }

    private static void post(MemoryLink to, Runnable task) {
        try {
            to.loop().execute(task);
        } catch (RejectedExecutionException e) {
            // The scheduler has been disposed, and with it the whole network.
        }
    }
}
