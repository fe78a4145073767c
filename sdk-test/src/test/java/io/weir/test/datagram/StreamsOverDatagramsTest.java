package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.session.StreamContract;
import io.weir.reactive.session.StreamWorld;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The contract of streams on the transport over datagrams, in virtual time. */
class StreamsOverDatagramsTest {

    @Nested
    class OnAGoodPath extends OnAPath {
        OnAGoodPath() {
            super(LinkProfile.PERFECT.withLatency(Duration.ofMillis(5)));
        }
    }

    @Nested
    class OnABottleneckThatLoses extends OnAPath {
        OnABottleneckThatLoses() {
            super(Scenario.TRANSFER_LOSS.profile());
        }
    }

    @Nested
    class OnABottleneckThatDamages extends OnAPath {
        OnABottleneckThatDamages() {
            super(Scenario.TRANSFER_CORRUPTION.profile());
        }
    }

    @Nested
    class OnAPathThatMixesEverythingUp extends OnAPath {
        OnAPathThatMixesEverythingUp() {
            super(LinkProfile.WIFI
                    .withJitter(Duration.ofMillis(10))
                    .withLoss(0.05)
                    .withDuplication(0.2)
                    .withReordering(0.2)
                    .withMtu(1_280));
        }
    }

    abstract static class OnAPath extends StreamContract {
        private final VirtualWorld world;

        OnAPath(LinkProfile profile) {
            this(new VirtualWorld(profile));
        }

        private OnAPath(VirtualWorld world) {
            super(world);
            this.world = world;
        }

        /** JUnit calls it before the one that closes the nodes, which is in a class above. */
        @AfterEach
        void everythingWentOverDatagrams() {
            assertThat(world.network.links()).isZero();
        }
    }

    private static final class VirtualWorld implements StreamWorld {

        private static final Duration LIMIT = Duration.ofMinutes(5);

        private final SimulatedNetwork network;

        VirtualWorld(LinkProfile profile) {
            network = SimulatedNetwork.seeded(1).overDatagrams().profile(profile);
            network.traceDatagrams(false);
        }

        @Override
        public PeerNodeSpec server() {
            return network.listener("server");
        }

        @Override
        public PeerNodeSpec client() {
            return network.node("client");
        }

        @Override
        public <T> T await(Mono<T> mono) {
            CompletableFuture<T> value = mono.toFuture();
            awaitTrue(value::isDone);
            return value.join();
        }

        @Override
        public <T> Flux<T> within(Publisher<T> source) {
            return Flux.from(actual -> {
                boolean[] over = {false};
                Flux.from(source).doFinally(signal -> over[0] = true).subscribe(actual);
                awaitTrue(() -> over[0]);
            });
        }

        @Override
        public void awaitTrue(BooleanSupplier condition) {
            assertThat(network.advanceUntil(condition, LIMIT))
                    .as(network::report)
                    .isTrue();
        }

        @Override
        public void pass(Duration duration) {
            network.advance(duration);
        }
    }
}
