package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.LinkFrame;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.PeerEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that are malformed or not allowed, and those that may be ignored. */
class RogueFramesTest {

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("unknown type 0x10", RogueFrames.raw(0x10)),
                Arguments.of("unknown type 0x1F", RogueFrames.raw(0x1F, 0, 0)),
                Arguments.of("unknown type 0x30", RogueFrames.raw(0x30, 1)),
                Arguments.of("unknown type 0x3F", RogueFrames.raw(0x3F)),
                Arguments.of("a second HELLO", plaintext(Hello.defaults())),
                Arguments.of("FEEDBACK", plaintext(new LinkFrame.Feedback(List.of(new PacketRange(0, 1)), 0, 0, 0, 0))),
                Arguments.of("MESSAGE of id 0", plaintext(message())),
                Arguments.of("CLOSE of a handle never opened", plaintext(new StreamFrame.Close(3, 0, 0, 0))),
                Arguments.of("RESET of a handle never opened", plaintext(new StreamFrame.Reset(3, 0))),
                Arguments.of("BLOCKED of a handle never opened", plaintext(new CreditFrame.Blocked(3, 0, 0))),
                Arguments.of("STOP of a handle never opened", plaintext(new StreamFrame.Stop(3, 0))),
                Arguments.of("WINDOW of a handle never opened", plaintext(new CreditFrame.Window(3, 0, 9))),
                Arguments.of("WINDOW for opens that consumed more", plaintext(new CreditFrame.Window(0, 100, 200))),
                Arguments.of("a handle that skips one", plaintext(RogueFrames.open(4, "sink"))),
                Arguments.of(
                        "a handle used twice",
                        plaintext(RogueFrames.open(3, "sink"), RogueFrames.open(3, 9, 1, "sink"))),
                Arguments.of("epoch 0", plaintext(RogueFrames.open(3, 3, 0, "sink"))),
                Arguments.of("epoch 2^62-1", plaintext(RogueFrames.open(3, 3, VarInt.MAX, "sink"))),
                Arguments.of(
                        "an epoch twice",
                        plaintext(RogueFrames.open(3, 9, 1, "sink"), RogueFrames.open(4, 9, 1, "sink"))),
                Arguments.of(
                        "CLOSE short of what was sent",
                        plaintext(
                                RogueFrames.open(3, "sink"),
                                RogueFrames.data(3, 9),
                                new StreamFrame.Close(3, 16, 1, 0))),
                Arguments.of(
                        "CLOSE with other elements",
                        plaintext(
                                RogueFrames.open(3, "sink"),
                                RogueFrames.data(3, 16),
                                new StreamFrame.Close(3, 32, 2, 0))),
                Arguments.of(
                        "DATA behind CLOSE",
                        plaintext(
                                RogueFrames.open(3, "sink"),
                                new StreamFrame.Close(3, 0, 0, 0),
                                RogueFrames.data(3, 1))),
                Arguments.of(
                        "a whole element inside another",
                        plaintext(
                                RogueFrames.open(3, "sink"), RogueFrames.fragment(3, 100, 1), RogueFrames.data(3, 1))),
                Arguments.of(
                        "a fragment of nothing",
                        plaintext(
                                RogueFrames.open(3, "sink"),
                                new StreamFrame.Data(3, false, true, -1, -1, -1, Bytes.copyOf(new byte[1])))),
                Arguments.of(
                        "fragments beyond their total",
                        plaintext(
                                RogueFrames.open(3, "sink"),
                                RogueFrames.fragment(3, 5, 4),
                                new StreamFrame.Data(3, false, true, -1, -1, -1, Bytes.copyOf(new byte[4])))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void endsASessionOnAFrameThatIsNotAllowed(String what, byte[] plaintext) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.sendPlaintext(plaintext);
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionOnDataOfAHandleNeverOpened() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.data(3, 1));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    static Stream<Arguments> malformed() {
        byte[] open = plaintext(RogueFrames.open(3, "sink"));
        byte[] badText = plaintext(RogueFrames.open(3, "sink"));
        badText[badText.length - 2] = (byte) 0xC0; // the last letter of the name, followed by no headers
        return Stream.of(
                Arguments.of("a PING cut short", new byte[] {1, 2, 3}),
                Arguments.of("an OPEN cut short", Arrays.copyOf(open, open.length - 1)),
                Arguments.of("an OPEN whose name is no text", badText),
                Arguments.of("a WINDOW with half a varint", new byte[] {6, 0, 0, (byte) 0xC0}),
                Arguments.of("a type that is half a varint", new byte[] {(byte) 0xC0}),
                Arguments.of("DATA longer than its record", new byte[] {0x23, 3, 0x40, 100, 1}),
                Arguments.of("DATA of length 2^62-1", RogueFrames.raw(0x23, 3, VarInt.MAX)),
                Arguments.of("DATA of handle 0", RogueFrames.raw(0x23, 0, 0)),
                Arguments.of("a total of 2^62-1", RogueFrames.raw(0x21, 3, VarInt.MAX, 0)),
                Arguments.of("an ignorable frame longer than its record", RogueFrames.raw(0x40, 1_000)),
                Arguments.of("OPEN of handle 2", RogueFrames.raw(0x05, 2)),
                Arguments.of("HELLO with 65 parameters", RogueFrames.raw(0x04, 65)),
                Arguments.of("CLOSE with more elements than offset", RogueFrames.raw(0x08, 3, 15, 1, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void endsASessionOnAMalformedFrame(String what, byte[] plaintext) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.sendPlaintext(plaintext);
            victim.assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void ignoresWhatMayBeIgnored() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(
                    new LinkFrame.Padding(100),
                    new LinkFrame.Unknown(0x40, Bytes.copyOf(new byte[5])),
                    new LinkFrame.Unknown(VarInt.MAX, Bytes.empty()),
                    new SessionFrame.Heartbeat(),
                    new SessionFrame.Pong(77),
                    new CreditFrame.Window(1, 0, VarInt.MAX),
                    new CreditFrame.Window(2, 0, VarInt.MAX));
            assertAlive(rogue);
        }
    }

    @Test
    void survivesAnyBytesThatAnAuthenticatedPeerSeals() {
        long seed = 4711;
        Random random = new Random(seed);
        try (Victim victim = Victim.start()) {
            for (int round = 0; round < 300; round++) {
                try (RoguePeer rogue = victim.rogue().session()) {
                    rogue.send(RogueFrames.open(3, "echo"), RogueFrames.open(4, "source"));
                    byte[] noise = new byte[1 + random.nextInt(60)];
                    random.nextBytes(noise);
                    noise[0] = (byte) random.nextInt(0x30); // mostly a known type
                    rogue.sendPlaintext(noise);
                }
            }
            victim.advance(Duration.ofSeconds(1));
            assertThat(victim.log.soFar(PeerEvent.ConnectionClosed.class).stream()
                            .filter(e -> e.reason().error() == ErrorCode.INTERNAL))
                    .as("defects, seed %d", seed)
                    .isEmpty();
            assertThat(victim.log.soFar(PeerEvent.ConnectionReady.class)).hasSize(1 + 300);
            assertThat(victim.log.soFar(PeerEvent.ConnectionClosed.class).size()
                            + victim.log.soFar(PeerEvent.ConnectionLost.class).size())
                    .isEqualTo(300);
        }
    }

    @Test
    void takesExtremePromises() {
        Hello generous = Hello.defaults()
                .withInitialWindow(VarInt.MAX)
                .withOpenLimit(VarInt.MAX)
                .withRequestWindow(VarInt.MAX)
                .withReplyWindow(VarInt.MAX)
                .withMaxPayloadBytes(VarInt.MAX)
                .withSilenceLimitMillis(VarInt.MAX)
                .withIncarnation(-1);
        Hello mean = Hello.defaults()
                .withInitialWindow(0)
                .withOpenLimit(0)
                .withMaxPayloadBytes(0)
                .withSilenceLimitMillis(1);
        try (Victim victim = Victim.start();
                RoguePeer rich = victim.rogue().session(generous);
                RoguePeer poor = victim.rogue().session(mean)) {
            for (RoguePeer rogue : List.of(rich, poor)) {
                rogue.send(RogueFrames.open(3, "echo"), RogueFrames.data(3, 10));
                assertAlive(rogue);
            }
            victim.advance(Duration.ofSeconds(1));
            assertAlive(rich);
            assertAlive(poor);
        }
    }

    private static MessageFrame message() {
        return new MessageFrame(MessageType.ONE_WAY, 1, 0, 0, "m", Headers.empty(), Bytes.empty());
    }
}
