package io.weir.test.rogue;

import static io.weir.test.rogue.RogueQuicPeer.CONTROL;
import static io.weir.test.rogue.RogueQuicPeer.END;
import static io.weir.test.rogue.RogueQuicPeer.HALF;
import static io.weir.test.rogue.RogueQuicPeer.MESSAGES;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.MarkFrames;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.PeerNode;
import io.weir.reactive.codec.Codec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What a peer does with streams of QUIC, on loopback: what the protocol allows, and what it does not; the friend beside it goes on. */
@Timeout(120)
class RogueQuicStreamsTest extends RogueQuicKit {

    // ---- STOP_SENDING and RESET_STREAM

    /** Nobody may refuse a lane of the other's: what is not wanted any more is told by STOP, in the stream of control. */
    @Test
    void endsASessionWhosePeerStopsAStreamOfAHalf() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"));
            int half = rogue.sendIn(HALF, RogueFrames.data(3, 100));
            rogue.await(StreamFrame.Data.class);
            rogue.client.stop(rogue.client.came() - 1);
            rogue.assertAlive(); // nothing is to be said there
            rogue.client.block(half, RogueFrames.plaintext(RogueFrames.data(3, 100)));
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionWhosePeerStopsTheStreamOfControl() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.stop(0);
            rogue.send(new SessionFrame.Ping(1)); // which is to be answered there
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    /** RESET_STREAM may overtake RESET; alone it says no more than silence does. */
    @Test
    void waitsForTheResetOfAHalfWhoseStreamWasReset() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"), RogueFrames.open(4, "echo"));
            int half = rogue.sendIn(HALF, RogueFrames.data(3, 100));
            rogue.await(StreamFrame.Data.class);
            rogue.client.reset(half);
            rogue.assertAlive();
            assertThat(victim.node.liveSessions()).hasSize(2);

