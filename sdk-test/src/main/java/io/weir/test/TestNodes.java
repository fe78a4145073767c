package io.weir.test;

import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.test.network.Scenario;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Nodes of Weir, started and connected to each other, in the test's own thread: no sockets, no threads, no waiting.
 *
 * <pre>{@code
 * try (TestNodes nodes = TestNodes.pair(
 *         a -> a,
 *         b -> b.onStream("words", stream -> stream.send(Flux.just("to", "be"), Codec.utf8())))) {
 *     PeerStream words = nodes.session().openStream("words", StreamConfig.reliable());
 *     StepVerifier.create(words.receive(Codec.utf8())).expectNext("to", "be").verifyComplete();
 * }
 * }</pre>
 *
 * <p>On perfect links, as at first, nothing takes time: what a call sets off has happened when it returns. What does take
 * time, because of a profile, a fault or a time-out, happens in {@link #advance}, {@link #advanceUntil} or
 * {@link #within}. Time is virtual and the nodes' own; operators of the test and of the program under test share it where
 * they are given {@link #time()}.
 *
 * <p>Thread: one, which no part of the program under test may leave.
 */
public final class TestNodes implements AutoCloseable {

    private static final int MOST_IN_A_MESH = 26;
    private static final Duration CONNECT_LIMIT = Duration.ofHours(1);

    /** Beyond the longest that a link, a drain or a handshake may take to end. */
    private static final Duration CLOSE_LIMIT = Duration.ofMinutes(20);

    private final SimulatedNetwork network;
    private final List<TestNode> nodes = new ArrayList<>();
    private boolean closed;

    private TestNodes(TestNodesSpec spec) {
        network = SimulatedNetwork.seeded(spec.seed()).profile(spec.profile());
        spec.nodes()
                .forEach((name, declaring) ->
                        nodes.add(new TestNode(name, declaring.apply(spec.each().apply(network.listener(name))))));
        Scenario scenario = spec.scenario();
        forEachPair((a, b) -> {
            if (scenario != null) {
                network.play(scenario, a.name(), b.name());
            }
        });
        network.settle();
    }

    static TestNodes start(TestNodesSpec spec) {
        TestNodes started = new TestNodes(spec);
        spec.starts().accept(started); // whoever closes it does so also if what follows fails
        started.nodes.forEach(TestNode::node);
        if (spec.connected()) {
            started.forEachPair(started::connect);
        }
        return started;
    }

    // ---- making

    /** Nodes to be: with names, declarations, links and a seed of the test's choice. */
    public static TestNodesSpec spec() {
        return TestNodesSpec.empty();
    }

    /** Two connected nodes, {@code a}, which dialled, and {@code b}. */
    public static TestNodes pair() {
        return pair(UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** The same, with what they declare. */
    public static TestNodes pair(UnaryOperator<PeerNodeSpec> a, UnaryOperator<PeerNodeSpec> b) {
        return spec().node("a", a).node("b", b).start();
    }

    /**
     * That many nodes, {@code a}, {@code b}, {@code c} ..., each connected to each.
     *
     * @param count 1 to 26
     */
    public static TestNodes mesh(int count) {
        return mesh(count, UnaryOperator.identity());
    }

    /** The same, with what each of them declares. */
    public static TestNodes mesh(int count, UnaryOperator<PeerNodeSpec> each) {
        return mesh(count, (name, spec) -> each.apply(spec));
    }

    /**
     * The same, where what a node declares depends on its name.
     *
     * <pre>{@code
     * TestNodes.mesh(3, (name, spec) -> spec.onRequest("who", RequestHandler.typed(
     *         Codec.utf8(), Codec.utf8(), nothing -> Mono.just(name))))
     * }</pre>
     */
    public static TestNodes mesh(int count, BiFunction<String, PeerNodeSpec, PeerNodeSpec> each) {
        if (count < 1 || count > MOST_IN_A_MESH) {
            throw new IllegalArgumentException("count is " + count + ", must be from 1 to " + MOST_IN_A_MESH);
        }
        TestNodesSpec spec = spec();
        for (char letter = 'a'; letter < 'a' + count; letter++) {
            String name = String.valueOf(letter);
            spec = spec.node(name, declared -> each.apply(name, declared));
        }
        return spec.start();
    }

    // ---- what there is

    /** The node of that name. */
    public PeerNode node(String name) {
        return named(name).node();
    }

    /** The node that was declared in that place, from 0 on. */
    public PeerNode node(int index) {
        return nodes.get(Objects.checkIndex(index, nodes.size())).node();
    }

    /** All of them, in the order of declaration. */
    public List<PeerNode> nodes() {
        return nodes.stream().map(TestNode::node).toList();
    }

    /** The session of the first node with the second. */
    public PeerSession session() {
        return session(nodes.get(0), nodes.get(1));
    }

    /**
     * {@code of}'s end of its session with {@code with}: the last one, live or over.
     *
     * @throws IllegalStateException if they never had one
     */
    public PeerSession session(String of, String with) {
        return session(named(of), named(with));
    }

    /** What has happened at a node, from its start on: the last 4,096 events. */
    public List<PeerEvent> events(String name) {
        return named(name).events();
    }

    /** What lies between the first node and the second. */
    public TestLink link() {
        return link(nodes.get(0).name(), nodes.get(1).name());
    }

    /** What lies between two nodes. */
    public TestLink link(String a, String b) {
        return new TestLink(network, named(a).name(), named(b).name());
    }

    /** The network under the nodes: more faults, datagrams, the trace. */
    public SimulatedNetwork network() {
        return network;
    }

    /** The nodes' clock, as a scheduler for operators that should share it: {@code Flux.interval(period, nodes.time())}. */
    public VirtualTimeScheduler time() {
        return network.time();
    }

    // ---- what can be done

    /**
     * Lets a node dial another, again and again until they have a session, and virtual time pass until then. A live
     * session is taken as it is.
     *
     * @return {@code from}'s end of it
     * @throws AssertionError if there is none within an hour of virtual time
     */
    public PeerSession connect(String from, String to) {
        return connect(named(from), named(to));
    }

    /** Lets everything happen that needs no time. */
    public void settle() {
        network.settle();
    }

    /** Lets virtual time pass. */
    public void advance(Duration duration) {
        network.advance(duration);
    }

    /**
     * Lets virtual time pass until the condition holds; it is asked at each millisecond.
     *
     * @throws AssertionError if it does not within the limit; the message has the seed and the last events
     */
    public void advanceUntil(BooleanSupplier condition, Duration limit) {
        if (!network.advanceUntil(condition, limit)) {
            throw tooLate(limit);
        }
    }

    /**
     * The source, with time that passes while somebody waits for its end: subscribing to it also advances virtual time,
     * until the source has ended or was cancelled. So a verifier needs no steps for the time:
     *
     * <pre>{@code
     * StepVerifier.create(nodes.within(Duration.ofSeconds(5), stream.receive(Codec.utf8())))
     *         .expectNext("late", "but", "complete")
     *         .verifyComplete();
     * }</pre>
     *
     * <p>Not for a subscriber that asks step by step: all time is spent inside {@code subscribe}. It advances by itself,
     * {@code .then(() -> nodes.advance(...))}. Subscribe from the test, not from inside of a signal.
     *
     * @param limit the most time that passes; then the source is cancelled, and the result fails with an AssertionError that
     *     has the seed and the last events
     */
    public <T> Flux<T> within(Duration limit, Publisher<? extends T> source) {
        Objects.requireNonNull(limit, "limit");
        return Flux.from(actual -> {
            boolean[] over = {false};
            boolean[] late = {false};
            Sinks.Empty<Void> end = Sinks.empty();
            Flux.<T>from(source)
                    .takeUntilOther(end.asMono())
                    .doFinally(signal -> over[0] = true)
                    .concatWith(Mono.defer(() -> late[0] ? Mono.error(tooLate(limit)) : Mono.empty()))
                    .subscribe(actual);
            if (!network.advanceUntil(() -> over[0], limit)) {
                late[0] = true;
                end.tryEmitEmpty().orThrow();
            }
        });
    }

    /**
     * Closes all nodes, lets pass the time that it takes, and looks at what is left: sessions, links, timers, memory that is
     * promised to peers, events without their other half.
     *
     * @return what it found, in words; empty if nothing
     */
    public List<String> leaks() {
        nodes.forEach(TestNode::dispose);
        network.advanceUntil(() -> network.links() == 0 && network.timers() == 0, CLOSE_LIMIT);
        List<String> found = new ArrayList<>();
        for (TestNode node : nodes) {
            collect(found, node::checkClosed);
        }
        collect(found, () -> NodeOracle.checkNothingLeft(network));
        return List.copyOf(found);
    }

    /** Whether {@link #close} was called. */
    boolean isClosed() {
        return closed;
    }

    /** Closes all nodes at once, and ends their time. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        nodes.forEach(TestNode::dispose);
        network.settle();
        network.close();
    }

    /** The seed, the time, and the last events of the network. */
    @Override
    public String toString() {
        return "nodes " + nodes.stream().map(TestNode::name).toList() + ", " + network.report();
    }

    private PeerSession connect(TestNode from, TestNode to) {
        Disposable dial =
                from.node().connect(network.address(to.name())).retry().subscribe();
        boolean ready = network.advanceUntil(() -> from.hasLiveSession(to) && to.hasLiveSession(from), CONNECT_LIMIT);
        dial.dispose();
        if (!ready) {
            throw new AssertionError("'" + from.name() + "' has no session with '" + to.name() + "' within "
                    + CONNECT_LIMIT + ": its events are " + from.events() + ", " + network.report());
        }
        return session(from, to);
    }

    private static PeerSession session(TestNode of, TestNode with) {
        PeerSession session = of.session(with);
        if (session == null) {
            throw new IllegalStateException("'" + of.name() + "' never had a session with '" + with.name() + "'");
        }
        return session;
    }

    private TestNode named(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no node '" + name + "', but "
                        + nodes.stream().map(TestNode::name).toList()));
    }

    private void forEachPair(BiConsumer<TestNode, TestNode> action) {
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = i + 1; j < nodes.size(); j++) {
                action.accept(nodes.get(i), nodes.get(j));
            }
        }
    }

    private AssertionError tooLate(Duration limit) {
        return new AssertionError("not within " + limit + ": " + network.report());
    }

    private static void collect(List<String> found, Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            found.add(String.valueOf(e.getMessage()));
        }
    }
}
