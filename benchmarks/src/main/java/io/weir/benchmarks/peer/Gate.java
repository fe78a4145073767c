package io.weir.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a client may ask for more. While it is closed, every subscriber and every request in flight parks what it
 * would ask next, so that a peer runs dry by its own backpressure, whatever it is, and keeps its connection and what it
 * has learnt about it.
 *
 * <p>Any thread. What was parked runs in the thread that opens the gate, in the order in which it was parked.
 */
public final class Gate {
    private final List<Runnable> parked = new ArrayList<>();
    private volatile boolean open;

    private Gate(boolean open) {
        this.open = open;
    }

    /** A gate that lets everything pass until it is closed. */
    public static Gate opened() {
        return new Gate(true);
    }

    /** A gate that lets nothing pass until it is opened. */
    public static Gate closed() {
        return new Gate(false);
    }

    /** Whether there is nothing to wait for: a subscriber asks here first, which costs one read of a field. */
    public boolean isOpen() {
        return open;
    }

    /** Runs this at once if the gate is open, otherwise when it opens. */
    public void whenOpen(Runnable ask) {
        synchronized (parked) {
            if (!open) {
                parked.add(ask);
                return;
            }
        }
        ask.run();
    }

    /** Lets nothing pass from now on. What a subscriber has asked for before still arrives. */
    public void close() {
        synchronized (parked) {
            open = false;
        }
    }

    /** Lets everything pass from now on, and runs what was parked. */
    public void open() {
        List<Runnable> next;
        synchronized (parked) {
            open = true;
            next = List.copyOf(parked);
            parked.clear();
        }
        next.forEach(Runnable::run);
    }
}
