package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * Two nodes that meet over datagrams in virtual time: a server that publishes, on the streams that {@link #stream} names, and a
 * client that receives.
 */
final class Ends implements AutoCloseable {

    static final String SERVER = "server";
    static final String CLIENT = "client";

    /** A payload, and what an element of it costs of a window. */
    static final int ELEMENT = 1_000;

    private static final Duration MEETING = Duration.ofSeconds(10);
    private static final Duration FAREWELL = Duration.ofMinutes(2);

    final SimulatedNetwork network;
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<PeerSession> sessions = new ArrayList<>();
    private UnaryOperator<PeerNodeSpec> server = spec -> spec;
    /** Whatever the heap of the test is. */
    NodeLimits limits = NodeLimits.defaults()
            .withNodeBudgetBytes(64 << 20)
            .withSessionBudgetBytes(16 << 20)
            .withNodeSendBudgetBytes(64 << 20)
            .withSessionSendBudgetBytes(16 << 20);

    /** Not started: {@link #start}. */
    Ends(long seed, LinkProfile profile) {
        network = SimulatedNetwork.seeded(seed).profile(profile).overDatagrams();
        network.traceDatagrams(false);
    }

    /** A path of so many Mbit/s and that round trip, whose queue holds as much as the path, and no less than 20 packets. */
    static LinkProfile path(double mbit, long roundTripMillis) {
        double bytesPerSecond = mbit * 125_000;
        int packets = (int) (bytesPerSecond * roundTripMillis / 1_000 / 1_500);
        return LinkProfile.PERFECT
                .withBytesPerSecond((long) bytesPerSecond)
                .withLatency(Duration.ofNanos(roundTripMillis * 500_000))
                .withQueueLimit(Math.max(20, packets));
    }

    /** The server publishes these, for each subscriber, on streams of that name. Before it is started. */
    Ends stream(String name, Flux<byte[]> elements) {
        return stream(name, StreamConfig.reliable(), elements);
    }

    Ends stream(String name, StreamConfig config, Flux<byte[]> elements) {
        return with(spec -> spec.onStream(name, config, stream -> stream.send(elements, Codec.bytes())));
    }

    /** What else the server is. Before it is started. */
    Ends with(UnaryOperator<PeerNodeSpec> more) {
        UnaryOperator<PeerNodeSpec> before = server;
        server = spec -> more.apply(before.apply(spec));
        return this;
    }

    /** Starts both and makes their session. */
    Ends start() {
        begin();
        meet(MEETING);
        return this;
    }

    /** Starts both; no session is made. */
    void begin() {
        startNode(server.apply(network.listener(SERVER)));
        startNode(network.node(CLIENT));
    }

    private void startNode(PeerNodeSpec spec) {
        start(spec, node -> {});
    }

    /** Starts one more node, which is closed with these. */
    void start(PeerNodeSpec spec, Consumer<PeerNode> told) {
        spec.limits(limits).start().doOnNext(told).subscribe(nodes::add);
        network.settle();
    }

    static Flux<byte[]> numbered(int elements) {
        return Flux.range(0, elements).map(i -> Intake.element(i, ELEMENT));
    }

    static Flux<byte[]> endless(int bytes) {
        return Flux.generate(() -> 0, (Integer i, SynchronousSink<byte[]> sink) -> {
            sink.next(Intake.element(i, bytes));
            return i + 1;
        });
    }

    /** Makes another session, or fails. */
    PeerSession meet(Duration limit) {
        int before = sessions.size();
        List<Throwable> failures = new ArrayList<>();
        client().connect(network.address(SERVER)).subscribe(sessions::add, failures::add);
        advanceUntil(() -> sessions.size() > before || !failures.isEmpty(), limit);
        if (!failures.isEmpty()) {
            fail(network.report(), failures.get(0));
        }
        return session();
    }

    PeerNode server() {
        return nodes.get(0);
    }

    PeerNode client() {
        return nodes.get(1);
    }

    /** The client's, the last one made. */
    PeerSession session() {
        return sessions.get(sessions.size() - 1);
    }

    /** The server's, the last one made. */
    PeerSession served() {
        List<PeerSession> live = server().liveSessions();
        return live.get(live.size() - 1);
    }

    Intake receive(String name) {
        return receive(name, StreamConfig.reliable());
    }

    Intake receive(String name, StreamConfig config) {
        return new Intake(network::nowNanos, session().openStream(name, config).receive(Codec.bytes()));
    }

    void advance(Duration duration) {
        network.advance(duration);
    }

    void advanceMillis(long millis) {
        network.advance(Duration.ofMillis(millis));
    }

    void advanceUntil(BooleanSupplier condition, Duration limit) {
        assertThat(network.advanceUntil(condition, limit)).as(network::report).isTrue();
    }

    /** Receives them all within that time, over the session that there is now, which lives on. */
    void finish(Intake intake, int elements, Duration limit) {
        PeerSession session = session();
        long until = network.nowNanos() + limit.toNanos();
        while (!intake.isOver() && network.nowNanos() < until) {
            advanceMillis(10);
        }
        assertThat(intake.isOver())
                .as(() -> intake.count() + " elements; " + network.report())
                .isTrue();
        intake.assertComplete(elements);
        assertThat(session.isDisposed()).isFalse();
        assertThat(server().liveSessions()).hasSize(1);
    }

    /** Closes both nodes; nothing may be left of them. */
    @Override
    public void close() {
        nodes.forEach(PeerNode::dispose);
        advanceUntil(() -> network.links() == 0 && network.timers() == 0, FAREWELL);
        network.close();
    }
}
