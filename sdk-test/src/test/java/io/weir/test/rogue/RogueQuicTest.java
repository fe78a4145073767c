package io.weir.test.rogue;

import static io.weir.test.rogue.RogueQuicPeer.CONTROL;
import static io.weir.test.rogue.RogueQuicPeer.END;
import static io.weir.test.rogue.RogueQuicPeer.HALF;
import static io.weir.test.rogue.RogueQuicPeer.MESSAGES;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.MarkFrames;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer of a session over QUIC says and does against the protocol, on loopback; the friend beside it goes on. */
@Timeout(120)
class RogueQuicTest extends RogueQuicKit {

    // ---- frames that are none, or that the protocol page forbids, each in the lane where it would belong

    static Stream<Arguments> malformed() {
        return FrameRulesTest.malformed();
    }

    static Stream<Arguments> violations() {
        return FrameRulesTest.violations();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void endsASessionWithMalformedFrame(String rule, byte[] plaintext) {
        try (RogueQuicPeer rogue = rogue().session()) {
            sendInItsLane(rogue, plaintext);
            assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void endsASessionWithProtocolViolation(String rule, byte[] plaintext) {
        try (RogueQuicPeer rogue = rogue().session()) {
            sendInItsLane(rogue, plaintext);
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    private static void sendInItsLane(RogueQuicPeer rogue, byte[] plaintext) {
        int type = plaintext[0] & 0xFF;
        if (type >= 0x20 && type < 0x28) {
            rogue.sendIn(HALF, plaintext);
        } else if (type == 0x0C) {
            rogue.sendIn(MESSAGES, plaintext);
        } else {
            rogue.sendPlaintext(plaintext);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {HALF, MESSAGES, END})
    void endsASessionOnControlInAnotherLane(int type) {
        try (RogueQuicPeer rogue = rogue().session()) {
            if (type == END) {
                rogue.sendIn(END, RogueFrames.data(3, 10));
            } else {
                rogue.sendIn(type, new SessionFrame.Ping(1));
            }
            if (type == END) {
                rogue.client.fin(rogue.control());
            }
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- marks

    @ParameterizedTest
    @ValueSource(ints = {CONTROL, HALF, MESSAGES})
    void answersAMarkInWhateverLaneItComesAndMarksItsOwn(int type) {
        try (RogueQuicPeer rogue = rogue().session()) {
            byte[] mark = MarkFrames.mark(1, 7);
            if (type == CONTROL) {
                rogue.sendPlaintext(mark);
            } else {
                rogue.sendIn(type, mark);
            }

            Set<String> missing = new HashSet<>(Set.of(hex(MarkFrames.mark(1, 1)), hex(MarkFrames.marked(7))));
            while (!missing.isEmpty()) {
                byte[] block = rogue.client.next();
                assertThat(block).as("without %s", missing).isNotNull();
                missing.remove(hex(block));
            }
            rogue.assertAlive();
        }
    }

    private static String hex(byte[] block) {
        return HexFormat.of().formatHex(block);
    }

    @Test
    void takesAnAnswerToNoMark() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.sendPlaintext(MarkFrames.marked(99));
            rogue.assertAlive();
        }
    }

    @Test
    void endsASessionOnAMarkThatIsCutOff() {
        try (RogueQuicPeer rogue = rogue().session()) {
            byte[] mark = MarkFrames.mark(1, 7);
            rogue.sendPlaintext(Arrays.copyOf(mark, mark.length - 1));
            assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    // ---- streams of QUIC

    @Test
    void endsASessionWhoseControlStreamIsReset() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.reset(rogue.control());
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTROL, END})
    void endsASessionOnASecondStreamOfItsKind(int type) {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.open(type);
            if (type == END) {
                rogue.client.open(type);
            }
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionWhosePeerResetsEveryStream() {
        try (RogueQuicPeer rogue = rogue().session()) {
            for (int i = 0; i < MOST_FUTILE; i++) {
                awaitAllowed(rogue);
                rogue.client.reset(rogue.client.open());
            }
            rogue.assertAlive();
            awaitAllowed(rogue);
            rogue.client.reset(rogue.client.open(HALF));
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    private static void awaitAllowed(RogueQuicPeer rogue) {
        if (rogue.client.allowed(true) == 0) {
            rogue.assertAlive(); // with the answer comes what was allowed meanwhile
        }
    }

    /** So many as it may have halves, and 131: what is beyond QUIC itself refuses. */
    @Test
    void allowsNoMoreStreamsThanItPromises() {
        try (RogueQuicPeer rogue = rogue().session()) {
            assertThat(rogue.client.allowed(false)).isZero();
            long left = rogue.client.allowed(true);
            assertThat(left).isEqualTo(256 + 131 - 1);

            for (long i = 0; i < left; i++) {
                rogue.client.open(HALF); // and nothing in it, ever
            }

            assertThat(rogue.client.allowed(true)).isZero();
            rogue.assertAlive();
        }
    }

    /** END is behind all that was said before it, in whatever stream. */
    @Test
    void hearsEndWhenEveryStreamBeforeItHasEnded() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"));
            int half = rogue.sendIn(HALF, RogueFrames.data(3, 100));
            int end = rogue.sendIn(END, new SessionFrame.End(0));
            rogue.client.fin(end);
            rogue.client.fin(rogue.control());
            rogue.await(StreamFrame.Data.class);
            assertThat(victim.node.liveSessions())
                    .as("the friend and the rogue")
                    .hasSize(2);

            rogue.client.block(half, RogueFrames.plaintext(RogueFrames.data(3, 200)));
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(200);
            assertThat(victim.node.liveSessions()).hasSize(2);
            rogue.client.fin(half);

            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        }
    }

    /** RESET_STREAM behind RESET is in order; it says nothing. */
    @Test
    void takesTheEndOfAHalfByReset() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"));
            int half = rogue.sendIn(HALF, RogueFrames.data(3, 100));
            rogue.await(StreamFrame.Data.class);
            rogue.send(new StreamFrame.Reset(3, 0));
            rogue.client.reset(half);
            rogue.assertAlive();
        }
    }

    @Test
    void endsASessionOnAMessageThatBeginsWithALaterPart() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.sendIn(MESSAGES, RogueFrames.message(MessageType.ONE_WAY, 1, 2, 1, 10));
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- DATAGRAM

    @Test
    void endsASessionOnADatagramOfAStreamThatThePeerMayNotOpen() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.datagram(
                    RogueFrames.plaintext(RogueFrames.dataAt(rogue.hello().openLimit(), 0, 10)));
            assertEnded(rogue, ErrorCode.STREAM_LIMIT);
        }
    }

    @Test
    void endsASessionOnControlInADatagram() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.datagram(RogueFrames.plaintext(new SessionFrame.Ping(1)));
            assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionOnADatagramThatIsMalformed() {
        try (RogueQuicPeer rogue = rogue().session()) {
            rogue.client.datagram(new byte[] {0x27, 3});
            assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    /** Its OPEN may still come; it is of no use and harms nothing. */
    @Test
    void holdsNothingForDatagramsOfAStreamThatNobodyOpens() {
        try (RogueQuicPeer rogue = rogue().session()) {
            long reserved = victim.node.reservedBytes();
            for (int i = 0; i < 100; i++) {
                rogue.client.datagram(RogueFrames.plaintext(RogueFrames.dataAt(3, 26L * i, 10)));
            }
            rogue.assertAlive();
            assertThat(victim.node.reservedBytes()).isEqualTo(reserved);
        }
    }
}
