package io.weir.reactive.session;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.transport.lanes.Delays;
import io.weir.reactive.transport.lanes.LaneTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import io.weir.reactive.transport.packets.LossyTransport;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The contract of streams in real time. */
class StreamContractTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final Delays DELAYS = Delays.ofNanos(Duration.ofMillis(1).toNanos());

    @Nested
    class InMemory extends StreamContract {
        InMemory() {
            super(new RealTime(onNetwork(MemoryNetwork.on(Schedulers.parallel())), PeerAddress.memory("server")));
        }

        private static Supplier<PeerNodeSpec> onNetwork(MemoryNetwork network) {
            return () -> Weir.node().transport(network.transport());
        }
    }

    /** No order is kept between control and the DATA of each half. */
    @Nested
    class InLanes extends StreamContract {
        InLanes() {
            super(new RealTime(onNetwork(MemoryNetwork.on(Schedulers.parallel())), PeerAddress.memory("server")));
        }

        private static Supplier<PeerNodeSpec> onNetwork(MemoryNetwork network) {
            return () -> Weir.node().transport(new LaneTransport(network.transport(), Delays.OF_TURNS, 1));
        }
    }

    /** Packets are lost, come late and keep no order at all. */
    @Nested
    class InPackets extends StreamContract {
        InPackets() {
            super(new RealTime(onNetwork(MemoryNetwork.on(Schedulers.parallel())), PeerAddress.memory("server")));
        }

        private static Supplier<PeerNodeSpec> onNetwork(MemoryNetwork network) {
            return () -> Weir.node().transport(new LossyTransport(network.transport(), DELAYS, 1));
        }
    }

    @Nested
    class OverTcp extends StreamContract {
        OverTcp() {
            super(new RealTime(Weir::node, PeerAddress.tcp("127.0.0.1", 0)));
        }
    }

    @Nested
    class OverUdp extends StreamContract {
        OverUdp() {
            super(new RealTime(Weir::node, PeerAddress.udp("127.0.0.1", 0)));
        }
    }

    @Nested
    class OverQuic extends StreamContract {
        OverQuic() {
            super(new RealTime(Weir::node, PeerAddress.quic("127.0.0.1", 0)));
        }
    }

    private record RealTime(Supplier<PeerNodeSpec> node, PeerAddress address) implements StreamWorld {

        @Override
        public PeerNodeSpec server() {
            return node.get().listen(address);
        }

        @Override
        public PeerNodeSpec client() {
            return node.get();
        }

        @Override
        public <T> T await(Mono<T> mono) {
            return Objects.requireNonNull(mono.block(TIMEOUT));
        }

        @Override
        public <T> Flux<T> within(Publisher<T> source) {
            return Flux.from(source);
        }

        @Override
        public void awaitTrue(BooleanSupplier condition) {
            Flux.interval(Duration.ofMillis(5))
                    .takeUntil(tick -> condition.getAsBoolean())
                    .blockLast(TIMEOUT);
        }

        @Override
        public void pass(Duration duration) {
            Mono.delay(duration).block(TIMEOUT);
        }
    }
}
