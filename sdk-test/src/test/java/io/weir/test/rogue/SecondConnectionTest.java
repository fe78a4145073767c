package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a node does with a second connection of a peer, with a dial of its own in progress and without, the peer being one
 * that says exactly what the test wants. After each test no link and no timer is left.
 */
class SecondConnectionTest {

    private static final PeerAddress ADDRESS = PeerAddress.memory("node");
    private static final long FIRST_RUN = 11;
    private static final long SECOND_RUN = 22;
    private static final NodeLimits LIMITS = NodeLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(8));
    private static final Duration PROBE = Duration.ofSeconds(2);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(5);
    private final HandshakeConfig peer = keyOf(Identity.generate());
    private final PendingDials dials = new PendingDials();
    private final List<PeerEvent> events = new ArrayList<>();
    private final List<RoguePeer> rogues = new ArrayList<>();
    private NodeOracle oracle = new NodeOracle("node");
    private @Nullable PeerNode started;

    @BeforeEach
    void startsANodeWithTheLowerKey() {
        start(identity(true), LIMITS);
    }

    @AfterEach
    void nothingIsLeft() {
        node().dispose();
        rogues.forEach(RoguePeer::close);
        network.advance(Duration.ofSeconds(2));
        oracle.checkClosed();
        NodeOracle.checkNothingLeft(network);
        network.close();
    }

    // ---- a session lives

    @Test
    void aRestartedPeerReplacesItsOldSessionAtOnce() {
        RoguePeer old = ready(FIRST_RUN);
        RoguePeer restarted = presented(SECOND_RUN);
        assertThat(restarted.next()).isInstanceOf(Hello.class);
        assertThat(old.awaitEnd()).isEqualTo(ErrorCode.REPLACED);
        List<PeerEvent> sessions = events.stream()
                .filter(e -> e instanceof ConnectionReady || e instanceof ConnectionClosed)
                .toList();
        assertThat(sessions).hasSize(3);
        assertThat(sessions.get(1)).isInstanceOfSatisfying(ConnectionClosed.class, e -> {
            assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.REPLACED));
            assertThat(e.reason().retryable()).isTrue();
        });
        assertThat(sessions.get(2)).isInstanceOf(ConnectionReady.class);
    }

    @Test
    void theStreamsOfAReplacedSessionFailRetryable() {
        ready(FIRST_RUN);
        List<Throwable> failures = new ArrayList<>();
        live().openStream("quotes", StreamConfig.reliable())
                .receive(Codec.bytes())
                .subscribe(bytes -> {}, failures::add);
        network.settle();
        presented(SECOND_RUN);
        assertThat(failures).singleElement().isInstanceOfSatisfying(SessionClosedException.class, e -> {
            assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.REPLACED));
            assertThat(e.reason().retryable()).isTrue();
        });
    }

    @Test
    void aSessionThatAnswersAProbeStays() {
        RoguePeer first = ready(FIRST_RUN);
        RoguePeer second = presented(FIRST_RUN);
        assertSilent(second);
        answerPing(first);
        assertThat(second.awaitEnd()).isEqualTo(ErrorCode.DUPLICATE_SESSION);
        assertThat(readySessions()).isEqualTo(1);
        first.send(new SessionFrame.Ping(77));
        assertThat(first.await(SessionFrame.Pong.class).token()).isEqualTo(77);
    }

    @Test
    void aSessionThatDoesNotAnswerAProbeIsReplaced() {
        RoguePeer dead = ready(FIRST_RUN);
        RoguePeer second = presented(FIRST_RUN);
        network.advance(PROBE.minusMillis(1));
        assertSilent(second);
        network.advance(Duration.ofMillis(1));
        assertThat(second.next()).isInstanceOf(Hello.class);
        assertThat(dead.awaitEnd()).isEqualTo(ErrorCode.REPLACED);
        assertThat(readySessions()).isEqualTo(2);
    }

    @Test
    void anAnswerFromBeforeTheQuestionIsNoSignOfLife() {
        RoguePeer first = rogue().session(hello(FIRST_RUN));
        SessionFrame.Ping asked = first.await(SessionFrame.Ping.class); // of the session's own
        network.advance(Duration.ofMillis(10));
        RoguePeer second = presented(FIRST_RUN);
        network.advance(Duration.ofMillis(1));
        first.send(new SessionFrame.Pong(asked.token()));
        assertSilent(second);
        network.advance(PROBE);
        assertThat(second.next()).isInstanceOf(Hello.class);
    }

    @Test
    void theEndOfTheOldSessionAnswersItsProbe() {
        RoguePeer first = ready(FIRST_RUN);
        RoguePeer second = presented(FIRST_RUN);
        first.send(new SessionFrame.End(ErrorCode.NONE.number()));
        assertThat(second.next()).isInstanceOf(Hello.class);
    }

    @Test
    void aPeerThatNamesNoRunIsProbed() {
        RoguePeer first = ready(FIRST_RUN);
        RoguePeer second = rogue().handshake();
        second.send(Hello.defaults());
        assertSilent(second);
        answerPing(first);
        assertThat(second.awaitEnd()).isEqualTo(ErrorCode.DUPLICATE_SESSION);
    }

    @Test
    void aLateConnectionOfAnEarlierRunDoesNotReplace() {
        RoguePeer late = rogue().handshake();
        RoguePeer current = ready(SECOND_RUN);
        late.send(hello(FIRST_RUN));
        assertSilent(late);
        answerPing(current);
        assertThat(late.awaitEnd()).isEqualTo(ErrorCode.DUPLICATE_SESSION);
    }

    @Test
    void twoProcessesOfOneIdentityDoNotOustEachOtherInTurns() {
        ready(FIRST_RUN);
        RoguePeer ouster = ready(SECOND_RUN);
        RoguePeer again = presented(FIRST_RUN);
        assertSilent(again);
        answerPing(ouster);
        assertThat(again.awaitEnd()).isEqualTo(ErrorCode.DUPLICATE_SESSION);
        network.advance(Duration.ofSeconds(5));
        assertThat(presented(FIRST_RUN).next()).isInstanceOf(Hello.class);
        assertThat(ouster.awaitEnd()).isEqualTo(ErrorCode.REPLACED);
    }

    @Test
    void aDrainingSessionIsInNobodysWay() {
        ready(FIRST_RUN);
        PeerSession draining = live();
        draining.openStream("quotes", StreamConfig.reliable())
                .receive(Codec.bytes())
                .subscribe(bytes -> {}, e -> {});
        network.settle();
        draining.drain(Duration.ofSeconds(10)).subscribe(null, e -> {});
        network.settle();
        assertThat(presented(FIRST_RUN).next()).isInstanceOf(Hello.class);
        assertThat(draining.isDisposed()).isFalse();
    }

    @Test
    void aRestartedPeerNeedsNoSecondPlace() {
        restart(LIMITS.withMaxSessions(1));
        ready(FIRST_RUN);
        assertThat(presented(SECOND_RUN).next()).isInstanceOf(Hello.class);
        RoguePeer stranger = keep(RoguePeer.dial(network, "stranger", ADDRESS, keyOf(Identity.generate())))
                .handshake();
        stranger.send(hello(FIRST_RUN));
        assertThat(stranger.awaitEnd()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
    }

    // ---- a dial of this node's own is in progress

    @Test
    void theLowerKeyHoldsHelloBackWhileItDials() {
        AtomicReference<PeerSession> connected = dialThePeer();
        RoguePeer inbound = presented(FIRST_RUN);
        network.advance(Duration.ofSeconds(1));
        assertSilent(inbound);
        assertThat(connected.get()).isNull();
        assertThat(readySessions()).isZero();
    }

    @Test
    void aHeldConnectionIsLetInWhenTheDialFails() {
        dialThePeer();
        RoguePeer inbound = presented(FIRST_RUN);
        assertSilent(inbound);
        dials.fail(ErrorCode.CONNECT_FAILED);
        assertThat(inbound.next()).isInstanceOf(Hello.class);
        assertThat(readySessions()).isEqualTo(1);
    }

    @Test
    void aHeldConnectionIsLetInWhenTheDialIsCancelled() {
        AtomicReference<PeerSession> connected = new AtomicReference<>();
        var dial = node().connect(theirs()).subscribe(connected::set);
        network.settle();
        RoguePeer inbound = presented(FIRST_RUN);
        assertSilent(inbound);
        dial.dispose();
        assertThat(inbound.next()).isInstanceOf(Hello.class);
    }

    @Test
    void aHeldConnectionWaitsForHalfOfItsTimeAtMost() {
        AtomicReference<PeerSession> connected = dialThePeer();
        RoguePeer inbound = rogue().handshake();
        network.advance(Duration.ofSeconds(2));
        inbound.send(hello(FIRST_RUN));
        network.advance(Duration.ofMillis(2_999)); // of the 6 s that are left
        assertSilent(inbound);
        network.advance(Duration.ofMillis(1));
        assertThat(inbound.next()).isInstanceOf(Hello.class);
        assertThat(connected.get()).isNotNull().isSameAs(live());
        assertThat(events.stream().filter(PeerEvent.ConnectionSetup.class::isInstance))
                .hasSize(1);
        assertThat(dials.cancelled()).isTrue();
    }

    @Test
    void aHeldConnectionMayLeave() {
        dialThePeer();
        RoguePeer inbound = presented(FIRST_RUN);
        inbound.fin();
        assertThat(events.stream().filter(PeerEvent.InboundRefused.class::isInstance))
                .hasSize(1);
        dials.fail(ErrorCode.CONNECT_FAILED);
        network.settle();
        assertThat(readySessions()).isZero();
    }

    @Test
    void onlyTheLatestOfAPeersConnectionsIsHeld() {
        dialThePeer();
        RoguePeer first = presented(FIRST_RUN);
        RoguePeer second = presented(FIRST_RUN);
        assertThat(first.awaitEnd()).isEqualTo(ErrorCode.DUPLICATE_SESSION);
        assertSilent(second);
        dials.fail(ErrorCode.CONNECT_FAILED);
        assertThat(second.next()).isInstanceOf(Hello.class);
    }

    @Test
    void theHigherKeyAnswersAtOnceAndItsDialLeadsThere() {
        restart(identity(false), LIMITS);
        AtomicReference<PeerSession> connected = dialThePeer();
        RoguePeer inbound = presented(FIRST_RUN);
        assertThat(inbound.next()).isInstanceOf(Hello.class);
        assertThat(connected.get()).isNotNull().isSameAs(live());
        assertThat(connected.get().initiator()).isFalse();
        assertThat(dials.cancelled()).isTrue();
    }

    @Test
    void aDialToSomebodyElseHoldsNothing() {
        node().connect(PeerAddress.tcp("elsewhere", 1)
                        .expecting(keyOf(Identity.generate()).identity().peerId()))
                .subscribe(session -> {}, e -> {});
        node().connect(PeerAddress.tcp("anywhere", 1)).subscribe(session -> {}, e -> {});
        network.settle();
        assertThat(presented(FIRST_RUN).next()).isInstanceOf(Hello.class);
    }

    @Test
    void heldConnectionsCountAsHandshakes() {
        restart(LIMITS.withMaxHandshakes(1));
        dialThePeer();
        presented(FIRST_RUN);
        RoguePeer stranger = keep(RoguePeer.dial(network, "stranger", ADDRESS, keyOf(Identity.generate())));
        assertThatThrownBy(stranger::handshake).isInstanceOf(AssertionError.class);
        assertThat(events)
                .anyMatch(e -> e instanceof PeerEvent.InboundRefused refused
                        && refused.reason().error() == ErrorCode.TOO_MANY_HANDSHAKES);
    }

    @Test
    void aClosingNodeLetsGoOfWhatItHolds() {
        dialThePeer();
        RoguePeer inbound = presented(FIRST_RUN);
        node().dispose();
        network.settle();
        assertThat(inbound.awaitEnd()).isEqualTo(ErrorCode.NODE_CLOSED);
        assertThat(readySessions()).isZero();
    }

    // ---- how

    private void restart(NodeLimits limits) {
        restart(identity(true), limits);
    }

    private void restart(Identity identity, NodeLimits limits) {
        node().dispose();
        network.advance(Duration.ofSeconds(2));
        events.clear();
        start(identity, limits);
    }

    private void start(Identity identity, NodeLimits limits) {
        PeerNodeSpec spec = Weir.node()
                .identity(identity)
                .limits(limits)
                .listen(ADDRESS)
                .transport(network.transport("node"))
                .transport(dials)
                .onEvent(events::add);
        oracle = new NodeOracle("node");
        oracle.watching(spec).start().subscribe(node -> {
            started = node;
            oracle.started(node);
        });
        network.settle();
    }

    private PeerNode node() {
        return Objects.requireNonNull(started, "started");
    }

    /** One whose key is lower than the peer's, or higher. */
    private Identity identity(boolean lower) {
        while (true) {
            Identity identity = Identity.generate();
            if (identity.peerId().compareTo(peer.identity().peerId()) < 0 == lower) {
                return identity;
            }
        }
    }

    private static HandshakeConfig keyOf(Identity identity) {
        return HandshakeConfig.of(identity, X25519KeyPair.generate(new SecureRandom()::nextBytes));
    }

    private PeerAddress theirs() {
        return PeerAddress.tcp("peer", 1).expecting(peer.identity().peerId());
    }

    private AtomicReference<PeerSession> dialThePeer() {
        AtomicReference<PeerSession> connected = new AtomicReference<>();
        node().connect(theirs()).subscribe(connected::set, e -> {});
        network.settle();
        return connected;
    }

    private RoguePeer keep(RoguePeer rogue) {
        rogues.add(rogue);
        return rogue;
    }

    /** A new connection of the peer. */
    private RoguePeer rogue() {
        return keep(RoguePeer.dial(network, "peer", ADDRESS, peer));
    }

    /** The same after handshake and HELLO. */
    private RoguePeer presented(long run) {
        RoguePeer rogue = rogue().handshake();
        rogue.send(hello(run));
        return rogue;
    }

    /** The same with the node's HELLO, and its first PING answered. */
    private RoguePeer ready(long run) {
        RoguePeer rogue = rogue().session(hello(run));
        answerPing(rogue);
        return rogue;
    }

    private static void answerPing(RoguePeer rogue) {
        rogue.send(new SessionFrame.Pong(rogue.await(SessionFrame.Ping.class).token()));
    }

    private static Hello hello(long run) {
        return Hello.defaults().withIncarnation(run);
    }

    private static void assertSilent(RoguePeer rogue) {
        assertThat(rogue.heard()).isEmpty();
    }

    private PeerSession live() {
        return Objects.requireNonNull(sessions().get(0), "a session");
    }

    /** The live ones. */
    private List<PeerSession> sessions() {
        List<PeerSession> live = new ArrayList<>();
        node().sessions().subscribe(live::add).dispose();
        return live;
    }

    private long readySessions() {
        return events.stream().filter(ConnectionReady.class::isInstance).count();
    }
}
