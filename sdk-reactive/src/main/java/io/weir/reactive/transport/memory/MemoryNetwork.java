package io.weir.reactive.transport.memory;

import io.weir.reactive.transport.LinkTransport;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * A network inside one process: names at which nodes listen, and links between them that hold at most about two records
 * in each direction. They are perfect, losing nothing and taking no time, unless a {@link MemoryMedium} has them otherwise. What is not in the same {@code MemoryNetwork} object
 * cannot be reached.
 *
 * <p>All links run on one scheduler, each end on a loop of its own. On a private {@code VirtualTimeScheduler.create()}
 * the network is deterministic: everything happens in the thread that advances the time, and that thread alone may touch
 * the network, because such a scheduler is not thread safe. On every other scheduler it is thread safe.
 *
 * <p>Two faults can be caused: {@link #reset} and {@link #silence}.
 */
public final class MemoryNetwork {

    private final MemoryMedium medium;
    private final Map<String, MemoryListener> listeners = new ConcurrentHashMap<>();
    private final Set<MemoryWire> wires = ConcurrentHashMap.newKeySet();
    private final AtomicLong dials = new AtomicLong();
    private final AtomicLong wireNumbers = new AtomicLong();

    private MemoryNetwork(MemoryMedium medium) {
        this.medium = medium;
    }

    /** A new, empty network whose links run on that scheduler, which stays the caller's to dispose. */
    public static MemoryNetwork on(Scheduler scheduler) {
        return new MemoryNetwork(new PerfectMedium(Objects.requireNonNull(scheduler, "scheduler")));
    }

    /** A new, empty network of which the links are as that medium has them. */
    public static MemoryNetwork over(MemoryMedium medium) {
        return new MemoryNetwork(Objects.requireNonNull(medium, "medium"));
    }

    /** A new transport of scheme {@code memory} on this network. Disposing it ends only its own listeners and links. */
    public LinkTransport transport() {
        return new MemoryTransport(this, null);
    }

    /** The same for a host of that name: all its dials come from one source address, {@code memory://} and this name. */
    public LinkTransport transport(String source) {
        return new MemoryTransport(this, Objects.requireNonNull(source, "source"));
    }

    /** Breaks every link that was dialled to that name, as a connection reset does: what is under way is lost. */
    public void reset(String name) {
        forEachWireOf(name, MemoryWire::reset);
    }

    /**
     * Lets the peers on every link that was dialled to that name vanish without a word: from now on nothing sent at
     * either end arrives, nor is the end of the link noticed at the other side. New links are not affected.
     */
    public void silence(String name) {
        forEachWireOf(name, MemoryWire::silence);
    }

    /** Links with at least one end open. */
    public int links() {
        return wires.size();
    }

    MemoryMedium medium() {
        return medium;
    }

    boolean bind(String name, MemoryListener listener) {
        return listeners.putIfAbsent(name, listener) == null;
    }

    void unbind(String name, MemoryListener listener) {
        listeners.remove(name, listener);
    }

    @Nullable
    MemoryListener listener(String name) {
        return listeners.get(name);
    }

    /** A source address for one dial. */
    String nextSource() {
        return "dial-" + dials.incrementAndGet();
    }

    /** A new wire from a host to whoever listens at a name. */
    MemoryWire wire(String from, String name) {
        MemoryListener listener = listeners.get(name);
        String to = listener != null ? listener.host() : name;
        MemoryWire wire = new MemoryWire(this, wireNumbers.incrementAndGet(), name, from, to);
        wires.add(wire);
        return wire;
    }

    void remove(MemoryWire wire) {
        wires.remove(wire);
    }

    private void forEachWireOf(String name, Consumer<MemoryWire> action) {
        Objects.requireNonNull(name, "name");
        for (MemoryWire wire : wires) {
            if (wire.name().equals(name)) {
                action.accept(wire);
            }
        }
    }
}
