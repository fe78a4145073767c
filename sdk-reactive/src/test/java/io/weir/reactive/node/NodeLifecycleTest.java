package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerEvent.ConnectionSetup;
import io.weir.reactive.PeerEvent.ConnectionSetupError;
import io.weir.reactive.PeerEvent.InboundRefused;
import io.weir.reactive.PeerEvent.Listening;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The life of nodes and sessions, and the events that tell it, in memory and in virtual time. After each test everything
 * is closed, and no link and no timer may be left.
 */
class NodeLifecycleTest {

    private static final PeerAddress SERVER = PeerAddress.memory("server");

    /** How long a node waits, after its END, for the peer to close too. */
    private static final Duration LINGER = Duration.ofMillis(500);

    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<PeerNode> nodes = new ArrayList<>();
    private final Set<PeerNode> dialling = new HashSet<>();

    @AfterEach
    void everythingEnds() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
        assertThat(time.timers()).as("timers left").isZero();
        assertThat(network.links()).as("links left").isZero();
        assertThat(nodes).allMatch(PeerNode::isDisposed);
        time.dispose();
    }

    // ---- dialling

    @Test
    void concurrentConnectsShareOneDial() {
        server();
        PeerNode client = node();
        Told told = new Told(client);
        List<PeerSession> sessions = new ArrayList<>();
        Mono<PeerSession> connect = client.connect(SERVER);
        connect.subscribe(sessions::add);
        connect.subscribe(sessions::add);
        client.connect(SERVER).subscribe(sessions::add);
        time.settle();
        assertThat(sessions).hasSize(3).allMatch(session -> session == sessions.get(0));
        assertThat(network.links()).isEqualTo(1);
        assertThat(told.of(ConnectionSetup.class)).hasSize(1);
        assertThat(told.of(ConnectionReady.class)).hasSize(1);
    }

    @Test
    void aDialIsCold() {
        server();
        node().connect(SERVER);
        time.settle();
        assertThat(network.links()).isZero();
    }

    @Test
    void aLiveSessionIsEmittedInsteadOfANewDial() {
        PeerNode server = server();
        PeerNode client = node();
        PeerSession session = connected(client);
        assertThat(connected(client)).isSameAs(session);
        assertThat(connected(client, SERVER.expecting(server.id()))).isSameAs(session);
        assertThat(network.links()).isEqualTo(1);
    }

    @Test
    void aSessionThatThePeerDialledIsEmittedToo() {
        PeerNode server = server();
        PeerNode client = started(Weir.node().listen(PeerAddress.memory("client")));
        connected(client);
        PeerSession inbound = connected(server, PeerAddress.memory("client").expecting(client.id()));
        assertThat(inbound.initiator()).isFalse();
        assertThat(network.links()).isEqualTo(1);
    }

    @Test
    void anEndedSessionIsDialledAnew() {
        server();
        PeerNode client = node();
        PeerSession first = connected(client);
        first.dispose();
        PeerSession second = connected(client);
        assertThat(second).isNotSameAs(first);
        assertThat(second.id()).isGreaterThan(first.id());
    }

    @Test
    void cancellingOneOfTwoSubscribersKeepsTheDial() {
        server();
        PeerNode client = node();
        List<PeerSession> sessions = new ArrayList<>();
        Disposable one = client.connect(SERVER).subscribe();
        client.connect(SERVER).subscribe(sessions::add);
        one.dispose();
        time.settle();
        assertThat(sessions).hasSize(1);
    }

    @Test
    void cancellingTheLastSubscriberAbortsTheDial() {
        server();
        PeerNode client = node();
        Told told = new Told(client);
        Disposable one = client.connect(SERVER).subscribe();
        Disposable two = client.connect(SERVER).subscribe();
        one.dispose();
        two.dispose();
        time.advance(LINGER);
        assertThat(network.links()).isZero();
        assertThat(told.of(ConnectionSetupError.class))
                .singleElement()
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.CANCELLED)));
        assertThat(connected(client).state()).isEqualTo(SessionState.READY);
    }

    @Test
    void cancellingTheLastSubscriberAbortsAHandshake() {
        PeerNode server = started(serving().admission(candidate -> Mono.never()));
        Told heard = new Told(server);
        PeerNode client = node();
        Told told = new Told(client);
        Disposable dial = client.connect(SERVER).subscribe();
        time.settle();
        assertThat(network.links()).isEqualTo(1);
        dial.dispose();
        time.advance(LINGER);
        assertThat(network.links()).isZero();
        assertThat(told.of(ConnectionSetupError.class)).hasSize(1);
        assertThat(heard.of(InboundRefused.class)).hasSize(1);
    }

    @Test
    void aSessionOutlivesTheSubscriberThatWantedIt() {
        server();
        PeerNode client = node();
        AtomicReference<PeerSession> session = new AtomicReference<>();
        Disposable subscriber = client.connect(SERVER).subscribe(session::set);
        time.settle();
        subscriber.dispose();
        time.advance(Duration.ofMinutes(1));
        assertThat(session.get().state()).isEqualTo(SessionState.READY);
    }

    @Test
    void aDialThatFailsMayBeTriedAgain() {
        PeerNode client = node();
        List<Throwable> failures = new ArrayList<>();
        client.connect(SERVER).subscribe(s -> {}, failures::add);
        time.settle();
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED)));
        server();
        assertThat(connected(client).state()).isEqualTo(SessionState.READY);
    }

    @Test
    void aDialToASchemeWithoutTransportFailsAndIsTold() {
        PeerNode client = node();
        Told told = new Told(client);
        List<Throwable> failures = new ArrayList<>();
        client.connect(PeerAddress.parse("sctp://127.0.0.1:1")).subscribe(s -> {}, failures::add);
        time.settle();
        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("sctp"));
        assertThat(told.of(ConnectionSetupError.class)).hasSize(1);
    }

    // ---- the blocking forms

    @Test
    void connectNowGivesUpInTimeAndAbortsTheDial() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            PeerNode client = Weir.node().startNow(Duration.ofSeconds(20));
            EventLog log = new EventLog(client);
            PeerAddress address = PeerAddress.tcp("127.0.0.1", mute.getLocalPort());
            assertThatThrownBy(() -> client.connectNow(address, Duration.ofSeconds(2)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Timeout");
            assertThat(log.setupFailed()).isEqualTo(CloseReason.local(ErrorCode.CANCELLED));
            mute.setSoTimeout(20_000);
            try (Socket dialled = mute.accept()) {
                dialled.setSoTimeout(20_000);
                dialled.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            client.dispose();
        }
    }

    @Test
    void startNowGivesUpInTime() {
        assertThatThrownBy(() -> Weir.node()
                        .transport(new NeverBinds())
                        .listen(PeerAddress.memory("x"))
                        .startNow(Duration.ofMillis(50)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Timeout");
    }

    // ---- binding

    @Test
    void bindsAllOrNone() {
        server();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Weir.node()
                .listen(PeerAddress.memory("free"))
                .listen(SERVER)
                .transport(network.transport())
                .start()
                .subscribe(started -> {}, failure::set);
        time.settle();
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        ListenException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.BIND_FAILED)));
        started(Weir.node().listen(PeerAddress.memory("free")));
    }

    @Test
    void everySubscriptionStartsANodeOfItsOwn() {
        Mono<PeerNode> start = Weir.node().transport(network.transport()).start();
        start.subscribe(nodes::add);
        start.subscribe(nodes::add);
        time.settle();
        assertThat(nodes).hasSize(2);
        assertThat(nodes.get(0).id()).isNotEqualTo(nodes.get(1).id());
    }

    @Test
    void addressesNameTheNode() {
        PeerNode server = server();
        assertThat(server.addresses()).containsExactly(SERVER.expecting(server.id()));
    }

    // ---- the end of a session

    @Test
    void closeOfASessionIsCold() {
        server();
        PeerSession session = connected(node());
        Mono<Void> close = session.close();
        time.settle();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        AtomicBoolean closed = new AtomicBoolean();
        close.subscribe(null, null, () -> closed.set(true));
        time.settle();
        assertThat(closed).isTrue();
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void disposeOfASessionIsEagerAndBothSidesKnowWhy() {
        PeerNode server = server();
        Told heard = new Told(server);
        PeerNode client = node();
        Told told = new Told(client);
        PeerSession session = connected(client);
        List<CloseReason> reasons = new ArrayList<>();
        session.onClose().subscribe(reasons::add);
        session.dispose();
        session.dispose();
        time.settle();
        session.onClose().subscribe(reasons::add);
        assertThat(reasons).containsExactly(CloseReason.local(ErrorCode.NONE), CloseReason.local(ErrorCode.NONE));
        assertThat(told.of(ConnectionClosed.class))
                .singleElement()
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.NONE)));
        assertThat(heard.of(ConnectionClosed.class))
                .singleElement()
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.NONE)));
        assertThat(network.links()).isZero();
    }

    @Test
    void onCloseOnlyObserves() {
        server();
        PeerSession session = connected(node());
        session.onClose().subscribe().dispose();
        time.settle();
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    void aSessionWithAPeerThatIsGoneClosesAllTheSame() {
        server();
        PeerSession session = connected(node());
        network.silence("server");
        session.dispose();
        time.settle();
        assertThat(session.state()).isEqualTo(SessionState.CLOSING);
        time.advance(LINGER);
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
    }

    // ---- the end of a node

    @Test
    void closeOfANodeIsColdAndTellsItsPeers() {
        PeerNode server = server();
        PeerNode client = node();
        Told told = new Told(client);
        connected(client);
        Mono<Void> close = server.close();
        time.settle();
        assertThat(server.isDisposed()).isFalse();
        List<CloseReason> reasons = new ArrayList<>();
        server.onClose().subscribe(reasons::add);
        AtomicBoolean closed = new AtomicBoolean();
        close.subscribe(null, null, () -> closed.set(true));
        time.settle();
        assertThat(closed).isTrue();
        assertThat(reasons).containsExactly(CloseReason.local(ErrorCode.NODE_CLOSED));
        assertThat(told.of(ConnectionClosed.class)).singleElement().satisfies(e -> {
            assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.NODE_CLOSED));
            assertThat(e.reason().retryable()).isTrue();
        });
    }

    @Test
    void disposeOfANodeIsEager() {
        PeerNode server = server();
        PeerSession session = connected(node());
        server.dispose();
        time.settle();
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        started(serving()); // the name is free again
    }

    @Test
    void aClosedNodeDialsNoMore() {
        server();
        PeerNode client = node();
        client.dispose();
        time.settle();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        client.connect(SERVER).subscribe(s -> {}, failure::set);
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.NODE_CLOSED)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNodeThatClosesDuringADialFailsItAndTellsSo(boolean beforeThereIsALink) {
        started(serving().admission(candidate -> Mono.never()));
        PeerNode client = node();
        Told told = new Told(client);
        List<Throwable> failures = new ArrayList<>();
        client.connect(SERVER).subscribe(s -> {}, failures::add);
        if (!beforeThereIsALink) {
            time.settle();
        }
        client.dispose();
        time.advance(LINGER);
        assertThat(failures).singleElement().isInstanceOf(ConnectException.class);
        assertThat(told.of(ConnectionSetupError.class)).hasSize(1);
        assertThat(told.completed).isTrue();
    }

    @Test
    void aNodeThatClosesDuringADialThatHangsFailsItAndTellsSo() {
        NeverBinds hanging = new NeverBinds();
        PeerNode client = started(Weir.node(), hanging);
        Told told = new Told(client);
        List<Throwable> failures = new ArrayList<>();
        client.connect(SERVER).subscribe(s -> {}, failures::add);
        client.dispose();
        time.settle();
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.NODE_CLOSED)));
        assertThat(told.of(ConnectionSetupError.class)).hasSize(1);
        assertThat(told.completed).isTrue();
        assertThat(hanging.cancelled).isTrue();
    }

    @Test
    void aNodeThatClosesDuringAnInboundHandshakeTellsSo() {
        PeerNode server = started(serving().admission(candidate -> Mono.never()));
        Told told = new Told(server);
        node().connect(SERVER).subscribe(s -> {}, e -> {});
        time.settle();
        server.dispose();
        time.advance(LINGER);
        assertThat(told.of(InboundRefused.class)).hasSize(1);
        assertThat(told.completed).isTrue();
    }

    // ---- events

    @Test
    void eventsBeginWithWhatIsTheCase() {
        PeerNode server = server();
        PeerNode first = node();
        connected(first);
        PeerNode second = node();
        PeerSession gone = connected(second);
        gone.dispose();
        time.settle();
        Told late = new Told(server);
        assertThat(late.events).hasSize(2);
        assertThat(late.events.get(0))
                .isInstanceOfSatisfying(
                        Listening.class,
                        e -> assertThat(e.address())
                                .isEqualTo(server.addresses().get(0)));
        assertThat(late.events.get(1)).isInstanceOfSatisfying(ConnectionReady.class, e -> {
            assertThat(e.peer()).isEqualTo(first.id());
            assertThat(e.initiator()).isFalse();
        });
        connected(second);
        assertThat(late.events).hasSize(3).last().isInstanceOf(ConnectionReady.class);
    }

    @Test
    void everySubscriberHearsTheSameInTheSameOrder() {
        PeerNode server = server();
        Told one = new Told(server);
        Told two = new Told(server);
        connected(node()).dispose();
        time.settle();
        assertThat(one.events).isEqualTo(two.events);
        assertThat(one.events)
                .extracting(e -> (Object) e.getClass())
                .containsExactly(Listening.class, ConnectionReady.class, ConnectionClosed.class);
    }

    @Test
    void eventsOfAClosedNodeAreOver() {
        PeerNode server = server();
        server.dispose();
        time.settle();
        Told late = new Told(server);
        assertThat(late.events).isEmpty();
        assertThat(late.completed).isTrue();
    }

    @Test
    void sessionsAreTheLiveOnesAndThenEachNewOne() {
        PeerNode server = server();
        PeerNode first = node();
        connected(first);
        List<PeerSession> sessions = new ArrayList<>();
        server.sessions().subscribe(sessions::add);
        assertThat(sessions).extracting(PeerSession::peer).containsExactly(first.id());
        PeerNode second = node();
        connected(second);
        assertThat(sessions).extracting(PeerSession::peer).containsExactly(first.id(), second.id());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void ofEachPairExactlyOneComes(long seed) {
        Random random = new Random(seed);
        AtomicInteger asked = new AtomicInteger();
        PeerNode server = started(serving().admission(candidate -> {
            int verdict = asked.incrementAndGet() % 5;
            return verdict == 0 ? Mono.just(false) : verdict == 1 ? Mono.never() : Mono.just(true);
        }));
        Told heard = new Told(server);
        List<Told> tellers = new ArrayList<>();
        AtomicInteger dials = new AtomicInteger();
        List<PeerNode> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            PeerNode client = node();
            clients.add(client);
            tellers.add(new Told(client));
        }
        for (int step = 0; step < 120; step++) {
            PeerNode client = clients.get(random.nextInt(clients.size()));
            switch (random.nextInt(7)) {
                case 0, 1, 2 -> dial(client, dials, random.nextBoolean());
                case 3 -> client.sessions().take(1).subscribe(Disposable::dispose);
                case 4 -> server.sessions().take(1).subscribe(Disposable::dispose);
                case 5 -> network.reset("server");
                default -> network.silence("server");
            }
            time.advance(Duration.ofMillis(random.nextInt(2_000)));
        }
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(10));
        heard.assertPaired(seed);
        tellers.forEach(told -> told.assertPaired(seed));
        int outcomes = tellers.stream()
                .mapToInt(told -> told.of(ConnectionSetup.class).size()
                        + told.of(ConnectionSetupError.class).size())
                .sum();
        assertThat(outcomes).as("outcomes of dials, seed %d", seed).isEqualTo(dials.get());
    }

    /** Counts those that begin a dial; some are cancelled at once. */
    private void dial(PeerNode client, AtomicInteger dials, boolean cancel) {
        AtomicBoolean live = new AtomicBoolean();
        client.sessions()
                .filter(s -> !s.isDisposed())
                .subscribe(s -> live.set(true))
                .dispose();
        if (live.get() || !dialling.add(client)) {
            return;
        }
        dials.incrementAndGet();
        Disposable dial = client.connect(SERVER)
                .doFinally(signal -> dialling.remove(client))
                .subscribe(s -> {}, e -> {});
        if (cancel) {
            dial.dispose();
        }
    }

    // ---- keys and ciphers

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void aDiallerChoosesTheCipher(CipherSuite suite) {
        server();
        PeerSession session = connected(started(Weir.node().cipher(suite)));
        List<String> echoes = new ArrayList<>();
        PeerStream echo = session.openStream("echo", StreamConfig.reliable());
        echo.receive(Codec.utf8()).subscribe(echoes::add);
        echo.send(Mono.just("hello"), Codec.utf8()).subscribe();
        time.settle();
        assertThat(echoes).containsExactly("hello");
    }

    @Test
    void peersWithTheSameNetworkKeyMeet() {
        started(serving().networkKey(key(1)));
        assertThat(connected(started(Weir.node().networkKey(key(1)))).state()).isEqualTo(SessionState.READY);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2, NETWORK_KEY_MISMATCH, LOCAL",
        "1, 0, SUITE_UNSUPPORTED, UNPROVEN",
        "0, 1, SUITE_UNSUPPORTED, UNPROVEN"
    })
    void peersWithDifferentNetworkKeysDoNotAndBothAreToldWhy(
            int serverKey, int clientKey, ErrorCode code, Origin toldBy) {
        PeerNode server = started(serverKey == 0 ? serving() : serving().networkKey(key(serverKey)));
        Told heard = new Told(server);
        PeerNode client = started(clientKey == 0 ? Weir.node() : Weir.node().networkKey(key(clientKey)));
        Told told = new Told(client);
        List<Throwable> failures = new ArrayList<>();
        client.connect(SERVER).subscribe(s -> {}, failures::add);
        time.advance(LINGER);
        assertThat(failures).singleElement().isInstanceOfSatisfying(ConnectException.class, e -> {
            assertThat(e.reason().error()).isEqualTo(code);
            assertThat(e.reason().origin()).isEqualTo(toldBy);
            assertThat(e.reason().detail()).contains("network key");
        });
        assertThat(told.of(ConnectionSetupError.class)).hasSize(1);
        assertThat(heard.of(InboundRefused.class)).singleElement().satisfies(e -> {
            assertThat(e.reason()).isEqualTo(CloseReason.local(code));
            assertThat(e.reason().detail()).contains("network key");
        });
    }

    // ---- liveness

    @ParameterizedTest
    @CsvSource({"15000, 15000", "100, 100", "100, 3600000", "3600000, 100", "30, 15000", "15000, 30"})
    void heartbeatsKeepAnIdleSessionAlive(long serverLimitMillis, long clientLimitMillis) {
        PeerNode server = started(serving().limits(silence(serverLimitMillis)));
        Told heard = new Told(server);
        PeerSession session = connected(started(Weir.node().limits(silence(clientLimitMillis))));
        long steps = Math.min(2_000, 10 * Math.max(serverLimitMillis, clientLimitMillis));
        long stepMillis = Math.max(1, Math.min(serverLimitMillis, clientLimitMillis) / 10);
        for (long i = 0; i < steps; i++) {
            time.advance(Duration.ofMillis(stepMillis));
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(heard.of(ConnectionLost.class)).isEmpty();
    }

    @Test
    void anIdleSessionLivesForDays() {
        server();
        PeerSession session = connected(node());
        for (int hour = 0; hour < 48; hour++) {
            time.advance(Duration.ofHours(1));
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    void aPeerThatStallsIsLostWithinTheLimitAndAStep() {
        PeerNode server = started(serving().limits(silence(2_000)));
        Told heard = new Told(server);
        PeerNode client = started(Weir.node().limits(silence(6_000)));
        Told told = new Told(client);
        connected(client);
        time.advance(Duration.ofMinutes(1));
        network.silence("server");
        assertLostAt(heard, Duration.ofMillis(2_000));
        assertLostAt(told, Duration.ofMillis(4_000));
    }

    private void assertLostAt(Told told, Duration within) {
        time.advance(within.plusMillis(10));
        assertThat(told.of(ConnectionLost.class)).singleElement().satisfies(e -> {
            assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
            assertThat(e.reason().retryable()).isTrue();
        });
    }

    // ---- how

    private PeerNodeSpec serving() {
        return ServedStreams.on(Weir.node()).listen(SERVER);
    }

    private PeerNode server() {
        return started(serving());
    }

    private PeerNode node() {
        return started(Weir.node().identity(Identity.generate()));
    }

    private PeerNode started(PeerNodeSpec spec) {
        return started(spec, network.transport());
    }

    private PeerNode started(PeerNodeSpec spec, LinkTransport transport) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        spec.transport(transport).start().subscribe(node::set);
        time.settle();
        nodes.add(Objects.requireNonNull(node.get(), "not started"));
        return node.get();
    }

    private PeerSession connected(PeerNode node) {
        return connected(node, SERVER);
    }

    private PeerSession connected(PeerNode node, PeerAddress address) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        node.connect(address).subscribe(session::set);
        time.settle();
        return Objects.requireNonNull(session.get(), "no session");
    }

    private static NodeLimits silence(long millis) {
        return NodeLimits.defaults().withSilenceLimit(Duration.ofMillis(millis));
    }

    private static NetworkKey key(int seed) {
        byte[] key = new byte[NetworkKey.LENGTH];
        key[0] = (byte) seed;
        return NetworkKey.of(key);
    }

    /** What one subscriber of a node's events has been told. */
    private static final class Told {
        private final List<PeerEvent> events = new ArrayList<>();
        private boolean completed;

        Told(PeerNode node) {
            node.events().subscribe(events::add, e -> {}, () -> completed = true);
        }

        <E extends PeerEvent> List<E> of(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        void assertPaired(long seed) {
            List<Long> ready = of(ConnectionReady.class).stream()
                    .map(ConnectionReady::sessionId)
                    .toList();
            List<Long> ended = new ArrayList<>();
            of(ConnectionClosed.class).forEach(e -> ended.add(e.sessionId()));
            of(ConnectionLost.class).forEach(e -> ended.add(e.sessionId()));
            assertThat(ended)
                    .as("ends of sessions, seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(ready)
                    .doesNotHaveDuplicates();
            assertThat(completed).as("completion, seed %d", seed).isTrue();
        }
    }

    /** A transport that never answers. */
    private static final class NeverBinds implements LinkTransport {
        private boolean cancelled;

        @Override
        public String scheme() {
            return PeerAddress.MEMORY;
        }

        @Override
        public Mono<Link> connect(PeerAddress address, Duration timeout) {
            return Mono.<Link>never().doOnCancel(() -> cancelled = true);
        }

        @Override
        public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
            return Mono.never();
        }

        @Override
        public Mono<Void> disposeLater() {
            return Mono.empty();
        }

        @Override
        public void dispose() {}
    }
}
