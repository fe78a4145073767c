package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.Listening;
import io.weir.reactive.PeerEvent.ListeningLost;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.transport.SchemeTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that ends of itself while the node lives, in memory under the names of two transports, and in virtual time. */
class LostListenerTest {

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final SchemeTransport tcp = new SchemeTransport(PeerAddress.TCP, network);
    private final SchemeTransport udp = new SchemeTransport(PeerAddress.UDP, network);
    private final List<PeerEvent> events = new ArrayList<>();
    private final List<PeerNode> nodes = new ArrayList<>();
    private final PeerNode server =
            started(Weir.node().listenOnOnePort("127.0.0.1", 7_400).onEvent(events::add));

    @AfterEach
    void nothingIsLeft() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
        assertThat(time.timers()).as("timers left").isZero();
        assertThat(network.links()).as("links left").isZero();
        time.dispose();
    }

    private PeerNode started(PeerNodeSpec spec) {
        spec.transport(tcp).transport(udp).scheduler(time).start().subscribe(nodes::add);
        time.settle();
        return nodes.get(nodes.size() - 1);
    }

    private PeerAddress at(String scheme) {
        PeerAddress place = scheme.equals(PeerAddress.TCP)
                ? PeerAddress.tcp("127.0.0.1", 7_400)
                : PeerAddress.udp("127.0.0.1", 7_400);
        return place.expecting(server.id());
    }

    private SchemeTransport transport(String scheme) {
        return scheme.equals(PeerAddress.TCP) ? tcp : udp;
    }

    private PeerSession connected(String scheme) {
        List<PeerSession> sessions = new ArrayList<>();
        started(Weir.node()).connect(at(scheme)).subscribe(sessions::add);
        time.settle();
        assertThat(sessions).as("sessions over " + scheme).hasSize(1);
        return sessions.get(0);
    }

    private <E extends PeerEvent> Stream<E> told(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp"})
    void isToldAndBoundAgainWhileAllElseGoesOn(String lost) {
        String other = lost.equals("tcp") ? "udp" : "tcp";
        List<PeerSession> sessions = List.of(connected(lost), connected(other));

        transport(lost).breakListener(at(lost));
        time.settle();

        assertThat(told(ListeningLost.class)).singleElement().satisfies(event -> {
            assertThat(event.address()).isEqualTo(at(lost));
            assertThat(event.reason().error()).isEqualTo(ErrorCode.LINK_LOST);
        });
        assertThat(server.addresses()).containsExactly(at(other));
        List<PeerEvent> later = new ArrayList<>();
        server.events().ofType(Listening.class).subscribe(later::add);
        assertThat(later).containsExactly(new Listening(at(other)));
        connected(other);

        time.advance(FIRST_DELAY);

        assertThat(server.addresses()).containsExactlyInAnyOrder(at(lost), at(other));
        assertThat(told(Listening.class).map(Listening::address)).containsExactly(at("tcp"), at("udp"), at(lost));
        connected(lost);
        assertThat(sessions).allMatch(session -> session.state() == SessionState.READY);
    }

    @Test
    void isTriedLessAndLessOftenUntilItIsThere() {
        int failures = 12;
        udp.failBinds(failures);
        udp.breakListener(at("udp"));
        Duration most = Duration.ZERO;
        for (int attempt = 1; attempt <= failures + 1; attempt++) {
            most = most.plusNanos(Rebinding.DELAYS.ceilingNanos(attempt));
        }
        time.advance(Duration.ofMillis(10L * failures));
        assertThat(server.addresses()).as("no hot loop").containsExactly(at("tcp"));

        time.advance(most);

        assertThat(server.addresses()).containsExactly(at("tcp"), at("udp"));
        assertThat(told(Listening.class))
                .as("each failure is told by the log only")
                .hasSize(3);
    }

    @Test
    void isBoundAgainHoweverOften() {
        for (int round = 0; round < 5; round++) {
            tcp.breakListener(at("tcp"));
            time.advance(FIRST_DELAY);
        }
        assertThat(told(ListeningLost.class)).hasSize(5);
        assertThat(server.addresses()).hasSize(2);
        connected("tcp");
    }

    @Test
    void isNotBoundAgainByANodeThatCloses() {
        tcp.failBinds(Integer.MAX_VALUE);
        tcp.breakListener(at("tcp"));
        time.settle();

        server.close().subscribe();
        time.settle();

        assertThat(server.isDisposed()).isTrue();
        assertThat(time.timers()).as("timers of a node that is closed").isZero();
        assertThat(told(ListeningLost.class)).hasSize(1);
    }
}
