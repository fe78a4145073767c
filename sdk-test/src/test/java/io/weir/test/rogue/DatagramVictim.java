package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.node.EventLog;
import io.weir.reactive.node.ServedStreams;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * A node that listens for datagrams on a simulated network and is about to be mistreated, and a friend whose session was there
 * before: a {@link Victim} of datagrams. It serves the {@link ServedStreams}.
 *
 * <p>{@link #close} proves what every test here is about: the friend's stream goes on, on the same session; newcomers get sessions
 * and streams; no memory is reserved for rogues that have gone; the node's events come in pairs; and once everything is closed, no
 * memory is reserved, and no timer is left.
 */
final class DatagramVictim implements AutoCloseable {

    static final String HOST = "victim";

    /** The network takes no time, but pacers and acknowledgements do. */
    private static final Duration SOON = Duration.ofMillis(200);

    /** A node's END is repeated at the most for so long, and its session is over: a rogue that acknowledges late is taken to be far away. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private static final int ROGUE_PORT = 4_001;

    final SimulatedNetwork network = SimulatedNetwork.seeded(20_261_130)
            .profile(LinkProfile.PERFECT.withMtu(65_535))
            .overDatagrams();
    final PeerNode node;
    final EventLog log;
    private final NodeOracle oracle = new NodeOracle(HOST);
    private final List<PeerNode> others = new ArrayList<>();
    private final PeerNode friend;
    private final Friend friendly;
    private final long reservedForFriend;
    private int hosts;

    private DatagramVictim(UnaryOperator<PeerNodeSpec> spec) {
        node = started(oracle.watching(ServedStreams.on(spec.apply(network.listener(HOST)))));
        oracle.started(node);
        log = new EventLog(node, Duration.ofSeconds(1));
        friend = started(network.node("friend"));
        friendly = new Friend(connected(friend));
        assertGoesOn();
        reservedForFriend = node.reservedBytes();
    }

    static DatagramVictim start() {
        return start(spec -> spec);
    }

    static DatagramVictim start(NodeLimits limits) {
        return start(spec -> spec.limits(limits));
    }

    static DatagramVictim start(UnaryOperator<PeerNodeSpec> spec) {
        return new DatagramVictim(spec);
    }

    /** A peer on a host of its own, which has said nothing yet. */
    RogueDatagramPeer rogue() {
        return rogue(freshHost("rogue"), ROGUE_PORT);
    }

    /** A peer on that host. */
    RogueDatagramPeer rogue(String host, int port) {
        return RogueDatagramPeer.bound(network, host, port).to(HOST, SimulatedNetwork.PORT);
    }

    /** A node on the same network, on a host of its own; ends with this. */
    PeerNode other(UnaryOperator<PeerNodeSpec> spec) {
        PeerNode other = started(spec.apply(network.node(freshHost("other"))));
        others.add(other);
        return other;
    }

    /** Its session with the victim. */
    PeerSession connected(PeerNode from) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        from.connect(network.address(HOST)).subscribe(session::set);
        advance(SOON);
        return Objects.requireNonNull(session.get(), "no session");
    }

    String freshHost(String prefix) {
        return prefix + "-" + hosts++;
    }

    private PeerNode started(PeerNodeSpec spec) {
        AtomicReference<PeerNode> started = new AtomicReference<>();
        spec.start().subscribe(started::set);
        network.settle();
        return Objects.requireNonNull(started.get(), "not started");
    }

    /** Lets happen what waits for a pacer or an acknowledgement. */
    void soon() {
        advance(SOON);
    }

    void advance(Duration duration) {
        network.advance(duration);
    }

    /** Datagrams that were dropped for that reason. */
    long dropped(Drop reason) {
        return node.droppedDatagrams().getOrDefault(reason, 0L);
    }

    /** Of all reasons. */
    long dropped() {
        return node.droppedDatagrams().values().stream()
                .mapToLong(count -> count)
                .sum();
    }

    /** Sessions that it has. */
    long sessions() {
        return node.liveSessions().size();
    }

    /** The session with that peer is over, with that code at both ends. */
    void assertEnded(RogueDatagramPeer rogue, ErrorCode code) {
        soon();
        assertThat(rogue.awaitEnd()).isEqualTo(code);
        advance(LINGER);
        assertThat(log.closed(rogue.id())).isEqualTo(CloseReason.local(code));
    }

    /** The session with that peer goes on. */
    void assertAlive(RogueDatagramPeer rogue) {
        rogue.send(new SessionFrame.Ping(4242));
        soon();
        while (rogue.await(SessionFrame.Pong.class).token() != 4242) {
            // an answer to an earlier one
        }
    }

    /** The probability that a bit is flipped in a packet between the node and its friend, either way; 0 to 1. */
    void corruptFriend(double probability) {
        network.between(HOST, "friend").corruption(probability);
        network.between("friend", HOST).corruption(probability);
    }

    /** The friend says something to the node, which answers. */
    void say() {
        friendly.say();
    }

    /** All answers to the friend have come, each once. */
    void assertHeardAll() {
        friendly.assertHeardAll();
    }

    /** The friend's session is the one it always was, and still exchanges. */
    void assertGoesOn() {
        assertGoesOn(friendly);
    }

    private void assertGoesOn(Friend one) {
        one.say();
        advance(SOON);
        one.assertHeardAll();
    }

    /** A newcomer gets a session, and a stream in it. */
    void assertAcceptsSessions() {
        assertGoesOn(new Friend(connected(other(spec -> spec.identity(Identity.generate())))));
    }

    @Override
    public void close() {
        try {
            assertGoesOn();
            assertAcceptsSessions();
            others.forEach(PeerNode::dispose);
            advance(Duration.ofSeconds(20)); // half-open handshakes and silent rogues are gone
            assertThat(sessions()).as("sessions").isOne();
            assertThat(node.reservedBytes()).as("bytes reserved, friend only").isEqualTo(reservedForFriend);
        } finally {
            others.forEach(PeerNode::dispose);
            friend.dispose();
            node.dispose();
        }
        advance(Duration.ofSeconds(2));
        oracle.checkClosed();
        NodeOracle.checkNothingLeft(network);
        network.close();
    }
}
