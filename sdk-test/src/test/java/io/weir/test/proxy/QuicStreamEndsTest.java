package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.test.network.LinkProfile;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Streams of QUIC end where the peer has read all of their bytes, none of which this side knows to have come: what says that a stream is over is
 * sent again along with bytes that the peer has read before.
 */
class QuicStreamEndsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Queue<PeerEvent> told = new ConcurrentLinkedQueue<>();
    private final PeerNode server = Weir.node()
            .listen(PeerAddress.quic("127.0.0.1", 0))
            .onEvent(told::add)
            .startNow(PATIENCE);
    private final PeerNode client = Weir.node().startNow(PATIENCE);
    private final UdpImpairment path = UdpImpairment.startNow(server.addresses().get(0), 1);

    @AfterEach
    void close() {
        Mono.when(client.close(), server.close()).block(PATIENCE);
        path.close();
    }

    /** Far from each other, so that whoever has said END waits long for the other to say that it came. */
    @Test
    void areNoticedWhereTheirLastBytesCameBefore() {
        path.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(100)));
        PeerSession session = client.connectNow(path.address(), PATIENCE);
        session.ping().block(PATIENCE);
        awaitQuiet();

        path.partition(Way.TO_CLIENT);
        long delivered = path.counts(Way.TO_TARGET).delivered();
        session.ping().subscribe(null, e -> {}); // bytes that come, and of which nobody tells
        awaitMore(() -> path.counts(Way.TO_TARGET).delivered(), delivered);
        path.partition(Way.TO_TARGET);
        long swallowed = path.counts(Way.TO_TARGET).swallowed();
        session.close().subscribe();
        awaitMore(() -> path.counts(Way.TO_TARGET).swallowed(), swallowed);
        path.heal();

        awaitEnd();
        assertThat(told).noneMatch(ConnectionLost.class::isInstance);
        assertThat(told)
                .filteredOn(ConnectionClosed.class::isInstance)
                .singleElement()
                .satisfies(closed ->
                        assertThat(((ConnectionClosed) closed).reason().error()).isEqualTo(ErrorCode.NONE));
    }

    /** Nothing is under way any more, late acknowledgements included. */
    private void awaitQuiet() {
        long since = System.nanoTime();
        long came = came();
        while (System.nanoTime() - since < Duration.ofMillis(500).toNanos()) {
            if (came() != came) {
                came = came();
                since = System.nanoTime();
            }
            Thread.yield();
        }
    }

    private long came() {
        return path.counts(Way.TO_TARGET).came() + path.counts(Way.TO_CLIENT).came();
    }

    private static void awaitMore(LongSupplier count, long than) {
        while (count.getAsLong() <= than) {
            Thread.yield();
        }
    }

    private void awaitEnd() {
        while (told.stream().noneMatch(event -> event instanceof ConnectionClosed || event instanceof ConnectionLost)) {
            Thread.yield();
        }
    }
}
