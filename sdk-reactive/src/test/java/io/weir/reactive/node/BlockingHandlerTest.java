package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.HandlerError;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;

/** A handler that blocks an event loop is found out in tests; on workers it may. */
class BlockingHandlerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CountDownLatch never = new CountDownLatch(1);

    /** Its producers take no lock, at which BlockHound would throw. */
    private final BlockingQueue<HandlerError> told = new LinkedTransferQueue<>();

    private final RequestHandler blocking = request -> {
        try {
            never.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Mono.just(ByteBuffer.allocate(0));
    };

    private String ask(RequestHandler handler, String address) {
        PeerNode server = Weir.node()
                .listen(PeerAddress.parse(address))
                .onRequest("blocks", handler)
                .onHandlerError(told::add)
                .startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        try {
            PeerSession session = client.connectNow(server.addresses().get(0), PATIENCE);
            return session.request("blocks", "", Codec.utf8(), Codec.utf8()).block(PATIENCE);
        } finally {
            client.close().then(server.close()).block(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:0", "udp://127.0.0.1:0"})
    void aHandlerThatBlocksTheLoopFailsUnderBlockHound(String address) throws InterruptedException {
        assertThatThrownBy(() -> ask(blocking, address))
                .isInstanceOfSatisfying(
                        ReplyMissingException.class,
                        e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.APPLICATION_ERROR));
        HandlerError error = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(error).isNotNull();
        assertThat(error.error()).isInstanceOf(BlockingOperationError.class);
    }

    @Test
    void onWorkersItMayBlock() {
        Workers workers = Workers.create("may-block", 1);
        try {
            assertThat(ask(blocking.on(workers), "tcp://127.0.0.1:0")).isEmpty();
        } finally {
            workers.dispose();
        }
        assertThat(told).isEmpty();
    }
}
