package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two nodes and the system's sockets for datagrams between them. */
@Timeout(120)
class NodesOverUdpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CHUNKS = 2_000;
    private static final int CHUNK_BYTES = 16 << 10;

    private PeerNode listening;
    private PeerNode dialling;

    @BeforeEach
    void start() {
        listening = await(Weir.node()
                .listen(PeerAddress.udp("127.0.0.1", 0))
                .onStream(
                        "bytes",
                        stream -> stream.send(Flux.range(0, CHUNKS).map(NodesOverUdpTest::chunk), Codec.bytes()))
                .start());
        dialling = await(Weir.node().start());
    }

    @AfterEach
    void stop() {
        Mono.when(dialling.close(), listening.close()).block(PATIENCE);
    }

    private static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    private static byte[] chunk(int number) {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int i = 0; i < CHUNK_BYTES; i++) {
            chunk[i] = (byte) (number + i);
        }
        return chunk;
    }

    private PeerSession connect() {
        return await(dialling.connect(listening.addresses().get(0).expecting(listening.id())));
    }

    @Test
    void aStreamComesWholeAndInOrder() {
        PeerSession session = connect();
        CRC32 expected = new CRC32();
        Flux.range(0, CHUNKS).map(NodesOverUdpTest::chunk).subscribe(expected::update);
        CRC32 come = new CRC32();

        long count = await(session.openStream("bytes")
                .receive(Codec.bytes())
                .doOnNext(come::update)
                .count());

        assertThat(count).isEqualTo(CHUNKS);
        assertThat(come.getValue()).isEqualTo(expected.getValue());
    }
}
