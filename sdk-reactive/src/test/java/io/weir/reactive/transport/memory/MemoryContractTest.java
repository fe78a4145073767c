package io.weir.reactive.transport.memory;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static io.weir.reactive.transport.LinkTestKit.awaitTrue;
import static io.weir.reactive.transport.LinkTestKit.send;
import static io.weir.reactive.transport.LinkTestKit.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkTestKit.Pair;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.TransportContractTest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;

/** The contract in memory, and the faults that a memory network can cause. */
abstract class MemoryContractTest extends TransportContractTest {
    private final Scheduler scheduler;
    private final MemoryNetwork network;
    private final AtomicInteger names = new AtomicInteger();

    MemoryContractTest(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.network = MemoryNetwork.on(scheduler);
    }

    final Scheduler scheduler() {
        return scheduler;
    }

    @Override
    protected LinkTransport newTransport() {
        return network.transport();
    }

    @Override
    protected LinkTransport newTransportOfSameWorld() {
        return network.transport();
    }

    @Override
    protected PeerAddress anywhere() {
        return PeerAddress.memory("node-" + names.incrementAndGet());
    }

    @Override
    protected PeerAddress nowhere() {
        return PeerAddress.memory("nobody");
    }

    /** The high-water mark and the record that passed it. */
    @Override
    protected long mayBeHeldBytes() {
        return MemoryLink.HIGH_WATER_BYTES + 32 * 1024;
    }

    @Override
    protected long largeVolumeBytes() {
        return 8 << 20;
    }

    @Override
    protected void endWorld() {
        awaitTrue("no link is left in the network", () -> network.links() == 0);
        scheduler.dispose();
    }

    @Test
    void aResetIsAnErrorAtBothEnds() {
        Pair pair = pair();
        Mono<String> here = text(pair.dialled()).cache();
        Mono<String> there = text(pair.accepted()).cache();
        here.subscribe(text -> {}, e -> {});
        there.subscribe(text -> {}, e -> {});
        Mono<Void> sending = pair.dialled().send(Flux.never()).cache();
        sending.subscribe(end -> {}, e -> {});

        network.reset("node-" + names.get());

        StepVerifier.create(here).expectErrorMessage("connection reset by peer").verify(PATIENCE);
        StepVerifier.create(there)
                .expectErrorMessage("connection reset by peer")
                .verify(PATIENCE);
        StepVerifier.create(sending).expectError(IOException.class).verify(PATIENCE);
        awaitEnd(pair.dialled().onClose());
        awaitEnd(pair.accepted().onClose());
    }

    @Test
    void aSilencedPeerVanishesWithoutAWord() {
        Pair pair = pair();
        Mono<String> there = text(pair.accepted()).cache();
        there.subscribe(text -> {}, e -> {});

        network.silence("node-" + names.get());
        Mono<Void> sending = send(pair.dialled(), "into the void").cache();
        sending.subscribe(end -> {}, e -> {});
        pair.dialled().close();
        awaitEnd(pair.dialled().onClose());

        StepVerifier.create(sending).expectError(IOException.class).verify(PATIENCE);
        // The other end never hears of it: only its own close ends it.
        pair.accepted().close();
        StepVerifier.create(there)
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(java.nio.channels.ClosedChannelException.class))
                .verify(PATIENCE);
    }

    @Test
    void whatIsNotInTheSameNetworkCannotBeReached() {
        LinkTransport elsewhere = MemoryNetwork.on(scheduler).transport();
        PeerAddress address = anywhere();
        awaitEnd(transport().listen(address, link -> {}));

        StepVerifier.create(elsewhere.connect(address, PATIENCE)).expectError().verify(PATIENCE);
    }
}
