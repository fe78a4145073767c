package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerEvent.ConnectionSetup;
import io.weir.reactive.PeerEvent.ConnectionSetupError;
import io.weir.reactive.PeerEvent.EventsDropped;
import io.weir.reactive.PeerEvent.Listening;
import io.weir.reactive.PeerEvent.ListeningError;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.Transport;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
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
        PeerAddress udp = PeerAddress.udp("127.0.0.1", 0);
        Weir.node().onEvent(told::add).listen(udp).start().subscribe(node -> {}, e -> {});
        assertThat(told).containsExactly(new ListeningError(udp, CloseReason.local(ErrorCode.BIND_FAILED)));
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

    // ---- slow subscribers

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlowSubscriberMissesNoLiveSession(boolean subscribedBefore) {
        int count = EventQueue.CAPACITY + 44;
        try (VirtualGuard guard = VirtualGuard.start()) {
            Slow<PeerSession> slow = new Slow<>();
            if (subscribedBefore) {
                guard.node.sessions().subscribe(slow);
            }
            List<RoguePeer> rogues = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rogues.add(guard.rogue().session());
            }
            if (!subscribedBefore) {
                guard.node.sessions().subscribe(slow);
            }
            RoguePeer gone = rogues.remove(7);
            gone.close();
            assertThat(slow.seen).isEmpty();

            slow.request(3);
            assertThat(slow.seen).hasSize(3);
            slow.request(Long.MAX_VALUE);
            assertThat(slow.seen)
                    .extracting(PeerSession::peer)
                    .as("the friend's and those of all rogues but the one that has gone, in order")
                    .startsWith(GuardedNode.FRIEND.peerId())
                    .endsWith(rogues.get(count - 2).id())
                    .hasSize(count)
                    .doesNotContain(gone.id());
            rogues.forEach(RoguePeer::close);
        }
    }

    @Test
    void aSlowSubscriberOfEventsLosesWholePairsAndIsToldHowMany() {
        int count = EventQueue.CAPACITY;
        try (VirtualGuard guard = VirtualGuard.start()) {
            Slow<PeerEvent> slow = new Slow<>();
            guard.node.events().subscribe(slow);
            List<RoguePeer> rogues = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rogues.add(guard.rogue().session());
            }
            rogues.forEach(RoguePeer::close);
            slow.request(Long.MAX_VALUE);

            // three were the case before: two listeners and the friend
            long shown = count(slow.seen, ConnectionReady.class) - 1;
            long ends = slow.seen.stream()
                    .filter(PeerEvent.ConnectionLost.class::isInstance)
                    .count();
            assertThat(ends).as("ends of the sessions shown").isEqualTo(shown);
            assertThat(slow.seen)
                    .filteredOn(EventsDropped.class::isInstance)
                    .extracting(e -> ((EventsDropped) e).count())
                    .as("what is not shown")
                    .containsExactly(2 * (count - shown));
        }
    }

    // ---- reasons

    @Test
    void everyEndHasAReasonThatSaysWhoWhereWhatAndWhetherToRetry() {
        assertThat(PeerEvent.class.getPermittedSubclasses())
                .filteredOn(type -> type.getSimpleName().matches(".*(Error|Refused|Closed|Lost)"))
                .hasSize(5)
                .allSatisfy(type -> assertThat(Arrays.stream(type.getRecordComponents())
                                .filter(c -> c.getName().equals("reason"))
                                .map(RecordComponent::getType))
                        .isEqualTo(List.of(CloseReason.class)));
    }

    @Test
    void bothSidesKnowWhoEndedASession() {
        try (VirtualGuard guard = VirtualGuard.start()) {
            PeerNode other = guard.other(Identity.generate());
            EventLog log = new EventLog(other, Duration.ofSeconds(1));
            guard.connected(other, VirtualGuard.FOR_ROGUES).dispose();
            guard.time.advance(LINGER);
            assertThat(log.soFar(ConnectionClosed.class))
                    .singleElement()
                    .satisfies(e -> assertThat(e.reason().origin()).isEqualTo(Origin.LOCAL));
            assertThat(guard.log.closed(other.id()).origin()).isEqualTo(Origin.REMOTE);
        }
    }

    // ---- how

    private static long count(List<PeerEvent> events, Class<? extends PeerEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    private static PeerNode started(TrackedTime time, MemoryNetwork network, PeerAddress address) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        Weir.node().listen(address).transport(network.transport()).start().subscribe(node::set);
        return Objects.requireNonNull(node.get());
    }

    /** Asks for nothing by itself. */
    private static final class Slow<T> extends BaseSubscriber<T> {
        private final List<T> seen = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(T value) {
            seen.add(value);
        }
    }

    /** A transport that never answers. */
    private static final class Hanging implements Transport {
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
