package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.MessageNotSentException;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.peer.Target;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RouteLoss;
import io.weir.reactive.Routed;
import io.weir.reactive.Routes;
import io.weir.reactive.TrySend;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** Payloads by number among nodes in memory and in virtual time; nothing is left when they have ended. */
class RoutesTest {

    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<PeerNode> nodes = new ArrayList<>();
    private final PeerNode hub = started("hub");
    private final Routes routes = hub.routes();

    @AfterEach
    void everythingEnds() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
        assertThat(time.timers()).as("timers left").isZero();
        assertThat(network.links()).as("links left").isZero();
        time.dispose();
    }

    @Test
    void aPeerThatComesIsGivenANumberAndKeepsItAcrossSessions() {
        PeerNode peer = started("peer");
        PeerSession first = connected(peer, "hub");
        Target target = routes.target(peer.id()).orElseThrow();
        assertThat(routes.valid()).containsExactly(target);
        assertThat(routes.peer(target)).contains(peer.id());

        first.dispose();
        time.advance(Duration.ofSeconds(1));
        assertThat(routes.valid()).isEmpty();
        assertThat(routes.exists(target)).isTrue();
        assertThat(routes.trySend(target, bytes("lost"))).isEqualTo(TrySend.NOT_CONNECTED);

        connected(peer, "hub");
        assertThat(routes.valid()).containsExactly(target);
        assertThat(routes.all()).containsExactly(target);
    }

    @Test
    void payloadsCrossBothWaysUnderTheNumbersOfEachEnd() {
        PeerNode peer = started("peer");
        Target unused = peer.routes().add(started("other").id());
        Heard atPeer = new Heard(peer.routes());
        Heard atHub = new Heard(routes);
        connected(peer, "hub");
        Target toPeer = routes.target(peer.id()).orElseThrow();
        Target toHub = peer.routes().target(hub.id()).orElseThrow();
        assertThat(unused).isEqualTo(new Target(0));
        assertThat(toHub).isEqualTo(new Target(1));

        assertThat(routes.trySend(toPeer, bytes("there"))).isEqualTo(TrySend.OK);
        assertThat(peer.routes().trySend(toHub, bytes("back"))).isEqualTo(TrySend.OK);
        time.settle();

        assertThat(atPeer.texts).containsExactly("there");
        assertThat(atHub.texts).containsExactly("back");
        assertThat(atPeer.all.get(0).target()).isEqualTo(toHub);
        assertThat(atHub.all.get(0).peer()).isEqualTo(peer.id());
    }

    @Test
    void aPeerThatUsesNoRoutesCanBeSentToWhenItBeginsTo() {
        PeerNode peer = started("peer");
        connected(peer, "hub");
        Target target = routes.target(peer.id()).orElseThrow();
        assertThat(routes.trySend(target, bytes("early"))).isEqualTo(TrySend.OK);
        time.settle();

        Heard heard = new Heard(peer.routes());
        time.settle();

        assertThat(heard.texts).containsExactly("early");
    }

    @Test
    void theBytesAreTheCallersAgainAtOnce() {
        PeerNode peer = started("peer");
        Heard heard = new Heard(peer.routes());
        connected(peer, "hub");
        ByteBuffer payload = bytes("kept");
        routes.trySend(routes.valid().get(0), payload);
        payload.put(0, (byte) 'X');
        time.settle();

        assertThat(heard.texts).containsExactly("kept");
        assertThat(payload.position()).isZero();
    }

    @Test
    void aSendWaitsForThePeersCreditAndInOrder() {
        PeerNode peer = started("peer");
        Slow slow = new Slow(peer.routes());
        connected(peer, "hub");
        Target target = routes.valid().get(0);
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int number = i;
            routes.send(target, ByteBuffer.allocate(1_000).putInt(0, i))
                    .subscribe(v -> {}, e -> {}, () -> sent.add(number));
        }
        time.settle();
        assertThat(sent.size()).isBetween(60, 330);
        assertThat(routes.trySend(target, bytes("no"))).isEqualTo(TrySend.BACKPRESSURE);

        slow.request(Long.MAX_VALUE);
        time.settle();

        assertThat(sent).hasSize(400).isSorted();
        assertThat(slow.numbers).hasSize(400).isSorted();
    }

    @Test
    void aSendThatIsCancelledIsTakenBackAndTheirNumberIsBounded() {
        PeerNode peer = started("peer");
        Slow slow = new Slow(peer.routes());
        connected(peer, "hub");
        Target target = routes.valid().get(0);
        while (routes.trySend(target, ByteBuffer.allocate(1_000)) == TrySend.OK) {
            time.settle();
        }
        List<Disposable> waiting = new ArrayList<>();
        for (int i = 0; i < Routes.MAX_WAITING; i++) {
            waiting.add(routes.send(target, bytes("waits")).subscribe());
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        routes.send(target, bytes("one too many")).subscribe(v -> {}, failure::set);
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        MessageNotSentException.class,
                        e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS));

        waiting.forEach(Disposable::dispose);
        slow.request(Long.MAX_VALUE);
        time.settle();

        assertThat(slow.texts).doesNotContain("waits");
        assertThat(routes.trySend(target, bytes("again"))).isEqualTo(TrySend.OK);
    }

    @Test
    void aSlowPeerDelaysNoneOfTheOthers() {
        Map<Target, Heard> fast = new HashMap<>();
        Slow slow = null;
        Target slowTarget = new Target(0);
        for (int i = 0; i < 50; i++) {
            PeerNode peer = started("peer" + i);
            Heard heard = i == 17 ? null : new Heard(peer.routes());
            if (heard == null) {
                slow = new Slow(peer.routes());
            }
            connected(peer, "hub");
            Target target = routes.target(peer.id()).orElseThrow();
            if (heard == null) {
                slowTarget = target;
            } else {
                fast.put(target, heard);
            }
        }
        Map<TrySend, Integer> toSlow = new HashMap<>();
        for (int round = 0; round < 300; round++) {
            AtomicReference<Map<Target, TrySend>> outcome = new AtomicReference<>();
            routes.sendAll(ByteBuffer.allocate(1_000).putInt(0, round)).subscribe(outcome::set);
            assertThat(outcome.get()).hasSize(50);
            for (Target target : fast.keySet()) {
                assertThat(outcome.get()).containsEntry(target, TrySend.OK);
            }
            toSlow.merge(Objects.requireNonNull(outcome.get().get(slowTarget)), 1, Integer::sum);
            time.settle();
        }
        assertThat(fast.values())
                .allSatisfy(heard -> assertThat(heard.numbers()).hasSize(300).isSorted());
        assertThat(toSlow).containsOnlyKeys(TrySend.OK, TrySend.BACKPRESSURE);

        Objects.requireNonNull(slow).request(Long.MAX_VALUE);
        time.settle();

        assertThat(slow.numbers).hasSize(toSlow.get(TrySend.OK)).isSorted();
    }

    @Test
    void everyPeerHasItsTurnAtASlowReceiver() {
        Slow receiver = new Slow(routes);
        for (int i = 0; i < 4; i++) {
            PeerNode peer = started("peer" + i);
            connected(peer, "hub");
            Target target = peer.routes().add(hub.id());
            time.settle();
            while (peer.routes().trySend(target, ByteBuffer.allocate(1_000)) == TrySend.OK) {
                time.settle();
            }
        }
        for (int i = 0; i < 40; i++) {
            receiver.request(1);
            time.settle();
        }

        assertThat(receiver.perTarget)
                .hasSize(4)
                .allSatisfy((target, count) -> assertThat(count).isBetween(8, 12));
        receiver.request(Long.MAX_VALUE);
        time.settle();
    }

    @Test
    void everyPayloadThatALostSessionHadAcceptedIsAccountedFor() {
        List<RouteLoss> losses = new ArrayList<>();
        routes.losses().subscribe(losses::add);
        PeerNode peer = started("peer");
        Slow slow = new Slow(peer.routes());
        connected(peer, "hub");
        Target target = routes.valid().get(0);
        int accepted = 0;
        while (routes.trySend(target, ByteBuffer.allocate(1_000)) == TrySend.OK) {
            accepted++;
            time.settle();
        }
        slow.request(40);
        time.settle();
        network.silence("hub");
        slow.request(Long.MAX_VALUE);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < 300; i++) {
            routes.send(target, ByteBuffer.allocate(1_000)).subscribe(v -> {}, failure::set);
        }
        time.advance(Duration.ofMinutes(1));

        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        MessageNotSentException.class,
                        e -> assertThat(e.reason().retryable()).isTrue());
        assertThat(losses).singleElement().satisfies(loss -> {
            assertThat(loss.target()).isEqualTo(target);
            assertThat(loss.peer()).isEqualTo(peer.id());
            assertThat(loss.accepted()).isGreaterThanOrEqualTo(60);
            // what was taken is confirmed but for a quarter of the window, which is told late
            assertThat(loss.unconfirmed()).isBetween(loss.accepted() - slow.numbers.size(), loss.accepted() - 20);
        });
        assertThat(losses.get(0).accepted()).isGreaterThanOrEqualTo(accepted);
    }

    @Test
    void drainingLosesNothingAndWaitsForNobody() {
        List<RouteLoss> losses = new ArrayList<>();
        routes.losses().subscribe(losses::add);
        PeerNode peer = started("peer");
        Heard heard = new Heard(peer.routes());
        PeerSession session = connected(peer, "hub");
        for (int i = 0; i < 100; i++) {
            routes.send(routes.valid().get(0), ByteBuffer.allocate(4).putInt(0, i))
                    .subscribe();
        }
        AtomicReference<String> end = new AtomicReference<>();
        session.drain(Duration.ofMinutes(1)).subscribe(v -> {}, e -> end.set("failed"), () -> end.set("completed"));
        time.advance(Duration.ofSeconds(2));

        assertThat(end.get()).isEqualTo("completed");
        assertThat(heard.numbers()).isSorted();
        assertThat(losses).isEmpty();
    }

    @Test
    void aRouteThatIsRemovedIsForgottenAndItsSessionStays() {
        PeerNode peer = started("peer");
        PeerSession session = connected(peer, "hub");
        Target target = routes.valid().get(0);

        assertThat(routes.remove(target)).isTrue();
        time.settle();

        assertThat(routes.remove(target)).isFalse();
        assertThat(routes.exists(target)).isFalse();
        assertThat(routes.next()).isEqualTo(target.next());
        assertThat(session.isDisposed()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes.trySend(target, bytes("?")))
                .withMessage("target 0 is nobody's");
    }

    @Test
    void whatCannotBeSentIsSaidSo() {
        Target absent = routes.add(started("absent").id());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        routes.send(absent, bytes("?")).subscribe(v -> {}, failure::set);

        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        MessageNotSentException.class,
                        e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.LINK_LOST));
        assertThatThrownBy(() -> routes.trySend(absent, ByteBuffer.allocate(65_521)))
                .isInstanceOf(PayloadTooLargeException.class)
                .hasMessageContaining("payload is 65521, must be at most 65520");
    }

    @Test
    void theLargestPayloadPasses() {
        PeerNode peer = started("peer");
        Heard heard = new Heard(peer.routes());
        connected(peer, "hub");
        routes.trySend(routes.valid().get(0), ByteBuffer.allocate(Routes.MAX_PAYLOAD_BYTES));
        time.settle();

        assertThat(heard.all)
                .singleElement()
                .satisfies(routed -> assertThat(routed.payload().remaining()).isEqualTo(Routes.MAX_PAYLOAD_BYTES));
    }

    @Test
    void receivingHasOneSubscriberAndEndsWithTheNode() {
        Heard first = new Heard(routes);
        Heard second = new Heard(routes);
        hub.dispose();
        time.advance(Duration.ofSeconds(2));

        assertThat(second.end).isInstanceOf(IllegalStateException.class);
        assertThat(first.completed).isTrue();
    }

    @Test
    void aReceiverThatLeavesStopsItsPeersAndHoldsUpNoDrain() {
        Slow receiver = new Slow(routes);
        PeerNode peer = started("peer");
        PeerSession session = connected(peer, "hub");
        Target target = peer.routes().add(hub.id());
        time.settle();
        receiver.cancel();
        time.settle();
        assertThat(peer.routes().trySend(target, bytes("?"))).isEqualTo(TrySend.NOT_CONNECTED);
        AtomicReference<String> end = new AtomicReference<>();
        session.drain(Duration.ofMinutes(1)).subscribe(v -> {}, e -> end.set("failed"), () -> end.set("completed"));
        time.advance(Duration.ofSeconds(2));

        assertThat(end.get()).isEqualTo("completed");
    }

    @Test
    void aRequestForNothingEndsReceiving() {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        routes.receive().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(0);
            }

            @Override
            protected void hookOnError(Throwable e) {
                failure.set(e);
            }
        });

        assertThat(failure.get()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
    }

    @Test
    void theNameOfTheStreamIsReserved() {
        Mono<PeerNode> start =
                Weir.node().onStream(Routes.STREAM, stream -> Mono.empty()).start();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> start.block(Duration.ofSeconds(30)))
                .withMessageContaining("weir.routes");
    }

    // ---- how

    private PeerNode started(String name) {
        PeerNodeSpec spec = Weir.node().listen(PeerAddress.memory(name)).transport(network.transport());
        AtomicReference<PeerNode> node = new AtomicReference<>();
        spec.start().subscribe(node::set);
        time.settle();
        nodes.add(Objects.requireNonNull(node.get()));
        return node.get();
    }

    private PeerSession connected(PeerNode node, String to) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        node.connect(PeerAddress.memory(to)).subscribe(session::set);
        time.settle();
        return Objects.requireNonNull(session.get(), "no session");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Routed routed) {
        return StandardCharsets.UTF_8.decode(routed.payload().duplicate()).toString();
    }

    /** One who takes everything. */
    private static final class Heard {
        private final List<Routed> all = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private Throwable end = new AssertionError("no end");
        private boolean completed;

        Heard(Routes routes) {
            routes.receive()
                    .subscribe(
                            routed -> {
                                all.add(routed);
                                texts.add(text(routed));
                            },
                            e -> end = e,
                            () -> completed = true);
        }

        List<Integer> numbers() {
            return all.stream().map(routed -> routed.payload().getInt(0)).toList();
        }
    }

    /** One who takes what it is told to. */
    private static final class Slow extends BaseSubscriber<Routed> {
        private final List<Integer> numbers = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private final Map<Target, Integer> perTarget = new HashMap<>();

        Slow(Routes routes) {
            routes.receive().subscribe(this);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(Routed routed) {
            if (routed.payload().remaining() >= Integer.BYTES) {
                numbers.add(routed.payload().getInt(0));
            }
            texts.add(text(routed));
            perTarget.merge(routed.target(), 1, Integer::sum);
        }
    }
}