            rogue.send(new StreamFrame.Reset(3, 0));
            rogue.assertAlive();
            rogue.sendIn(HALF, RogueFrames.data(4, 200));
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(200);
        }
    }

    /** It is looked at when all others have ended. */
    @Test
    void endsASessionWhoseLastStreamIsReset() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.reset(rogue.sendIn(END, new SessionFrame.Ping(1)));
            rogue.client.fin(rogue.control());
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- what ends too early

    @ParameterizedTest
    @ValueSource(ints = {CONTROL, HALF, MESSAGES})
    void endsASessionOnAStreamThatEndsInsideABlock(int type) {
        try (RogueQuicPeer rogue = rogue().session()) {
            int stream = type == CONTROL ? rogue.control() : rogue.client.open(type);
            rogue.client.bytes(stream, new byte[] {0, 9, 1});
            rogue.client.fin(stream);
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionWhosePeerEndsManyStreamsBeforeTheirType() {
        try (RogueQuicPeer rogue = rogue().session()) {
            for (int i = 0; i <= MOST_FUTILE; i++) {
                if (rogue.client.allowed(true) == 0) {
                    rogue.assertAlive(); // with the answer comes what was allowed meanwhile
                }
                rogue.client.fin(rogue.client.open());
            }
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- order

    @Test
    void readsStreamsOfHalvesWhenHelloHasCome() {
        try (RogueQuicPeer rogue = rogue()) {
            rogue.sendIn(HALF, RogueFrames.data(3, 100));
            rogue.session();
            rogue.send(RogueFrames.open(3, "echo"));
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(100);
        }
    }

    /** Up to 64 of them; what is in one too many is not even looked at. */
    @Test
    void keepsFewOfTheDatagramsThatComeBeforeHello() {
        try (RogueQuicPeer rogue = rogue()) {
            for (int i = 0; i < 64; i++) {
                rogue.client.datagram(RogueFrames.plaintext(RogueFrames.dataAt(3, 26L * i, 10)));
            }
            for (int i = 0; i < 64; i++) {
                rogue.client.datagram(
                        RogueFrames.plaintext(new SessionFrame.Ping(i))); // which is a violation where it is read
            }
            rogue.session().assertAlive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTROL, HALF, MESSAGES})
    void takesPaddingAndIgnorableFramesInEveryStream(int type) {
        byte[] padding = {0};
        byte[] ignorable = HexFormat.of().parseHex("406003010203");
        try (RogueQuicPeer rogue = rogue().session()) {
            int stream = type == CONTROL ? rogue.control() : rogue.client.open(type);
            rogue.client.block(stream, padding);
            rogue.client.block(stream, ignorable);
            rogue.assertAlive();
        }
    }

    @Test
    void endsASessionOnAMarkWithSomethingElseInItsBlock() {
        try (RogueQuicPeer rogue = rogue().session()) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(MarkFrames.mark(1, 7));
            block.writeBytes(RogueFrames.plaintext(new SessionFrame.Ping(1)));
            rogue.sendPlaintext(block.toByteArray());
            assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    /** It has heard END and answers it by closing the connection, which is how its sender knows. */
    @Test
    void closesTheConnectionInGoodOrderWhenItHasHeardEnd() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.fin(rogue.control());
            rogue.client.fin(rogue.sendIn(END, new SessionFrame.End(0)));
            assertThat(rogue.client.isClosedInOrder()).isTrue();
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        }
    }

    /** A peer need not take datagrams: fire-and-forget halves go by their streams then, and nobody speaks of datagrams. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsDatagramsOnlyToWhomTakesThem(boolean takes) {
        PeerNode node = Weir.node()
                .listen(PeerAddress.quic("127.0.0.1", 0))
                .onStream(
                        "feed",
                        StreamConfig.fireAndForget(),
                        stream -> stream.send(Mono.just(new byte[100]), Codec.bytes()))
                .startNow(TcpVictim.PATIENCE);
        PeerAddress at = node.addresses().get(0);
        try (RogueQuicPeer rogue = takes ? RogueQuicPeer.dial(at) : RogueQuicPeer.dialWithoutDatagrams(at)) {
            rogue.session();
            rogue.send(RogueFrames.open(3, "feed"));
            if (takes) {
                rogue.await(StreamFrame.Datagrams.class);
            } else {
                assertThat(rogue.await(StreamFrame.Data.class).payload().length())
                        .isEqualTo(100);
            }
        } finally {
            node.dispose();
        }
    }

    // ---- against QUIC itself

    /** What no stack says of itself, in packets that are made by hand: QUIC ends the connection, by its own errors (RFC 9000 section 20.1). */
    static Stream<Arguments> againstQuic() {
        return Stream.of(
                Arguments.of("a unidirectional stream too many", streamFrame(4 * (256 + 131) + 2, 0), 0x04),
                Arguments.of("the farthest unidirectional stream", streamFrame(VarInt.MAX - 1, 0), 0x04),
                Arguments.of("a bidirectional stream", streamFrame(0, 0), 0x04),
                Arguments.of("a bidirectional stream of the node's, which has none", streamFrame(4 * 100 + 1, 0), 0x05),
                Arguments.of("bytes in a stream of the node's", streamFrame(3, 0), 0x05),
                Arguments.of("bytes beyond every window", streamFrame(2, 1L << 40), 0x03),
                Arguments.of("a frame of no type", HexFormat.of().parseHex("bfffff00"), 0x07));
    }

    /** STREAM with an offset and a length (RFC 9000 section 19.8), and 4 bytes. */
    private static byte[] streamFrame(long id, long offset) {
        ByteBuffer frame = ByteBuffer.allocate(32);
        frame.put((byte) 0x0E);
        frame.putLong(id | 3L << 62).putLong(offset | 3L << 62).put((byte) 4).putInt(1);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("againstQuic")
    void losesAPeerThatBreaksTheRulesOfQuic(String rule, byte[] frames, int error) {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.forge(frames);
            assertThat(rogue.client.error()).isEqualTo(error);
            assertThat(victim.log.lost(rogue.id()).error()).isEqualTo(ErrorCode.LINK_LOST);
        }
    }

    /** The packets that are made by hand are as good as others: one begins a second stream of control. */
    @Test
    void takesAPacketThatIsMadeByHand() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.forge(streamFrame(4 * (256 + 131) - 2, 0)); // the last one that is allowed
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.PROTOCOL_VIOLATION));
        }
    }
}
