package io.weir.benchmarks.load;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerSession;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sessions of Weir: Noise XX with X25519 and Ed25519, and the HELLO of both sides. */
final class WeirHandshakes implements Handshakes {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Clients clients = new Clients(AT_A_TIME);
    private final PeerAddress address;

    WeirHandshakes(String address) {
        this.address = PeerAddress.parse(address);
    }

    @Override
    public String name() {
        return "Weir, sessions";
    }

    @Override
    public double perSecond(Duration time) {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long made = Objects.requireNonNull(Flux.fromIterable(clients.nodes())
                .flatMap(
                        node -> Mono.defer(() -> node.connect(address).flatMap(PeerSession::close))
                                .thenReturn(1)
                                .repeat(() -> System.nanoTime() - end < 0),
                        AT_A_TIME)
                .count()
                .block(time.plus(PATIENCE)));
        return made * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
        clients.close();
    }
}
