package io.weir.reactive.transport.memory;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** What joins the two ends of a link: carries tasks from one loop to the other, in order, until it is silenced. */
final class MemoryWire {

    private final MemoryNetwork network;
    private final String name;
    private final MemoryLink dialled;
    private final MemoryLink accepted;
    private final AtomicInteger openEnds = new AtomicInteger(2);

    private volatile boolean silent;

    MemoryWire(MemoryNetwork network, String name, String source) {
        this.network = network;
        this.name = name;
        MemoryAddress here = new MemoryAddress(name);
        MemoryAddress there = new MemoryAddress(source);
        this.dialled = new MemoryLink(SessionLoop.on(network.scheduler()), this, there, here);
        this.accepted = new MemoryLink(SessionLoop.on(network.scheduler()), this, here, there);
        network.add(this);
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

    /** Queues what arrives at the other end. Never runs it inside the call. */
    void carry(MemoryLink to, Runnable arrival) {
        if (!silent) {
            post(to, arrival);
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

    void endClosed() {
        if (openEnds.decrementAndGet() == 0) {
            network.remove(this);
        }
    }

    private static void post(MemoryLink to, Runnable task) {
        try {
            to.loop().execute(task);
        } catch (RejectedExecutionException e) {
            // The scheduler has been disposed, and with it the whole network.
        }
    }
}
