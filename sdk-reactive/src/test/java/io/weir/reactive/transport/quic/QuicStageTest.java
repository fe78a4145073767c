package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.handshake.HandshakeStage;
import io.weir.core.identity.Identity;
import io.weir.core.path.PathStats;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node knows of a QUIC connection: how far its handshake is, and what its path is like. */
@Timeout(60)
class QuicStageTest {

    private static final int MOST_BYTES = 2_048;

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));

    @AfterEach
    void close() {
        nodes.close();
    }

    /** The dialler's first message has two datagrams, as a key that quantum computers do not break is in it. */
    @ParameterizedTest
    @CsvSource({"1,READING_BODY", "2,READING_HEADER"})
    void tellsHowMuchOfTheDiallersFirstMessageIsHere(int datagrams, HandshakeStage expected) throws IOException {
        PeerNode server = nodes.start(spec -> spec.listen(PeerAddress.quic("127.0.0.1", 0)));
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (DatagramSocket between = new DatagramSocket(0, loopback);
                RawQuicClient client = new RawQuicClient(
                        PeerAddress.quic("127.0.0.1", between.getLocalPort()),
                        new QuicTls(Identity.generate())::dialling)) {
            for (int i = 0; i < datagrams; i++) {
                DatagramPacket first = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
                do {
                    between.receive(first); // the server may have acknowledged the one before by then
                } while (first.getPort() == address(server).port());
                first.setAddress(loopback);
                first.setPort(address(server).port());
                between.send(first);
            }
            awaitTrue("a handshake", () -> stages(server).equals(Map.of(expected, 1L)));
            assertThat(client.refused()).isNotDone();
        }
    }

    @Test
    void tellsThatNobodyHasAnsweredADial() throws IOException {
        PeerNode client = nodes.start();
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            client.connect(PeerAddress.quic("127.0.0.1", silent.getLocalPort())).subscribe(session -> {}, e -> {});
            silent.receive(new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES));
            awaitTrue(
                    "it waits for the answer", () -> stages(client).equals(Map.of(HandshakeStage.READING_HEADER, 1L)));
        }
    }

    private static Map<HandshakeStage, Long> stages(PeerNode node) {
        return node.stats().handshakes();
    }

    @Test
    void tellsWhatThePathIsLike() {
        PeerNode server = nodes.start(spec -> spec.listen(PeerAddress.quic("127.0.0.1", 0)));
        PeerSession session = connect(nodes.start(), server);

        PathStats path = session.pathStats().block(Duration.ofSeconds(30));

        assertThat(path).isNotNull();
        assertThat(path.smoothedRttNanos()).isBetween(1L, Duration.ofSeconds(30).toNanos());
        assertThat(path.minRttNanos()).isBetween(1L, path.smoothedRttNanos());
        assertThat(path.congestionWindowBytes()).isGreaterThanOrEqualTo(2_400);
        assertThat(path.sentPackets()).isGreaterThanOrEqualTo(2);
        assertThat(path.lostPackets()).isBetween(0L, path.sentPackets());
        assertThat(path.datagramBytes()).isBetween(1_200, 1_452);
        assertThat(path.pacingBytesPerSecond()).isPositive();
    }
}
