package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * QUIC allows a peer so many streams, and another one for each that has ended: where the end of one were never noticed, because the path has
 * lost what says it, its place would be gone for as long as the connection lasts.
 */
@Timeout(120)
class QuicStreamSlotsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(100);

    /** If the places of those whose end is lost once did not come back, more than there are would be gone. */
    private static final int STREAMS = 5_000;

    private static final int AT_ONCE = 64;
    private static final LinkProfile LOSSY =
            LinkProfile.PERFECT.withLatency(Duration.ofMillis(1)).withLoss(0.1);

    private final PeerNode server = Weir.node()
            .listen(PeerAddress.quic("127.0.0.1", 0))
            .onStream("echo", stream -> stream.send(stream.receive(Codec.utf8()), Codec.utf8()))
            .startNow(PATIENCE);
    private final PeerNode client = Weir.node().startNow(PATIENCE);
    private final UdpImpairment path = UdpImpairment.startNow(server.addresses().get(0), 5);

    @AfterEach
    void close() {
        client.dispose();
        server.dispose();
        path.close();
    }

    @Test
    void comeBackWhateverThePathLoses() {
        PeerSession session = client.connectNow(path.address(), PATIENCE);
        path.profile(LOSSY);

        Long came = Flux.range(0, STREAMS)
                .map(String::valueOf)
                .flatMap(
                        text -> session.exchange("echo", Mono.just(text), Codec.utf8(), Codec.utf8())
                                .filter(text::equals),
                        AT_ONCE)
                .count()
                .block(PATIENCE);

        assertThat(came).isEqualTo(STREAMS);
    }
}
