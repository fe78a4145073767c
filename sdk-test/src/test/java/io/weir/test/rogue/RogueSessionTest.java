package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.LINGER;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.identity.Identity;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.Heap;
import io.weir.reactive.node.ServedStreams;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/**
 * What a peer can do that has proved who it is and has a session: it loses a stream or the session, with a code that
 * both sides see, and nobody else notices ({@link Victim}).
 */
class RogueSessionTest {

    private static final int STREAM_WINDOW = 65_536;

    // ---- records

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16})
    void endsASessionOnARecordTooShortToBeOne(int length) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.write(new byte[] {0, (byte) length});
            victim.assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void losesAPeerThatAnnouncesARecordAndSendsNone() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.write(new byte[] {(byte) 0xff, (byte) 0xff});
            victim.advance(Duration.ofSeconds(16));
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
        }
    }

    @Test
    void endsASessionOnAFlippedBitInAnyRecord() {
        long seed = 20_261_120;
        Random random = new Random(seed);
        try (Victim victim = Victim.start()) {
            for (int round = 0; round < 40; round++) {
                int healthy = random.nextInt(4);
                try (RoguePeer rogue = victim.rogue().session()) {
                    rogue.send(RogueFrames.open(3, "sink"));
                    for (int i = 0; i < healthy; i++) {
                        rogue.send(RogueFrames.data(3, 10));
                    }
                    byte[] record = rogue.sealed(plaintext(RogueFrames.data(3, random.nextInt(200))));
                    int bit = 16 + random.nextInt(8 * record.length - 16); // behind the length field
                    record[bit / 8] ^= (byte) (1 << bit % 8);
                    rogue.write(record);
                    assertThat(rogue.awaitEnd())
                            .as("seed %d, round %d, bit %d", seed, round, bit)
                            .isEqualTo(ErrorCode.DECRYPTION_FAILED);
                    victim.advance(LINGER);
                    assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.DECRYPTION_FAILED));
                }
            }
        }
    }

    @Test
    void refusesAFlippedBitInTheFirstRecord() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            byte[] hello = rogue.sealed(plaintext(Frame.Hello.defaults()));
            hello[hello.length - 1] ^= 1;
            rogue.write(hello);
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.DECRYPTION_FAILED);
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.DECRYPTION_FAILED)).isNotNull();
        }
    }

    @Test
    void endsASessionOnALengthFieldThatLies() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] record = rogue.sealed(plaintext(new Frame.Ping(1), new Frame.Ping(2)));
            record[1]--;
            rogue.write(record);
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnAReplayedRecord() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] record = rogue.sealed(plaintext(new Frame.Ping(1)));
            rogue.write(record);
            rogue.write(record);
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnRecordsOutOfOrder() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] first = rogue.sealed(plaintext(new Frame.Ping(1)));
            byte[] second = rogue.sealed(plaintext(new Frame.Ping(2)));
            rogue.write(second);
            rogue.write(first);
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void takesNothingThatComesBehindEnd() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] end = rogue.sealed(plaintext(new Frame.End(0)));
            byte[] more = rogue.sealed(plaintext(new Frame.Ping(1)));
            byte[] both = Arrays.copyOf(end, end.length + more.length);
            System.arraycopy(more, 0, both, end.length, more.length);
            rogue.write(both);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
            rogue.awaitClosed();
        }
    }

    // ---- frames

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("unknown type 0x0F", RogueFrames.raw(0x0F)),
                Arguments.of("unknown type 0x1F", RogueFrames.raw(0x1F, 0, 0)),
                Arguments.of("unknown type 0x30", RogueFrames.raw(0x30, 1)),
                Arguments.of("unknown type 0x3F", RogueFrames.raw(0x3F)),
                Arguments.of("a second HELLO", plaintext(Frame.Hello.defaults())),
                Arguments.of("FEEDBACK", plaintext(new Frame.Feedback(List.of(new PacketRange(0, 1)), 0, 0, 0, 0))),
                Arguments.of("MESSAGE of id 0", plaintext(message())),
                Arguments.of("DATA of a handle never opened", plaintext(RogueFrames.data(3, 1))),
                Arguments.of("CLOSE of a handle never opened", plaintext(new Frame.Close(3, 0, 0))),
                Arguments.of("RESET of a handle never opened", plaintext(new Frame.Reset(3, 0))),
                Arguments.of("BLOCKED of a handle never opened", plaintext(new Frame.Blocked(3, 0, 0))),
                Arguments.of("STOP of a handle never opened", plaintext(new Frame.Stop(3, 0))),
                Arguments.of("WINDOW of a handle never opened", plaintext(new Frame.Window(3, 0, 9))),
                Arguments.of("WINDOW for opens that consumed more", plaintext(new Frame.Window(0, 100, 200))),
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
                        plaintext(RogueFrames.open(3, "sink"), RogueFrames.data(3, 9), new Frame.Close(3, 16, 1))),
                Arguments.of(
                        "CLOSE with other elements",
                        plaintext(RogueFrames.open(3, "sink"), RogueFrames.data(3, 16), new Frame.Close(3, 32, 2))),
                Arguments.of(
                        "DATA behind CLOSE",
                        plaintext(RogueFrames.open(3, "sink"), new Frame.Close(3, 0, 0), RogueFrames.data(3, 1))),
                Arguments.of(
                        "a whole element inside another",
                        plaintext(
                                RogueFrames.open(3, "sink"), RogueFrames.fragment(3, 100, 1), RogueFrames.data(3, 1))),
                Arguments.of(
                        "a fragment of nothing",
                        plaintext(
                                RogueFrames.open(3, "sink"),
                                new Frame.Data(3, false, true, -1, -1, -1, Bytes.copyOf(new byte[1])))),
                Arguments.of(
                        "fragments beyond their total",
                        plaintext(
                                RogueFrames.open(3, "sink"),
                                RogueFrames.fragment(3, 5, 4),
                                new Frame.Data(3, false, true, -1, -1, -1, Bytes.copyOf(new byte[4])))));
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
                Arguments.of("CLOSE with more elements than offset", RogueFrames.raw(0x08, 3, 15, 1)));
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
                    new Frame.Padding(100),
                    new Frame.Unknown(0x40, Bytes.copyOf(new byte[5])),
                    new Frame.Unknown(VarInt.MAX, Bytes.empty()),
                    new Frame.Heartbeat(),
                    new Frame.Pong(77),
                    new Frame.Window(1, 0, VarInt.MAX),
                    new Frame.Window(2, 0, VarInt.MAX));
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

    @ParameterizedTest
    @ValueSource(strings = {"PING", "OPEN", "DATA", "WINDOW"})
    void refusesAPeerThatSpeaksBeforeItsHello(String what) {
        Frame early = switch (what) {
            case "PING" -> new Frame.Ping(1);
            case "OPEN" -> RogueFrames.open(3, "sink");
            case "DATA" -> RogueFrames.data(3, 1);
            default -> new Frame.Window(0, 0, 9);
        };
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(early);
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.PROTOCOL_VIOLATION)).isNotNull();
        }
    }

    @Test
    void takesExtremePromises() {
        Frame.Hello generous = Frame.Hello.defaults()
                .withInitialWindow(VarInt.MAX)
                .withOpenLimit(VarInt.MAX)
                .withRequestWindow(VarInt.MAX)
                .withReplyWindow(VarInt.MAX)
                .withMaxPayloadBytes(VarInt.MAX)
                .withSilenceLimitMillis(VarInt.MAX)
                .withIncarnation(-1);
        Frame.Hello mean = Frame.Hello.defaults()
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

    // ---- credit

    @Test
    void endsAStreamWhosePeerExceedsItsCredit() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            assertThat(rogue.await(Frame.Reset.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            // its other streams go on
            rogue.send(RogueFrames.open(4, "echo"), RogueFrames.data(4, 7));
            assertThat(rogue.await(Frame.Data.class).payload().length()).isEqualTo(7);
        }
    }

    @Test
    void endsASessionWhosePeerGoesOnBeyondItsCredit() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"));
            for (int i = 0; i < 5; i++) {
                rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            }
            victim.assertEnded(rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    @Test
    void limitsAStreamThatNobodyClaimsToItsFirstWindow() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "nobody"));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            victim.advance(Duration.ofSeconds(11));
            assertAlive(rogue);
        }
    }

    @Test
    void ignoresAGrantThatFalls() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Frame.Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(1_000 / 116);
            rogue.send(new Frame.Window(3, 0, 2_000));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(2_000 / 116 - 1_000 / 116);
            rogue.send(new Frame.Window(3, 0, 500));
            assertAlive(rogue);
            rogue.send(new Frame.Window(3, 116, 3_000));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(3_000 / 116 - 2_000 / 116);
        }
    }

    private static int elementsUntilBlocked(RoguePeer rogue) {
        int elements = 0;
        while (true) {
            Frame frame = rogue.next();
            if (frame instanceof Frame.Data) {
                elements++;
            } else if (frame instanceof Frame.Blocked blocked && blocked.handle() == 3) {
                return elements;
            }
        }
    }

    @Test
    void takesTheHighestGrantThatCanBeSaid() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Frame.Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"));
            rogue.await(Frame.Blocked.class);
            rogue.sendPlaintext(RogueFrames.raw(0x06, 3, 0, VarInt.MAX));
            Frame.Close close = rogue.await(Frame.Close.class);
            assertThat(close.elements()).isEqualTo(ServedStreams.SOURCE_ELEMENTS);
            rogue.send(new Frame.Window(0, 0, VarInt.MAX), new Frame.Window(3, close.finalOffset(), VarInt.MAX));
            assertAlive(rogue);
        }
    }

    @Test
    void endsASessionWhosePeerConsumedMoreThanItWasSent() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Frame.Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"));
            rogue.await(Frame.Blocked.class);
            rogue.send(new Frame.Window(3, 1_001, 5_000));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- streams

    @Test
    void endsASessionWhosePeerOpensTooManyStreams() {
        NodeLimits limits = NodeLimits.defaults().withMaxStreams(4);
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 7; handle++) {
                rogue.send(RogueFrames.open(handle, "stall"));
            }
            assertAlive(rogue);
            rogue.send(RogueFrames.open(7, "stall"));
            victim.assertEnded(rogue, ErrorCode.STREAM_LIMIT);
        }
    }

    @Test
    void endsASessionWhosePeerOpensAndResetsWithoutReading() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 20_000; handle++) {
                rogue.send(RogueFrames.open(handle, "stall"), new Frame.Reset(handle, 0));
            }
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.STREAM_LIMIT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall", "echo"})
    void keepsNothingOfStreamsThatAPeerOpensAndResetsInALoop(String name) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Frame.Hello.defaults().withOpenLimit(VarInt.MAX))) {
            openAndReset(rogue, 3, 2_000, name);
            long before = Heap.used();
            openAndReset(rogue, 2_003, 20_000, name);
            assertThat(Heap.used() - before).as("heap kept of 20,000 streams").isLessThan(4L << 20);
            assertAlive(rogue);
        }
    }

    private static void openAndReset(RoguePeer rogue, long from, int count, String name) {
        for (long handle = from; handle < from + count; handle++) {
            rogue.send(RogueFrames.open(handle, name));
            long answer = rogue.await(Frame.Open.class).handle();
            rogue.send(new Frame.Reset(handle, 0), new Frame.Stop(answer, 0));
            rogue.await(Frame.Stop.class);
        }
    }

    @Test
    void keepsFewOfTheStreamsThatNobodyClaims() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 3 + 16; handle++) {
                rogue.send(RogueFrames.open(handle, "nobody"), new Frame.Reset(handle, 0));
            }
            long before = Heap.used();
            for (long handle = 3 + 16; handle < 20_000; handle++) {
                rogue.send(RogueFrames.open(handle, "nobody"), new Frame.Reset(handle, 0));
                assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.REFUSED.number());
            }
            assertThat(Heap.used() - before).as("heap kept of 20,000 streams").isLessThan(4L << 20);
            assertAlive(rogue);
        }
    }

    @Test
    void outlivesUnclaimedStreamsThatEndByThemselves() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, 100, 1, "nobody"), new Frame.Reset(3, 0)); // reset
            rogue.send(RogueFrames.open(4, 200, 1, "nobody"), RogueFrames.open(5, 200, 2, "nobody")); // superseded
            rogue.send(RogueFrames.open(6, 300, 1, "nobody"), new Frame.Close(6, 0, 0)); // closed
            victim.advance(Duration.ofSeconds(11)); // when the unclaimed are refused
            assertAlive(rogue);
            victim.advance(Duration.ofSeconds(16));
            assertThat(victim.log.lost(rogue.id()).error()).isEqualTo(ErrorCode.SILENCE);
        }
    }

    // ---- floods

    @Test
    void answersAPingFloodOfAPeerThatNeverReadsWithNextToNothing() {
        int records = 200;
        byte[] flood =
                plaintext(IntStream.range(0, 5_000).mapToObj(Frame.Ping::new).toArray(Frame[]::new));
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            long before = rogue.bytesRead();
            for (int i = 0; i < records; i++) {
                rogue.sendPlaintext(flood);
            }
            victim.assertGoesOn();
            rogue.send(new Frame.Ping(-7));
            int pongs = 0;
            while (rogue.await(Frame.Pong.class).token() != -7) {
                pongs++;
            }
            assertThat(pongs).isLessThanOrEqualTo(records);
            assertThat(rogue.bytesRead() - before).isLessThan(128 * 1024);
        }
    }

    @Test
    void holdsNothingForAPeerThatFloodsAndNeverReads() {
        byte[] flood =
                plaintext(IntStream.range(0, 5_000).mapToObj(Frame.Ping::new).toArray(Frame[]::new));
        try (TcpVictim victim = TcpVictim.start();
                RoguePeer rogue = RoguePeer.dial(victim.address()).session()) {
            long before = Heap.used();
            for (int i = 0; i < 1_000; i++) {
                rogue.sendPlaintext(flood);
            }
            victim.assertGoesOn();
            assertThat(Heap.used() - before).as("heap held for 5,000,000 PINGs").isLessThan(8L << 20);
        }
    }

    // ---- payloads

    @Test
    void endsAStreamWithAPayloadAboveTheMaximum() {
        NodeLimits limits = NodeLimits.defaults().withMaxPayloadBytes(100_000);
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.fragment(3, 100_001, 1_000));
            assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE.number());
            assertAlive(rogue);
        }
    }

    @Test
    void failsASenderWhosePayloadIsAboveThePeersMaximum() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Frame.Hello.defaults().withMaxPayloadBytes(1_000))) {
            PeerSession session = victim.node
                    .sessions()
                    .filter(s -> s.peer().equals(rogue.id()))
                    .blockFirst(Duration.ofSeconds(1));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            session.openStream("big", StreamConfig.reliable())
                    .send(Flux.just(new byte[1_001]), Codec.bytes())
                    .subscribe(null, failure::set);
            victim.settle();
            assertThat(failure.get()).isInstanceOfSatisfying(PayloadTooLargeException.class, e -> {
                assertThat(e.value()).isEqualTo(1_001);
                assertThat(e.max()).isEqualTo(1_000);
            });
            rogue.await(Frame.Open.class);
            assertThat(rogue.await(Frame.Reset.class).code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE.number());
            assertAlive(rogue);
        }
    }

    // ---- a peer that vanishes

    @Test
    void losesAPeerThatVanishesWithoutFin() {
        NodeLimits limits = NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(5));
        try (Victim victim = Victim.start(limits)) {
            PeerNode vanishing = victim.other(Identity.generate(), "vanishing");
            victim.connected(vanishing, Victim.FOR_ROGUES);
            victim.advance(Duration.ofSeconds(60));
            victim.network.partition(Set.of(Victim.HOST), Set.of("vanishing"));
            victim.advance(Duration.ofSeconds(3));
            assertThat(victim.log.soFar(PeerEvent.ConnectionLost.class)).isEmpty();
            victim.advance(Duration.ofMillis(2_010));
            PeerEvent.ConnectionLost lost =
                    victim.log.soFar(PeerEvent.ConnectionLost.class).get(0);
            assertThat(lost.peer()).isEqualTo(vanishing.id());
            assertThat(lost.reason()).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
            assertThat(lost.silence()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_010));
        }
    }

    @Test
    void losesAPeerWhoseConnectionIsReset() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.abort();
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    @Test
    void losesAPeerThatEndsItsOutputWithoutEnd() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.fin();
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    // ---- how

    private static Frame.Message message() {
        return new Frame.Message(MessageType.ONE_WAY, 1, 0, 0, "m", Headers.empty(), Bytes.empty());
    }
}
