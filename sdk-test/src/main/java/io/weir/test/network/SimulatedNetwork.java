package io.weir.test.network;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.node.NodeSpec;
import io.weir.reactive.transport.DatagramTransport;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.memory.MemoryMedium;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A network of nodes inside one thread, in virtual time, without sockets. Everything that it does follows from its seed:
 * the same seed and the same calls give the same {@link #trace()}, byte for byte.
 *
 * <pre>{@code
 * try (SimulatedNetwork network = SimulatedNetwork.seeded(42).profile(LinkProfile.WIFI)) {
 *     network.listener("server").onStream(...).start().subscribe(...);
 *     network.node("client").start().flatMap(node -> node.connect(network.address("server"))).subscribe(...);
 *     network.advance(Duration.ofSeconds(1));
 *     network.partition(Set.of("client"), Set.of("server"));
 *     ...
 * }
 * }</pre>
 *
 * <p>A host is a machine, and bears the name of the one node on it. {@link Faults} are for each direction between two
 * hosts; at first all links are perfect.
 *
 * <p>Time moves only in {@link #advance} and {@link #advanceUntil}; what needs no time happens at once or in
 * {@link #settle()}. Thread: the one that advances the time; no other may touch the network or anything on it.
 */
public final class SimulatedNetwork implements AutoCloseable {

    /** Where nodes listen for datagrams, unless they are told otherwise. */
    public static final int PORT = 7_400;

    /** How finely {@link #advanceUntil} looks. */
    private static final Duration STEP = Duration.ofMillis(1);

    private static final int REPORTED_EVENTS = 40;

    private final long seed;
    private final VirtualTimeScheduler time;
    private final boolean ownsTime;
    private final MemoryNetwork links = MemoryNetwork.over(new SimulatedMedium(this));
    private final DatagramNetwork datagrams = new DatagramNetwork(this);
    private final HostAddresses addresses = new HostAddresses();
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final SeededRandomness randomness;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Set<StreamPath> paths = new LinkedHashSet<>();
    private final Trace trace = new Trace();
    private LinkProfile standard = LinkProfile.PERFECT;
    private long pathNumbers;
    private boolean overDatagrams;
    private String playing = "";

    private SimulatedNetwork(long seed, VirtualTimeScheduler time, boolean ownsTime) {
        this.seed = seed;
        randomness = new SeededRandomness(seed);
        this.time = Objects.requireNonNull(time, "time");
        this.ownsTime = ownsTime;
    }

    /** A new network with a virtual time of its own. */
    public static SimulatedNetwork seeded(long seed) {
        return new SimulatedNetwork(seed, VirtualTimeScheduler.create(), true);
    }

    /** A new network in that virtual time, which stays the caller's to dispose. */
    public static SimulatedNetwork seeded(long seed, VirtualTimeScheduler time) {
        return new SimulatedNetwork(seed, time, false);
    }

    /** Where chance decides: the same seed gives the same run. */
    public long seed() {
        return seed;
    }

    /** The clock and scheduler of everything here, for a test's own operators. */
    public VirtualTimeScheduler time() {
        return time;
    }

    // ---- nodes

    /** A new transport, of scheme {@code memory}, of that host. */
    public LinkTransport transport(String host) {
        return links.transport(host(Host.requireName(host)).name());
    }

    /** The identity that the node called {@code host} has by this seed. */
    public Identity identity(String host) {
        return randomness.identity(host);
    }

    /**
     * A node to be, on a host of its name, whose transport, scheduler, identity and randomness are this network's. A node
     * made from any other spec works here too, but its keys differ from run to run.
     */
    public PeerNodeSpec node(String host) {
        return NodeSpec.defaults()
                .predictable(randomness("randomness of " + host))
                .identity(identity(host))
                .transport(overDatagrams ? datagramTransport(host) : transport(host))
                .scheduler(host(host).scheduler());
    }

    /** The same, listening at the {@link #address} of its name. */
    public PeerNodeSpec listener(String host) {
        return node(host).listen(address(host));
    }

    /** Random bytes by this seed: for each purpose one sequence, which goes on where the last caller stopped. */
    public RandomBytes randomness(String purpose) {
        return randomness.bytes(purpose);
    }

    /** {@code memory://} and that name; {@link #overDatagrams} {@code udp://}, that name and {@link #PORT}. */
    public PeerAddress address(String host) {
        return overDatagrams ? PeerAddress.udp(host, PORT) : PeerAddress.memory(host);
    }

    /** Lets nodes that are made by {@link #node} and {@link #listener} from now on meet over datagrams, in place of streams. */
    public SimulatedNetwork overDatagrams() {
        overDatagrams = true;
        return this;
    }

    /** A new transport, of scheme {@code udp}, of that host. */
    public DatagramTransport datagramTransport(String host) {
        return new SimulatedDatagrams(this, host(Host.requireName(host)));
    }

    /**
     * Binds a port of a host for datagrams.
     *
     * @param port 1 to 65,535
     * @throws IllegalStateException if it is taken
     */
    public DatagramEndpoint datagrams(String host, int port) {
        return datagrams.bind(host(Host.requireName(host)), port);
    }

    // ---- faults

    /** What every direction between any two hosts is like from now on; what was set for one direction is overwritten. */
    public SimulatedNetwork profile(LinkProfile profile) {
        standard = Objects.requireNonNull(profile, "profile");
        lines.values().forEach(line -> line.faults().profile(profile));
        return this;
    }

    /** What goes wrong on the way from one host to another. */
    public Faults between(String from, String to) {
        return line(from, to).faults();
    }

    /** Lets a scenario take place between two hosts, from now on; the first is the one that moves. */
    public SimulatedNetwork play(Scenario scenario, String a, String b) {
        playing = scenario.name();
        trace("scenario " + scenario + " between " + a + " and " + b);
        between(a, b).profile(scenario.profile()).blackHole(scenario.blackHole());
        between(b, a).profile(scenario.profile()).blackHole(scenario.blackHole());
        Duration every = scenario.addressChangeEvery();
        if (!every.isZero()) {
            moveEach(every.toNanos(), a);
        }
        return this;
    }

    private void moveEach(long nanos, String host) {
        after(nanos, () -> {
            changeAddress(host);
            moveEach(nanos, host);
        });
    }

    /** From now on nothing gets from a host of one set to one of the other, either way. */
    public void partition(Set<String> a, Set<String> b) {
        for (String x : a) {
            for (String y : b) {
                partitionOneWay(x, y);
                partitionOneWay(y, x);
            }
        }
    }

    /** From now on nothing gets from one host to the other; the way back stays open. */
    public void partitionOneWay(String from, String to) {
        trace("partition " + from + ">" + to);
        between(from, to).cut(true);
    }

    /** Ends every partition. Stream links go on with their next retransmission: after as long again as it lasted, at most. */
    public void heal() {
        trace("heal");
        lines.values().forEach(line -> line.faults().cut(false));
    }

    /** Ends the partition between two hosts, both ways; others last. */
    public void heal(String a, String b) {
        trace("heal " + a + " and " + b);
        between(a, b).cut(false);
        between(b, a).cut(false);
    }

    /** Breaks every stream link between two hosts at both ends, at once; what is under way is lost. */
    public void reset(String a, String b) {
        pathsBetween(a, b).forEach(StreamPath::reset);
    }

    /** The same for every stream link of a host. */
    public void reset(String host) {
        pathsOf(host).forEach(StreamPath::reset);
    }

    /**
     * Lets a host read nothing from its stream links from now on, as a process does that is alive and does not call its
     * system: what is sent to it waits in a window of about two records, and then at its sender. It still sends.
     */
    public void stopReading(String host) {
        host(host).reads(false);
    }

    /** Ends {@link #stopReading}: what has come meanwhile is read now. */
    public void startReading(String host) {
        host(host).reads(true);
        pathsOf(host).forEach(StreamPath::deliver);
    }

    /**
     * On every stream link between two hosts, lets the receiver believe that the sender has ended its output; nothing that
     * the sender sends arrives any more, and it is not told. The way back stays open.
     */
    public void halfClose(String from, String to) {
        pathsBetween(from, to).forEach(path -> path.from(from).halfClose());
    }

    /**
     * Gives a host another address. Its stream links are dead: what it sends on them is answered by a reset, what is sent
     * to it there vanishes. Datagrams come from the new address from now on, and reach the host only there.
     */
    public void changeAddress(String host) {
        changeAddress(host, Duration.ZERO);
    }

    /**
     * The same for a host that is reached at its former address too for a while, as one that has two networks at hand: what it
     * sends comes from the new one at once.
     */
    public void changeAddress(String host, Duration formerStays) {
        LinkProfile.requireTime("formerStays", formerStays);
        Host moving = host(host);
        moving.move(nowNanos() + formerStays.toNanos());
        trace(host + " is now at " + moving.address());
    }

    /**
     * Gives an endpoint of a host another port in the eyes of all others, as a NAT does that has forgotten it; nobody is reached
     * at the old one any more.
     *
     * @return the new port
     * @throws IllegalStateException if no endpoint has that port, or no other is left
     */
    public int changePort(String host, int port) {
        int now = datagrams.changePort(host(host), port);
        trace(host + ":" + port + " is now at port " + now);
        return now;
    }

    /** {@link #changePort} for each endpoint that a host has, as behind a NAT that was started anew. */
    public void changePorts(String host) {
        datagrams.changePorts(host(host));
        trace(host + " has other ports");
    }

    /** Where others see a host at this moment; at first its name. */
    public String addressOf(String host) {
        return host(host).address();
    }

    /** Lets nothing run on a host for that long: its tasks and timers run late, and find that the clock has jumped. */
    public void freeze(String host, Duration duration) {
        LinkProfile.requireTime("duration", duration);
        trace("freeze " + host + " for " + duration);
        host(host).scheduler().freeze(nowNanos() + duration.toNanos());
    }

    /**
     * Sets the clock of a host forward by that much, or back if negative: what waits there for a time waits for that of the
     * clock, so that what the clock has jumped over comes at once.
     */
    public void setClock(String host, Duration forward) {
        trace("clock of " + host + " is set by " + forward);
        host(host).scheduler().setClock(forward.toNanos());
    }

    // ---- time

    /** Lets everything happen that needs no time. */
    public void settle() {
        time.advanceTime();
    }

    /**
     * Lets virtual time pass, and all happen that is due by then.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration is " + duration + ", must not be negative");
        }
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

    /** Runs a step of the test's own timeline, that long from now. */
    public void after(Duration delay, Runnable step) {
        after(delay.toNanos(), step);
    }

    /** Virtual time since the network's beginning, in nanoseconds. */
    public long nowNanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    // ---- what there is to see

    /** Stream links with at least one end open. */
    public int links() {
        return links.links();
    }

    /** The same between two hosts. */
    public int links(String a, String b) {
        return pathsBetween(a, b).size();
    }

    /** Bytes that stream links have taken to carry from one host to the other. */
    public long bytesCarried(String from, String to) {
        return line(from, to).carriedBytes();
    }

    /** Timers of nodes, and of links in their hands, that are still to fire. */
    public int timers() {
        return hosts.values().stream()
                .mapToInt(host -> host.scheduler().timers())
                .sum();
    }

    /** The same on one host. */
    public int timers(String host) {
        return host(host).scheduler().timers();
    }

    /** What has happened so far. */
    public Trace trace() {
        return trace;
    }

    /** Writes a line of the test's own into the trace. */
    public void note(String line) {
        trace(Objects.requireNonNull(line, "line"));
    }

    /**
     * Whether the trace tells of each datagram, as at first. Without that large runs take less time, and its digest does not
     * tell whether two runs had the same datagrams.
     */
    public SimulatedNetwork traceDatagrams(boolean each) {
        datagrams.traced(each);
        return this;
    }

    /** What a failing test should print: how to run it again, and the last events. */
    public String report() {
        return "seed " + seed + " (again with -D" + Seeds.PROPERTY + "=" + seed + ")"
                + (playing.isEmpty() ? "" : ", scenario " + playing)
                + ", after " + Duration.ofNanos(nowNanos()) + "; "
                + links() + " links, " + timers() + " timers, " + trace.count() + " events, the last of them:\n"
                + trace.last(REPORTED_EVENTS);
    }

    /** Ends the virtual time, if it is this network's own. */
    @Override
    public void close() {
        if (ownsTime) {
            time.dispose();
        }
    }

    // ---- for the parts of the network

    Host host(String name) {
        return hosts.computeIfAbsent(Host.nameOf(name), n -> new Host(n, time));
    }

    HostAddresses addresses() {
        return addresses;
    }

    @Nullable
    DatagramEndpoint bindIfFree(Host host, int port) {
        return datagrams.bindIfFree(host, port);
    }

    Line line(String from, String to) {
        return lines.computeIfAbsent(from + ">" + to, way -> {
            host(from);
            host(to);
            return new Line(new Faults(standard, this::nowNanos), randomness.generator("line " + way));
        });
    }

    StreamPath path(MemoryMedium.End dialling, MemoryMedium.End accepting) {
        StreamPath path = new StreamPath(this, ++pathNumbers, dialling, accepting);
        paths.add(path);
        return path;
    }

    void forget(StreamPath path) {
        paths.remove(path);
    }

    private List<StreamPath> pathsBetween(String a, String b) {
        return paths.stream().filter(path -> path.joins(a, b)).toList();
    }

    private List<StreamPath> pathsOf(String host) {
        return paths.stream().filter(path -> path.isOf(host)).toList();
    }

    void trace(String line) {
        trace.add(nowNanos(), line);
    }

    void after(long nanos, Runnable task) {
        time.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    void afterOrNow(long nanos, Runnable task) {
        if (nanos > 0) {
            after(nanos, task);
        } else {
            task.run();
        }
    }
}
