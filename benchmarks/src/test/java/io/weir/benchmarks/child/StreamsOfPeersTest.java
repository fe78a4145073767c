package io.weir.benchmarks.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.StreamWorkload;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every peer under a workload of streams, with both of its sides in this process, stopped and let go again and again. */
class StreamsOfPeersTest {
    private static final StreamWorkload WORKLOAD = new StreamWorkload("test", 1, 1024);
    private static final int TURNS = 20;
    private static final String TLS_128 = "TLSv1.3 TLS_AES_128_GCM_SHA256";
    private static final String TLS_256 = "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    private static final int PATIENCE_SECONDS = 60;

    static List<String> peers() {
        return Peers.ids();
    }

    @ParameterizedTest
    @MethodSource("peers")
    void goesOnEachTimeTheGateOpens(String id) throws Exception {
        Peer.Server server = Peers.byId(id).serve(WORKLOAD);
        Turns turns = new Turns();

        Peer.Client client = PreparedPeer.byId(id).receive(server.address(), WORKLOAD, turns);

        assertThat(turns.counter.elements()).isZero();
        turns.gate.open();
        turns.enough.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(turns.counter.corrupt()).isZero();
        assertThat(client.detail().isEmpty()).isEqualTo(!id.contains("tls") && !id.startsWith("quic"));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void negotiatesTheCipherOfItsName(String id) {
        Peer.Server server = Peers.byId(id).serve(WORKLOAD);

        String detail = PreparedPeer.byId(id)
                .receive(server.address(), WORKLOAD, new Turns())
                .detail();

        assertThat(detail).isIn("", id.endsWith("256") ? TLS_256 : TLS_128);
    }

    /** Closes the gate whenever it is looked at for a refill, and opens it from another thread. */
    private static final class Turns implements Reception {
        private final CompletableFuture<Void> enough = new CompletableFuture<>();
        private final ElementCounter counter = new ElementCounter(WORKLOAD.payloadBytes());
        private final AtomicInteger turns = new AtomicInteger();
        private final Gate gate = Gate.closed();

        @Override
        public ElementCounter counter(int index) {
            return counter;
        }

        @Override
        public Gate gate() {
            if (counter.elements() > 0) {
                gate.close();
                if (turns.incrementAndGet() < TURNS) {
                    CompletableFuture.runAsync(gate::open);
                } else {
                    // Closed for good: a stream that went on would slow the tests behind it.
                    enough.complete(null);
                }
            }
            return gate;
        }

        @Override
        public void failed(Throwable reason) {
            enough.completeExceptionally(reason);
        }
    }
}
