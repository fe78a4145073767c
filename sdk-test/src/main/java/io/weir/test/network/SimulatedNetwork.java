package io.weir.test.network;

import io.weir.Weir;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A network of nodes inside one thread, in virtual time, without sockets. Everything that it does follows from its seed:
 * the same seed and the same calls give the same {@link #trace()}, byte for byte.
 *
 * <pre>{@code
 * try (SimulatedNetwork network = SimulatedNetwork.seeded(42)) {
 *     PeerNodeSpec server = network.node("server").listen(PeerAddress.memory("server"));
 *     ...
 *     network.advance(Duration.ofSeconds(1));
 * }
 * }</pre>
 *
 * <p>Time moves only in {@link #advance} and {@link #advanceUntil}; what needs no time happens at once or in
 * {@link #settle()}. Thread: the one that advances the time; no other may touch the network or anything on it.
 */
public final class SimulatedNetwork implements AutoCloseable {

    /** How finely {@link #advanceUntil} looks. */
    private static final Duration STEP = Duration.ofMillis(1);

    private static final int REPORTED_EVENTS = 40;

    private final long seed;
    private final VirtualTimeScheduler time;
    private final HostScheduler scheduler;
    private final MemoryNetwork links;
    private final Map<String, Identity> identities = new HashMap<>();
    private final Map<String, Faults> faults = new HashMap<>();
    private final Trace trace = new Trace();
    private LinkProfile standard = LinkProfile.PERFECT;

    private SimulatedNetwork(long seed, VirtualTimeScheduler time) {
        this.seed = seed;
        this.time = Objects.requireNonNull(time, "time");
        this.scheduler = new HostScheduler(time);
        this.links = MemoryNetwork.on(scheduler);
    }

    /** A new network with a virtual time of its own. */
    public static SimulatedNetwork seeded(long seed) {
        return new SimulatedNetwork(seed, VirtualTimeScheduler.create());
    }

    /** A new network in that virtual time, which stays the caller's to dispose. */
    public static SimulatedNetwork seeded(long seed, VirtualTimeScheduler time) {
        return new SimulatedNetwork(seed, time);
    }

    public long seed() {
        return seed;
    }

    /** The clock and scheduler of everything here, for a test's own operators. */
    public VirtualTimeScheduler time() {
        return time;
    }

    /** A new transport, of scheme {@code memory}, of the node called {@code host}. */
    public Transport transport(String host) {
        return links.transport(host);
    }

    /** The identity that the node called {@code host} has by this seed. */
    public Identity identity(String host) {
        return identities.computeIfAbsent(host, h -> Identity.generate(bytes(random("identity of " + h))));
    }

    /** A node to be, called {@code host}, with the transport, identity and randomness that follow from this seed. */
    public PeerNodeSpec node(String host) {
        return Weir.node().identity(identity(host)).transport(transport(host));
    }

    /** The same, listening at the {@link #address} of its name. */
    public PeerNodeSpec listener(String host) {
        return node(host).listen(address(host));
    }

    /** {@code memory://} and that name. */
    public PeerAddress address(String host) {
        return PeerAddress.memory(host);
    }

    /** What every direction between any two hosts is like, those that {@link #between} has been asked for excepted. */
    public SimulatedNetwork profile(LinkProfile profile) {
        standard = Objects.requireNonNull(profile, "profile");
        return this;
    }

    /** What goes wrong on the way from one host to another. */
    public Faults between(String from, String to) {
        return faults.computeIfAbsent(from + ">" + to, way -> new Faults(standard));
    }

    /** Lets everything happen that needs no time. */
    public void settle() {
        time.advanceTime();
    }

    public void advance(Duration duration) {
        LinkProfile.requireTime("duration", duration);
        time.advanceTimeBy(duration);
    }

    /**
     * Advances the time until the condition holds, but no further than {@code limit}; it is asked at each millisecond.
     *
     * @return whether it holds
     */
    public boolean advanceUntil(BooleanSupplier condition, Duration limit) {
        settle();
        for (long left = limit.toNanos(); !condition.getAsBoolean(); left -= STEP.toNanos()) {
            if (left <= 0) {
                return false;
            }
            time.advanceTimeBy(Duration.ofNanos(Math.min(left, STEP.toNanos())));
        }
        return true;
    }

    /** Virtual time since the network's beginning, in nanoseconds. */
    public long nowNanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    /** Links with at least one end open. */
    public int links() {
        return links.links();
    }

    /** Timers of nodes and links that are still to fire. */
    public int timers() {
        return scheduler.timers();
    }

    /** What has happened so far. */
    public Trace trace() {
        return trace;
    }

    /** Writes a line of the test's own into the trace. */
    public void note(String line) {
        trace.add(nowNanos(), Objects.requireNonNull(line, "line"));
    }

    /** What a failing test should print: how to run it again, and the last events. */
    public String report() {
        return "seed " + seed + " (-Dweir.seed=" + seed + ") at " + Duration.ofNanos(nowNanos()) + "\n"
                + trace.last(REPORTED_EVENTS);
    }

    /** Ends the virtual time, if it is this network's own. */
    @Override
    public void close() {
        time.dispose();
    }

    /** A generator of its own for each purpose, so that one more draw here changes nothing there. */
    SplittableRandom random(String purpose) {
        return new SplittableRandom(seed * 0x9e3779b97f4a7c15L + purpose.hashCode());
    }

    private static RandomBytes bytes(SplittableRandom random) {
        return random::nextBytes;
    }
}
