package io.weir.benchmarks.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.ReplyRecorder;
import io.weir.benchmarks.peer.RequestWorkload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every peer that runs requests, with both of its sides in this process. */
class RequestsOfPeersTest {
    private static final RequestWorkload WORKLOAD = new RequestWorkload("test", 4, 64);
    private static final int REPLIES = 1_000;
    private static final int PATIENCE_SECONDS = 60;

    static Stream<String> peers() {
        return Peers.ids().stream().filter(id -> Peers.byId(id).runs(WORKLOAD));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void eachRequestGetsItsOwnReplyAndLetsAnotherGo(String id) throws Exception {
        Peer.Server server = Peers.byId(id).answer(WORKLOAD);
        Counted counted = new Counted();

        Peer.Client client = Peers.byId(id).request(server.address(), WORKLOAD, counted);

        counted.enough.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(counted.recorder.counter().elements()).isGreaterThanOrEqualTo(REPLIES - 1L);
        assertThat(counted.recorder.counter().corrupt()).isZero();
        assertThat(client.detail().isEmpty()).isEqualTo(!id.contains("tls"));
    }

    private static final class Counted implements Replies {
        private final CompletableFuture<Void> enough = new CompletableFuture<>();
        private final ReplyRecorder recorder = new ReplyRecorder(WORKLOAD.payloadBytes());
        private final AtomicInteger replies = new AtomicInteger();

        @Override
        public ReplyRecorder recorder() {
            if (replies.incrementAndGet() == REPLIES) {
                enough.complete(null);
            }
            return recorder;
        }

        @Override
        public void failed(Throwable reason) {
            enough.completeExceptionally(reason);
        }
    }
}
