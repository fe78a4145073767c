package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerEvent.InboundRefused;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** First packets at the port of a node, from somebody who never goes on: what they cost it, and what it answers. */
@Timeout(120)
class QuicFloodTest {

    private static final int MANY = 200;

    /** What a client fills the datagram of a first packet up to. */
    private static final int LEAST = 1_200;

    private static final int RETRY = 3;

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));
    private final Random random = new Random(20_261_130);
    private final FirstPackets first = new FirstPackets();
    private final DatagramPacket answer = new DatagramPacket(new byte[2_000], 2_000);
    private DatagramSocket socket;
    private PeerNode server;

    @BeforeEach
    void open() throws IOException {
        server = nodes.start(spec -> spec.limits(NodeLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(20)))
                .listen(PeerAddress.quic("127.0.0.1", 0))
                .onRequest("twice", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text + text))));
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(4 << 20); // handshakes under way say again what they said
        socket.connect(InetAddress.getLoopbackAddress(), address(server).port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    @AfterEach
    void close() {
        first.close();
        socket.close();
        nodes.close();
    }

    private void send(byte[] datagram) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length));
    }

    /** The type of an answer. */
    private int answeredType() throws IOException {
        socket.receive(answer);
        assertThat(answer.getData()[0]).as("a long header").isNegative();
        return (answer.getData()[0] >> 4) & 3;
    }

    private long handshakes() {
        return server.stats().handshakes().values().stream()
                .mapToLong(count -> count)
                .sum();
    }

    /** The node takes who is as it should be. */
    private void servesOthers() {
        assertThat(await(connect(nodes.start(), server).request("twice", "a", Codec.utf8(), Codec.utf8())))
                .isEqualTo("aa");
    }

    @Test
    void keepsNothingForFirstPacketsBeyondItsBoundButAsksThemToProveTheirAddress() throws IOException {
        for (int i = 0; i < RetryTokens.THRESHOLD; i++) {
            send(first.next());
        }
        awaitTrue("handshakes under way", () -> handshakes() == RetryTokens.THRESHOLD);

        for (int i = 0; i < MANY; i++) {
            send(first.next());
            awaitRetry();
        }
        assertThat(handshakes()).isEqualTo(RetryTokens.THRESHOLD);
        assertThat(server.stats().turnedAway()).isEqualTo(new NodeStats.TurnedAway(MANY, Map.of()));
        servesOthers();
        assertThat(server.stats().turnedAway().retries())
                .as("of who is as it should be, too, each datagram that it began with")
                .isBetween(MANY + 1L, MANY + 10L);

        awaitTrue("they are given up", () -> handshakes() == 0);
        assertThat(nodes.told(server, InboundRefused.class))
                .hasSize(RetryTokens.THRESHOLD)
                .allSatisfy(told -> assertThat(told.reason().error()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT));
        servesOthers();
    }

    /** What the node says to those whose handshake is under way, again and again, is no answer here. */
    private void awaitRetry() throws IOException {
        while (answeredType() != RETRY) {
            // to one of the first
        }
        assertThat(answer.getLength()).isLessThan(LEAST);
    }

    /** RFC 9000 section 14.1: a server discards them, also those of a version that it would have to say something of. */
    @ParameterizedTest
    @ValueSource(ints = {7, 60, 200, LEAST - 1})
    void dropsFirstPacketsInShortDatagrams(int bytes) throws IOException {
        for (int i = 0; i < MANY; i++) {
            byte[] datagram = garbage(bytes, i % 2 == 0);
            send(datagram);
        }
        send(garbage(LEAST, false)); // behind them, and the only one that has an answer

        socket.receive(answer);

        assertThat(answer.getLength()).isLessThan(LEAST);
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.receive(answer)).isInstanceOf(SocketTimeoutException.class);
        assertThat(nodes.told(server, InboundRefused.class)).isEmpty();
        assertThat(handshakes()).isZero();
        assertThat(server.droppedDatagrams()).containsOnly(Map.entry(Drop.SHORT_INITIAL, (long) MANY));
        servesOthers();
    }

    /** In form a first packet, of version 1 or of one that is not there. */
    private byte[] garbage(int bytes, boolean ofVersion1) {
        byte[] datagram = new byte[LEAST];
        random.nextBytes(datagram);
        ByteBuffer header = ByteBuffer.wrap(datagram);
        header.put((byte) 0xC3).putInt(ofVersion1 ? 1 : 0x0A_0A_0A_01);
        header.put((byte) 8).position(header.position() + 8);
        header.put((byte) 8).position(header.position() + 8);
        header.put((byte) 0); // no token
        header.putShort((short) (0x4000 | bytes - header.position() - Short.BYTES));
        return Arrays.copyOf(datagram, bytes);
    }

    @Test
    void keepsNothingForFirstPacketsThatItCannotOpen() throws IOException {
        for (int i = 0; i < MANY; i++) {
            send(garbage(LEAST, true));
        }

        servesOthers();
        awaitTrue("nothing is left of them", () -> handshakes() == 0);
    }

    @Test
    void isNotDisturbedByDatagramsOfNoMeaning() throws IOException {
        for (int i = 0; i < 4 * MANY; i++) {
            byte[] garbage = new byte[random.nextInt(1_473)];
            random.nextBytes(garbage);
            send(garbage);
        }

        servesOthers();
    }
}
