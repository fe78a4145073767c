package io.weir.benchmarks.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.ReplyRecorder;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.RequestWorkload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every peer that runs requests, with both of its sides in this process, stopped and let go again and again. */
class RequestsOfPeersTest {
    private static final RequestWorkload WORKLOAD = new RequestWorkload("test", 4, 64);
    private static final int REPLIES = 1_000;
    private static final int REPLIES_OF_A_TURN = 99;
    private static final int PATIENCE_SECONDS = 60;

    static Stream<String> peers() {
        return Peers.ids().stream().filter(id -> Peers.byId(id).runs(WORKLOAD));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void eachRequestGetsItsOwnReplyAndLetsAnotherGo(String id) throws Exception {
        Peer.Server server = RequestPeer.of(Peers.byId(id)).answer(WORKLOAD);
        Counted counted = new Counted();

        Peer.Client client = RequestPeer.of(PreparedPeer.byId(id)).request(server.address(), WORKLOAD, counted);

        counted.gate.open();
        counted.enough.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(counted.recorder.counter().elements()).isGreaterThanOrEqualTo(REPLIES - 1L);
        assertThat(counted.recorder.counter().corrupt()).isZero();
        assertThat(client.detail().isEmpty()).isEqualTo(!id.contains("tls") && !id.startsWith("quic"));
    }

    private static final class Counted implements Replies {
        private final CompletableFuture<Void> enough = new CompletableFuture<>();
        private final ReplyRecorder recorder = new ReplyRecorder(WORKLOAD.payloadBytes());
        private final AtomicInteger replies = new AtomicInteger();
        private final Gate gate = Gate.closed();

        @Override
        public ReplyRecorder recorder() {
            int reply = replies.incrementAndGet();
            if (reply >= REPLIES) {
                // For good: a loop that went on would slow the tests behind it.
                gate.close();
                enough.complete(null);
            } else if (reply % REPLIES_OF_A_TURN == 0) {
                gate.close();
                CompletableFuture.runAsync(gate::open);
            }
            return recorder;
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public void failed(Throwable reason) {
            enough.completeExceptionally(reason);
        }
    }
}
