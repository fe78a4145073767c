package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerEvent.DrainCutOff;
import io.weir.reactive.PeerEvent.InboundRefused;
import io.weir.reactive.PeerEvent.Listening;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A node goes away: it takes and begins nothing new, lets its sessions drain, and is closed. */
class NodeShutdownTest {

    private static final PeerAddress SERVER = PeerAddress.memory("server");
    private static final Duration LINGER = Duration.ofMillis(500);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<PeerEvent> told = new ArrayList<>();
    private final List<String> result = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
        assertThat(time.timers()).as("timers left").isZero();
        assertThat(network.links()).as("links left").isZero();
        time.dispose();
    }

    @Test
    void isColdAndRefusesDeadlinesThatMakeNoSense() {
        PeerNode server = server();
        server.shutdown(DEADLINE);
        time.settle();
        connected(client());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.shutdown(Duration.ofSeconds(-1)))
                .withMessage("deadline is PT-1S; legal: PT0S to PT1H");
    }

    @Test
    void closesANodeWithoutSessionsAtOnce() {
        PeerNode server = server();
        shutDown(server, DEADLINE);
        assertThat(result).containsExactly("complete");
        assertThat(server.isDisposed()).isTrue();
        server(); // the name is free again
    }

    @Test
    void waitsForTheStreamsOfEverySession() {
        PeerNode server = server();
        Sinks.Many<String> first = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<String> second = Sinks.many().unicast().onBackpressureBuffer();
        List<PeerSession> sessions = List.of(connected(client()), connected(client()), connected(client()));
        List<String> echoes = new ArrayList<>();
        echo(sessions.get(0), first, echoes);
        echo(sessions.get(1), second, echoes);
        time.settle();
        shutDown(server, DEADLINE);
        assertThat(sessions)
                .extracting(PeerSession::state)
                .containsExactly(SessionState.DRAINING, SessionState.DRAINING, SessionState.CLOSED);

        first.tryEmitNext("a");
        first.tryEmitComplete();
        time.settle();
        assertThat(result).isEmpty();
        second.tryEmitNext("b");
        second.tryEmitComplete();
        time.advance(LINGER);
        assertThat(echoes).containsExactly("a", "b");
        assertThat(result).containsExactly("complete");
        assertThat(of(ConnectionClosed.class))
                .hasSize(3)
                .allMatch(e -> e.reason().equals(CloseReason.local(ErrorCode.NONE)));
        assertThat(of(DrainCutOff.class)).isEmpty();
    }

    @Test
    void takesAndBeginsNothingNewMeanwhile() {
        PeerNode other = started(Weir.node().listen(PeerAddress.memory("other")));
        PeerNode server = server();
        PeerSession session = connected(client());
        hold(session);
        time.settle();
        PeerNode stranger = client();
        List<Throwable> failures = new ArrayList<>();
        server.connect(PeerAddress.memory("other")).subscribe(s -> {}, failures::add); // in progress
        stranger.connect(SERVER).subscribe(s -> {}, failures::add); // in progress
        server.shutdown(DEADLINE).subscribe();
        time.advance(LINGER);
        assertThat(failures).hasSize(2).allMatch(ConnectException.class::isInstance);

        failures.clear();
        server.connect(other.addresses().get(0)).subscribe(s -> {}, failures::add);
        stranger.connect(SERVER).subscribe(s -> {}, failures::add);
        time.settle();
        assertThat(failures)
                .extracting(e -> ((ConnectException) e).reason().error())
                .containsExactly(ErrorCode.NODE_CLOSED, ErrorCode.CONNECT_FAILED);
        assertThat(session.state()).isEqualTo(SessionState.DRAINING);
        assertThat(server.isDisposed()).isFalse();
        List<PeerEvent> late = new ArrayList<>();
        server.events().subscribe(late::add);
        assertThat(late).singleElement().isInstanceOf(ConnectionReady.class);
    }

    @Test
    void cutsOffWhatTheDeadlineFinds() {
        PeerNode server = server();
        PeerSession session = connected(client());
        hold(session);
        time.settle();
        shutDown(server, DEADLINE);
        time.advance(DEADLINE.minusMillis(1));
        assertThat(session.state()).isEqualTo(SessionState.DRAINING);
        time.advance(LINGER.plusMillis(1));
        assertThat(result).containsExactly("complete");
        assertThat(of(DrainCutOff.class)).singleElement().satisfies(e -> {
            assertThat(e.streams()).isEqualTo(1);
            assertThat(e.requests()).isZero();
        });
        assertThat(session.onClose().block()).isEqualTo(CloseReason.remote(ErrorCode.DRAIN_TIMEOUT));
        assertThat(of(ConnectionClosed.class))
                .singleElement()
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.DRAIN_TIMEOUT)));
    }

    @Test
    void disposingClosesAtOnceMeanwhile() {
        PeerNode server = server();
        PeerSession session = connected(client());
        hold(session);
        time.settle();
        shutDown(server, DEADLINE);
        server.dispose();
        time.advance(LINGER);
        assertThat(result).containsExactly("complete");
        assertThat(session.onClose().block()).isEqualTo(CloseReason.remote(ErrorCode.NODE_CLOSED));
    }

    @Test
    void shuttingDownTwiceOnlyBringsTheDeadlineForward() {
        PeerNode server = server();
        hold(connected(client()));
        time.settle();
        shutDown(server, DEADLINE);
        shutDown(server, Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(1).plus(LINGER));
        assertThat(result).containsExactly("complete", "complete");
        shutDown(server, DEADLINE);
        assertThat(result).containsExactly("complete", "complete", "complete");
    }

    @Test
    void tellsEveryEndBeforeItsEventsComplete() {
        PeerNode server = server();
        List<PeerEvent> seen = new ArrayList<>();
        List<String> end = new ArrayList<>();
        server.events().subscribe(seen::add, e -> {}, () -> end.add("complete after " + seen.size()));
        connected(client());
        time.settle();
        shutDown(server, DEADLINE);
        time.advance(LINGER);
        assertThat(seen)
                .extracting(e -> (Object) e.getClass())
                .containsExactly(Listening.class, ConnectionReady.class, ConnectionClosed.class);
        assertThat(end).containsExactly("complete after 3");
        assertThat(of(InboundRefused.class)).isEmpty();
    }

    // ---- how

    private void shutDown(PeerNode node, Duration deadline) {
        node.shutdown(deadline).subscribe(v -> {}, e -> result.add("failed"), () -> result.add("complete"));
        time.settle();
    }

    private static void hold(PeerSession session) {
        session.openStream("stall", StreamConfig.reliable())
                .send(Flux.never(), Codec.utf8())
                .subscribe(v -> {}, e -> {});
    }

    private static void echo(PeerSession session, Sinks.Many<String> words, List<String> echoes) {
        var stream = session.openStream(StreamId.of("e"), StreamOpen.named("echo"), StreamConfig.reliable());
        stream.receive(Codec.utf8()).subscribe(echoes::add);
        stream.send(words.asFlux(), Codec.utf8()).subscribe();
    }

    private <E extends PeerEvent> List<E> of(Class<E> kind) {
        return told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private PeerNode server() {
        return started(ServedStreams.on(Weir.node()).onEvent(told::add).listen(SERVER));
    }

    private PeerNode client() {
        return started(Weir.node().identity(Identity.generate()));
    }

    private PeerNode started(PeerNodeSpec spec) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        spec.transport(network.transport()).start().subscribe(node::set);
        time.settle();
        nodes.add(Objects.requireNonNull(node.get(), "not started"));
        return node.get();
    }

    private PeerSession connected(PeerNode node) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        node.connect(SERVER).subscribe(session::set);
        time.settle();
        return Objects.requireNonNull(session.get(), "no session");
    }
}
