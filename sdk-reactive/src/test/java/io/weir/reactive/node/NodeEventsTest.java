package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.error.Origin;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionSetup;
import io.weir.reactive.PeerEvent.ConnectionSetupError;
import io.weir.reactive.PeerEvent.Listening;
import io.weir.reactive.PeerEvent.ListeningError;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What a node tells: to whom nobody could subscribe yet, to slow subscribers, and of dials that follow each other. */
class NodeEventsTest {

    private static final PeerAddress SERVER = PeerAddress.memory("server");
    private static final Duration LINGER = Duration.ofMillis(500);

    // ---- listening

    @Test
    void tellsWhyANodeDidNotStart() {
        TrackedTime time = new TrackedTime();
        MemoryNetwork network = MemoryNetwork.on(time);
        PeerNode taken = started(time, network, SERVER);
        List<PeerEvent> told = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Weir.node()
                .onEvent(told::add)
                .listen(PeerAddress.memory("free"))
                .listen(SERVER)
                .listen(PeerAddress.memory("never-tried"))
                .transport(network.transport())
                .start()
                .subscribe(node -> {}, failure::set);
        time.settle();
        assertThat(told).hasSize(2);
        assertThat(told.get(0))
                .isInstanceOfSatisfying(
                        Listening.class, e -> assertThat(e.address().host()).isEqualTo("free"));
        assertThat(told.get(1)).isEqualTo(new ListeningError(SERVER, CloseReason.local(ErrorCode.BIND_FAILED)));
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        ListenException.class,
                        e -> assertThat(e.reason()).isEqualTo(((ListeningError) told.get(1)).reason()));
        taken.dispose();
    }

    @Test
    void tellsOfAnAddressWithoutTransport() {
        List<PeerEvent> told = new ArrayList<>();
        PeerAddress unknown = PeerAddress.parse("sctp://127.0.0.1:0");
        Weir.node().onEvent(told::add).listen(unknown).start().onErrorComplete().block(Duration.ofSeconds(30));
        assertThat(told).containsExactly(new ListeningError(unknown, CloseReason.local(ErrorCode.BIND_FAILED)));
    }

    @Test
    void tellsOfABindThatWasGivenUp() {
        List<PeerEvent> told = new ArrayList<>();
        Disposable start = Weir.node()
                .onEvent(told::add)
                .transport(new Hanging())
                .listen(SERVER)
                .start()
                .subscribe(node -> {}, e -> {});
        assertThat(told).isEmpty();
        start.dispose();
        assertThat(told).containsExactly(new ListeningError(SERVER, CloseReason.local(ErrorCode.CANCELLED)));
    }

    @Test
    void tellsEachObserverEverythingThoughOneThrows() {
        TrackedTime time = new TrackedTime();
        MemoryNetwork network = MemoryNetwork.on(time);
        List<PeerEvent> thrown = new ArrayList<>();
        List<PeerEvent> told = new ArrayList<>();
        AtomicReference<PeerNode> node = new AtomicReference<>();
        Weir.node()
                .onEvent(event -> {
                    thrown.add(event);
                    throw new IllegalStateException("a defect of the application");
                })
                .onEvent(told::add)
                .listen(PeerAddress.memory("one"))
                .listen(PeerAddress.memory("two"))
                .transport(network.transport())
                .start()
                .subscribe(node::set);
        time.settle();
        assertThat(told).hasSize(2).allMatch(Listening.class::isInstance);
        assertThat(thrown).isEqualTo(told);
        node.get().dispose();
    }

    // ---- dialling

    @Test
    void aDialFromInsideAFailureIsANewOneAndSharedLikeAnyOther() {
        TrackedTime time = new TrackedTime();
        MemoryNetwork network = MemoryNetwork.on(time);
        List<PeerEvent> told = new ArrayList<>();
        AtomicReference<PeerNode> started = new AtomicReference<>();
        Weir.node().onEvent(told::add).transport(network.transport()).start().subscribe(started::set);
        PeerNode client = started.get();
        List<PeerNode> servers = new ArrayList<>();
        List<PeerSession> sessions = new ArrayList<>();
        client.connect(SERVER).subscribe(sessions::add, e -> {
            servers.add(started(time, network, SERVER));
            client.connect(SERVER).subscribe(sessions::add);
        });
        client.connect(SERVER)
                .subscribe(sessions::add, e -> client.connect(SERVER).subscribe(sessions::add));
        time.settle();
        client.connect(SERVER).subscribe(sessions::add);
        assertThat(sessions).hasSize(3).allMatch(session -> session == sessions.get(0));
        assertThat(told).filteredOn(ConnectionSetupError.class::isInstance).hasSize(1);
        assertThat(told).filteredOn(ConnectionSetup.class::isInstance).hasSize(1);
        assertThat(network.links()).isEqualTo(1);
        client.dispose();
        servers.forEach(PeerNode::dispose);
    }

    @Test
    void aDialAfterTheLastSubscriberHasLeftIsANewOne() {
        Hanging hanging = new Hanging();
        List<PeerEvent> told = new ArrayList<>();
        AtomicReference<PeerNode> started = new AtomicReference<>();
        Weir.node().onEvent(told::add).transport(hanging).start().subscribe(started::set);
        PeerNode client = started.get();
        List<Throwable> failures = new ArrayList<>();
        Disposable first = client.connect(SERVER).subscribe(s -> {}, failures::add);
        Disposable second = client.connect(SERVER).subscribe(s -> {}, failures::add);
        first.dispose();
        assertThat(told).isEmpty();
        second.dispose();
        second.dispose();
        assertThat(told).containsExactly(new ConnectionSetupError(SERVER, CloseReason.local(ErrorCode.CANCELLED)));
        client.connect(SERVER).subscribe(s -> {}, failures::add);
        client.connect(SERVER).subscribe(s -> {}, failures::add);
        assertThat(hanging.dials).isEqualTo(2);
        client.dispose();
        assertThat(failures).hasSize(2).allMatch(ConnectException.class::isInstance);
        assertThat(told).hasSize(2).last().isInstanceOf(ConnectionSetupError.class);
    }

    // ---- reasons

    @Test
    void everyEndHasAReasonThatSaysWhoWhereWhatAndWhetherToRetry() {
        assertThat(PeerEvent.class.getPermittedSubclasses())
                .filteredOn(type -> type.getSimpleName().matches(".*(Error|Refused|Closed|Lost)"))
                .hasSize(6)
                .allSatisfy(type -> assertThat(Arrays.stream(type.getRecordComponents())
                                .filter(c -> c.getName().equals("reason"))
                                .map(RecordComponent::getType))
                        .isEqualTo(List.of(CloseReason.class)));
    }

    @Test
    void bothSidesKnowWhoEndedASession() {
        TrackedTime time = new TrackedTime();
        MemoryNetwork network = MemoryNetwork.on(time);
        PeerNode server = started(time, network, SERVER);
        PeerNode client = started(time, network, PeerAddress.memory("client"));
        EventLog atServer = new EventLog(server, Duration.ofSeconds(1));
        EventLog atClient = new EventLog(client, Duration.ofSeconds(1));
        client.connect(SERVER).subscribe(PeerSession::dispose);
        time.advance(LINGER.multipliedBy(2));

        assertThat(atClient.closed(server.id()).origin()).isEqualTo(Origin.LOCAL);
        assertThat(atServer.closed(client.id()).origin()).isEqualTo(Origin.REMOTE);
        client.dispose();
        server.dispose();
        time.advance(LINGER);
    }

    // ---- how

    private static PeerNode started(TrackedTime time, MemoryNetwork network, PeerAddress address) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        Weir.node().listen(address).transport(network.transport()).start().subscribe(node::set);
        return Objects.requireNonNull(node.get());
    }

    /** A transport that never answers. */
    private static final class Hanging implements LinkTransport {
        private int dials;

        @Override
        public String scheme() {
            return PeerAddress.MEMORY;
        }

        @Override
        public Mono<Link> connect(PeerAddress address, Duration timeout) {
            dials++;
            return Mono.never();
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
