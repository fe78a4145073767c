package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.EventLog;
import io.weir.reactive.node.ServedStreams;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.network.Trace;
import io.weir.test.oracle.NodeOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * A node on a simulated network that is about to be mistreated, and a friend whose session was there before. It serves
 * the {@link ServedStreams}.
 *
 * <p>{@link #close} proves what every test here is about: the friend's stream goes on, on the same session; newcomers get
 * sessions and streams; no memory is reserved for rogues that have gone; the node's events come in pairs; and once
 * everything is closed, no memory is reserved, and no link and no timer is left.
 */
final class Victim implements AutoCloseable {

    static final String FOR_FRIENDS = "friends";
    static final String FOR_ROGUES = "rogues";

    /** How long a node waits, after its END, for the peer to close too. */
    static final Duration LINGER = Duration.ofMillis(500);

    static final String HOST = "victim";

    final SimulatedNetwork network = SimulatedNetwork.seeded(20_261_120);
    final PeerNode node;
    final EventLog log;
    private final NodeOracle oracle = new NodeOracle(HOST);
    private final List<PeerNode> others = new ArrayList<>();
    private final Set<String> hosts = new HashSet<>();
    private final PeerNode friend;
    private final Friend friendly;
    private final long reservedForFriend;

    private Victim(UnaryOperator<PeerNodeSpec> spec) {
        node = started(oracle.watching(spec.apply(ServedStreams.on(Weir.node()))
                .listen(PeerAddress.memory(FOR_FRIENDS))
                .listen(PeerAddress.memory(FOR_ROGUES))
                .transport(WithLanes.over(network.transport(HOST)))));
        oracle.started(node);
        log = new EventLog(node, Duration.ofSeconds(1));
        friend = started(Weir.node().identity(TcpVictim.FRIEND).transport(WithLanes.over(network.transport("friend"))));
        friendly = new Friend(connected(friend, FOR_FRIENDS));
        assertGoesOn();
        reservedForFriend = node.reservedBytes();
    }

    static Victim start() {
        return start(spec -> spec);
    }

    static Victim start(NodeLimits limits) {
        return start(spec -> spec.limits(limits));
    }

    static Victim start(UnaryOperator<PeerNodeSpec> spec) {
        return new Victim(spec);
    }

    /** A peer, connected and silent. */
    RoguePeer rogue() {
        return rogue(freshHost("rogue"));
    }

    /** A peer, connected from that host and silent. */
    RoguePeer rogue(String host) {
        return RoguePeer.dial(network, host, PeerAddress.memory(FOR_ROGUES));
    }

    /** A node on the same network, whose session with the victim is honest; ends with this. */
    PeerNode other(Identity identity) {
        return other(identity, freshHost("other"));
    }

    /** The same, on that host. */
    PeerNode other(Identity identity, String host) {
        PeerNode other = started(Weir.node().identity(identity).transport(WithLanes.over(network.transport(host))));
        others.add(other);
        return other;
    }

    PeerSession connected(PeerNode from, String name) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        from.connect(PeerAddress.memory(name)).subscribe(session::set);
        settle();
        return Objects.requireNonNull(session.get(), "no session");
    }

    private String freshHost(String prefix) {
        String host = prefix + "-" + hosts.size();
        hosts.add(host);
        return host;
    }

    private PeerNode started(PeerNodeSpec spec) {
        AtomicReference<PeerNode> started = new AtomicReference<>();
        spec.start().subscribe(started::set);
        settle();
        return Objects.requireNonNull(started.get(), "not started");
    }

    void settle() {
        network.settle();
    }

    void advance(Duration duration) {
        network.advance(duration);
    }

    /** The victim's end of its session with that peer. */
    PeerSession sessionWith(RoguePeer rogue) {
        AtomicReference<PeerSession> found = new AtomicReference<>();
        node.sessions()
                .filter(session -> session.peer().equals(rogue.id()))
                .subscribe(found::set)
                .dispose();
        return Objects.requireNonNull(found.get(), "no session with the rogue");
    }

    /** The session with that peer is over, with that code at both ends. */
    void assertEnded(RoguePeer rogue, ErrorCode code) {
        assertThat(rogue.awaitEnd()).isEqualTo(code);
        advance(LINGER);
        assertThat(log.closed(rogue.id())).isEqualTo(CloseReason.local(code));
    }

    /** The session with that peer goes on. */
    static void assertAlive(RoguePeer rogue) {
        rogue.send(new SessionFrame.Ping(4242));
        while (rogue.await(SessionFrame.Pong.class).token() != 4242) {
            // an answer to an earlier one
        }
    }

    /** A stream {@code echo} of that peer goes on. */
    void assertServes(RoguePeer rogue, long handle) {
        rogue.send(RogueFrames.data(handle, 7));
        assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(7);
    }

    /** What the victim has written to that peer, and it has not read; the last {@link Trace#KEPT} events count. */
    int bytesUnderWayTo(RoguePeer rogue) {
        Pattern sent = Pattern.compile(HOST + ">" + hostOf(rogue) + " link \\d+ sends (\\d+) bytes");
        Pattern taken = Pattern.compile(HOST + ">" + hostOf(rogue) + " link \\d+ delivers (\\d+) bytes");
        return sum(sent) - sum(taken);
    }

    private static String hostOf(RoguePeer rogue) {
        return rogue.source().toString().substring("memory://".length());
    }

    private int sum(Pattern event) {
        return event.matcher(network.trace().text())
                .results()
                .mapToInt(one -> Integer.parseInt(one.group(1)))
                .sum();
    }

    /** The friend's session is the one it always was, and still exchanges. */
    void assertGoesOn() {
        assertGoesOn(friendly);
    }

    private void assertGoesOn(Friend one) {
        one.say();
        settle();
        one.assertHeardAll();
    }

    /** A newcomer gets a session, and a stream in it. */
    void assertAcceptsSessions() {
        assertGoesOn(new Friend(connected(other(TcpVictim.NEWCOMER), FOR_FRIENDS)));
    }

    /** How much of an element of so many bytes a new peer, of another session, gets back from {@code echo}. */
    long echoedToNewcomer(int bytes) {
        return echoToNewcomer(bytes).get();
    }

    /** The same, as it comes. */
    AtomicLong echoToNewcomer(int bytes) {
        AtomicLong echoed = new AtomicLong();
        PeerStream echo =
                connected(other(Identity.generate()), FOR_FRIENDS).openStream("echo", StreamConfig.reliable());
        echo.receive(Codec.bytes()).subscribe(element -> echoed.addAndGet(element.length));
        echo.send(Mono.just(new byte[bytes]), Codec.bytes()).subscribe();
        settle();
        return echoed;
    }

    @Override
    public void close() {
        try {
            assertGoesOn();
            assertAcceptsSessions();
            others.forEach(PeerNode::dispose);
            advance(Duration.ofSeconds(2));
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
