package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Two nodes that dial each other, or one of them twice: one session is what comes of it, and every dial leads to it. */
class SimultaneousDialsTest {

    private static final Duration LINGER = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
        assertThat(time.timers()).as("timers left").isZero();
        assertThat(network.links()).as("links left").isZero();
        assertThat(nodes).allMatch(node -> node.contests().size() == 0);
        time.dispose();
    }

    @ParameterizedTest(name = "the first expects a key: {0}, the second: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void bothLeadToOneSession(boolean firstExpects, boolean secondExpects) {
        Node one = node("one");
        Node two = node("two");
        EventLog atOne = log(one);
        EventLog atTwo = log(two);
        AtomicReference<PeerSession> first = dial(one, address("two", firstExpects, two));
        AtomicReference<PeerSession> second = dial(two, address("one", secondExpects, one));
        time.settle();
        time.advance(LINGER);
        assertThat(first.get().initiator()).isNotEqualTo(second.get().initiator());
        if (firstExpects && secondExpects) {
            assertThat(first.get().initiator()).isEqualTo(one.id().compareTo(two.id()) < 0);
        }
        assertThat(network.links()).isEqualTo(1);
        for (EventLog log : List.of(atOne, atTwo)) {
            assertThat(log.soFar(PeerEvent.ConnectionReady.class)).hasSize(1);
            assertThat(log.soFar(PeerEvent.ConnectionSetup.class))
                    .singleElement()
                    .satisfies(e -> assertThat(e.sessionId())
                            .isEqualTo(log.soFar(PeerEvent.ConnectionReady.class)
                                    .get(0)
                                    .sessionId()));
            assertThat(log.soFar(PeerEvent.ConnectionSetupError.class)).isEmpty();
        }
    }

    @Test
    void dialsToTwoAddressesOfOnePeerLeadToOneSession() {
        Node server = node("server", "server-too");
        Node client = node("client");
        AtomicReference<PeerSession> first = dial(client, PeerAddress.memory("server"));
        AtomicReference<PeerSession> second = dial(client, PeerAddress.memory("server-too"));
        time.settle();
        assertThat(first.get()).isNotNull().isSameAs(second.get());
        time.advance(LINGER);
        assertThat(network.links()).isEqualTo(1);
        assertThat(server.contests().live(client.id())).isNotNull();
    }

    @Test
    void aDialToASecondAddressEmitsTheLiveSession() {
        Node server = node("server", "server-too");
        Node client = node("client");
        EventLog log = log(client);
        EventLog heard = log(server);
        AtomicReference<PeerSession> first = dial(client, PeerAddress.memory("server"));
        time.settle();
        AtomicReference<PeerSession> second = dial(client, PeerAddress.memory("server-too"));
        time.settle();
        assertThat(second.get()).isSameAs(first.get());
        assertThat(log.soFar(PeerEvent.ConnectionSetup.class))
                .hasSize(2)
                .allMatch(e -> e.sessionId() == first.get().id());
        assertThat(heard.refused(ErrorCode.DUPLICATE_SESSION))
                .isEqualTo(CloseReason.remote(ErrorCode.DUPLICATE_SESSION));
        // from now on the address is known to be the peer's
        time.advance(LINGER);
        AtomicReference<PeerSession> third = dial(client, PeerAddress.memory("server-too"));
        assertThat(third.get()).isSameAs(first.get());
        first.get().dispose();
        time.advance(LINGER);
        assertThat(client.dials().known()).isZero();
    }

    @Test
    void aDialFromTheServersSideEmitsTheLiveSessionToo() {
        Node server = node("server");
        Node client = node("client");
        dial(client, PeerAddress.memory("server"));
        time.settle();
        AtomicReference<PeerSession> back = dial(server, PeerAddress.memory("client"));
        time.settle();
        assertThat(back.get().initiator()).isFalse();
        time.advance(LINGER);
        assertThat(network.links()).isEqualTo(1);
    }

    @Test
    void aDialFindsOutThatTheLiveSessionIsDead() {
        node("server", "server-too");
        Node client = node("client");
        AtomicReference<PeerSession> first = dial(client, PeerAddress.memory("server"));
        time.settle();
        network.silence("server");
        AtomicReference<PeerSession> second = dial(client, PeerAddress.memory("server-too"));
        time.advance(Duration.ofSeconds(6)); // two probes, one at each end
        assertThat(second.get()).isNotNull().isNotSameAs(first.get());
        assertThat(first.get().isDisposed()).isTrue();
        assertThat(second.get().isDisposed()).isFalse();
    }

    @Test
    void aNodeRefusesItsOwnKeyBeforeItConnects() {
        Node node = node("one");
        EventLog log = log(node);
        List<Throwable> failures = new ArrayList<>();
        node.connect(PeerAddress.memory("one").expecting(node.id())).subscribe(session -> {}, failures::add);
        assertThat(network.links()).isZero();
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.SELF_CONNECT)));
        assertThat(log.setupFailed()).isEqualTo(CloseReason.local(ErrorCode.SELF_CONNECT));
    }

    @Test
    void aNodeRefusesItselfUnderAnAddressWithoutAKey() {
        Node node = node("one");
        List<Throwable> failures = new ArrayList<>();
        node.connect(PeerAddress.memory("one")).subscribe(session -> {}, failures::add);
        time.settle();
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.SELF_CONNECT)));
    }

    /** Not in memory: two nodes, two threads of control, and no order between them. */
    @Test
    void nodesThatDialEachOtherOverTcpShareOneSession() {
        for (int round = 0; round < 50; round++) {
            PeerNode one = overTcp();
            PeerNode two = overTcp();
            try {
                PeerAddress toOne = round % 2 == 0 ? one.addresses().get(0) : anonymous(one);
                PeerAddress toTwo = round % 4 < 2 ? two.addresses().get(0) : anonymous(two);
                List<PeerSession> both =
                        Objects.requireNonNull(Mono.zip(one.connect(toTwo), two.connect(toOne), List::of)
                                .block(PATIENCE));
                PeerSession atOne = both.get(0);
                PeerSession atTwo = both.get(1);
                assertThat(otherEnd(atOne)).isEqualTo(atTwo.id());
                assertThat(otherEnd(atTwo)).isEqualTo(atOne.id());
                assertThat(atOne.initiator()).isNotEqualTo(atTwo.initiator());
                assertThat(one.sessions().blockFirst(PATIENCE)).isSameAs(atOne);
                assertThat(two.sessions().blockFirst(PATIENCE)).isSameAs(atTwo);
            } finally {
                Mono.when(one.close(), two.close()).block(PATIENCE);
            }
            assertThat(((Node) one).contests().size()).isZero();
            assertThat(((Node) two).contests().size()).isZero();
        }
    }

    private static PeerNode overTcp() {
        return Weir.node()
                .identity(Identity.generate())
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onRequest(
                        "which",
                        request -> Mono.just(Codec.utf8()
                                .encode(Long.toString(request.session().id()))))
                .startNow(PATIENCE);
    }

    private static PeerAddress anonymous(PeerNode node) {
        PeerAddress address = node.addresses().get(0);
        return PeerAddress.tcp(address.host(), address.port());
    }

    private static long otherEnd(PeerSession session) {
        return Long.parseLong(Objects.requireNonNull(
                session.request("which", "", Codec.utf8(), Codec.utf8()).block(PATIENCE)));
    }

    // ---- how

    private Node node(String... names) {
        var spec = Weir.node().identity(Identity.generate()).transport(network.transport());
        for (String name : names) {
            spec = spec.listen(PeerAddress.memory(name));
        }
        AtomicReference<PeerNode> started = new AtomicReference<>();
        spec.start().subscribe(started::set);
        time.settle();
        Node node = (Node) Objects.requireNonNull(started.get(), "not started");
        nodes.add(node);
        return node;
    }

    private static EventLog log(Node node) {
        return new EventLog(node, Duration.ofSeconds(1));
    }

    private static PeerAddress address(String name, boolean expecting, Node node) {
        return PeerAddress.memory(name).expecting(expecting ? node.id() : null);
    }

    private static AtomicReference<PeerSession> dial(Node node, PeerAddress address) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        node.connect(address).subscribe(session::set);
        return session;
    }
}
