package io.weir.reactive.node;

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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
 * both sides see, and nobody else notices ({@link VirtualGuard}).
 */
class RogueSessionTest {

    private static final int STREAM_WINDOW = 65_536;

    /** How long a node waits, after its END, for the peer to close too. */
    private static final Duration LINGER = Duration.ofMillis(500);

    // ---- records

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16})
    void endsASessionOnARecordTooShortToBeOne(int length) {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.write(new byte[] {0, (byte) length});
            assertEnded(guard, rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void losesAPeerThatAnnouncesARecordAndSendsNone() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.write(new byte[] {(byte) 0xff, (byte) 0xff});
            guard.time.advance(Duration.ofSeconds(16));
            assertThat(guard.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
        }
    }

    @Test
    void endsASessionOnAFlippedBitInAnyRecord() {
        long seed = 20_261_120;
        Random random = new Random(seed);
        try (VirtualGuard guard = VirtualGuard.start()) {
            for (int round = 0; round < 40; round++) {
                int healthy = random.nextInt(4);
                try (RoguePeer rogue = guard.rogue().session()) {
                    rogue.send(RoguePeer.open(3, "sink"));
                    for (int i = 0; i < healthy; i++) {
                        rogue.send(RoguePeer.data(3, 10));
                    }
                    byte[] record = rogue.sealed(frames(RoguePeer.data(3, random.nextInt(200))));
                    int bit = 16 + random.nextInt(8 * record.length - 16); // behind the length field
                    record[bit / 8] ^= (byte) (1 << bit % 8);
                    rogue.write(record);
                    assertThat(rogue.awaitEnd())
                            .as("seed %d, round %d, bit %d", seed, round, bit)
                            .isEqualTo(ErrorCode.DECRYPTION_FAILED);
                    guard.time.advance(LINGER);
                    assertThat(guard.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.DECRYPTION_FAILED));
                }
            }
        }
    }

    @Test
    void refusesAFlippedBitInTheFirstRecord() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().handshake()) {
            byte[] hello = rogue.sealed(frames(Frame.Hello.defaults()));
            hello[hello.length - 1] ^= 1;
            rogue.write(hello);
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.DECRYPTION_FAILED);
            guard.time.advance(LINGER);
            assertThat(guard.log.refused(ErrorCode.DECRYPTION_FAILED)).isNotNull();
        }
    }

    @Test
    void endsASessionOnALengthFieldThatLies() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            byte[] record = rogue.sealed(frames(new Frame.Ping(1), new Frame.Ping(2)));
            record[1]--;
            rogue.write(record);
            assertEnded(guard, rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnAReplayedRecord() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            byte[] record = rogue.sealed(frames(new Frame.Ping(1)));
            rogue.write(record);
            rogue.write(record);
            assertEnded(guard, rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnRecordsOutOfOrder() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            byte[] first = rogue.sealed(frames(new Frame.Ping(1)));
            byte[] second = rogue.sealed(frames(new Frame.Ping(2)));
            rogue.write(second);
            rogue.write(first);
            assertEnded(guard, rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void takesNothingThatComesBehindEnd() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            byte[] end = rogue.sealed(frames(new Frame.End(0)));
            byte[] more = rogue.sealed(frames(new Frame.Ping(1)));
            byte[] both = Arrays.copyOf(end, end.length + more.length);
            System.arraycopy(more, 0, both, end.length, more.length);
            rogue.write(both);
            assertThat(guard.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
            rogue.awaitClosed();
        }
    }

    // ---- frames

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("unknown type 0x0F", RoguePeer.raw(0x0F)),
                Arguments.of("unknown type 0x1F", RoguePeer.raw(0x1F, 0, 0)),
                Arguments.of("unknown type 0x30", RoguePeer.raw(0x30, 1)),
                Arguments.of("unknown type 0x3F", RoguePeer.raw(0x3F)),
                Arguments.of("a second HELLO", frames(Frame.Hello.defaults())),
                Arguments.of("FEEDBACK", frames(new Frame.Feedback(List.of(new PacketRange(0, 1)), 0, 0, 0, 0))),
                Arguments.of("MESSAGE of id 0", frames(message())),
                Arguments.of("DATA of a handle never opened", frames(RoguePeer.data(3, 1))),
                Arguments.of("CLOSE of a handle never opened", frames(new Frame.Close(3, 0, 0))),
                Arguments.of("RESET of a handle never opened", frames(new Frame.Reset(3, 0))),
                Arguments.of("BLOCKED of a handle never opened", frames(new Frame.Blocked(3, 0, 0))),
                Arguments.of("STOP of a handle never opened", frames(new Frame.Stop(3, 0))),
                Arguments.of("WINDOW of a handle never opened", frames(new Frame.Window(3, 0, 9))),
                Arguments.of("WINDOW for opens that consumed more", frames(new Frame.Window(0, 100, 200))),
                Arguments.of("a handle that skips one", frames(RoguePeer.open(4, "sink"))),
                Arguments.of("a handle used twice", frames(RoguePeer.open(3, "sink"), RoguePeer.open(3, 9, 1, "sink"))),
                Arguments.of("epoch 0", frames(RoguePeer.open(3, 3, 0, "sink"))),
                Arguments.of("epoch 2^62-1", frames(RoguePeer.open(3, 3, VarInt.MAX, "sink"))),
                Arguments.of(
                        "an epoch twice", frames(RoguePeer.open(3, 9, 1, "sink"), RoguePeer.open(4, 9, 1, "sink"))),
                Arguments.of(
                        "CLOSE short of what was sent",
                        frames(RoguePeer.open(3, "sink"), RoguePeer.data(3, 9), new Frame.Close(3, 16, 1))),
                Arguments.of(
                        "CLOSE with other elements",
                        frames(RoguePeer.open(3, "sink"), RoguePeer.data(3, 16), new Frame.Close(3, 32, 2))),
                Arguments.of(
                        "DATA behind CLOSE",
                        frames(RoguePeer.open(3, "sink"), new Frame.Close(3, 0, 0), RoguePeer.data(3, 1))),
                Arguments.of(
                        "a whole element inside another",
                        frames(RoguePeer.open(3, "sink"), RoguePeer.fragment(3, 100, 1), RoguePeer.data(3, 1))),
                Arguments.of(
                        "a fragment of nothing",
                        frames(
                                RoguePeer.open(3, "sink"),
                                new Frame.Data(3, false, true, -1, -1, -1, Bytes.copyOf(new byte[1])))),
                Arguments.of(
                        "fragments beyond their total",
                        frames(
                                RoguePeer.open(3, "sink"),
                                RoguePeer.fragment(3, 5, 4),
                                new Frame.Data(3, false, true, -1, -1, -1, Bytes.copyOf(new byte[4])))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void endsASessionOnAFrameThatIsNotAllowed(String what, byte[] plaintext) {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.sendPlaintext(plaintext);
            assertEnded(guard, rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    static Stream<Arguments> malformed() {
        byte[] open = frames(RoguePeer.open(3, "sink"));
        byte[] badText = frames(RoguePeer.open(3, "sink"));
        badText[badText.length - 2] = (byte) 0xC0; // the last letter of the name, followed by no headers
        return Stream.of(
                Arguments.of("a PING cut short", new byte[] {1, 2, 3}),
                Arguments.of("an OPEN cut short", Arrays.copyOf(open, open.length - 1)),
                Arguments.of("an OPEN whose name is no text", badText),
                Arguments.of("a WINDOW with half a varint", new byte[] {6, 0, 0, (byte) 0xC0}),
                Arguments.of("a type that is half a varint", new byte[] {(byte) 0xC0}),
                Arguments.of("DATA longer than its record", new byte[] {0x23, 3, 0x40, 100, 1}),
                Arguments.of("DATA of length 2^62-1", RoguePeer.raw(0x23, 3, VarInt.MAX)),
                Arguments.of("DATA of handle 0", RoguePeer.raw(0x23, 0, 0)),
                Arguments.of("a total of 2^62-1", RoguePeer.raw(0x21, 3, VarInt.MAX, 0)),
                Arguments.of("an ignorable frame longer than its record", RoguePeer.raw(0x40, 1_000)),
                Arguments.of("OPEN of handle 2", RoguePeer.raw(0x05, 2)),
                Arguments.of("HELLO with 65 parameters", RoguePeer.raw(0x04, 65)),
                Arguments.of("CLOSE with more elements than offset", RoguePeer.raw(0x08, 3, 15, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void endsASessionOnAMalformedFrame(String what, byte[] plaintext) {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.sendPlaintext(plaintext);
            assertEnded(guard, rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void ignoresWhatMayBeIgnored() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
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
        try (VirtualGuard guard = VirtualGuard.start()) {
            for (int round = 0; round < 300; round++) {
                try (RoguePeer rogue = guard.rogue().session()) {
                    rogue.send(RoguePeer.open(3, "echo"), RoguePeer.open(4, "source"));
                    byte[] noise = new byte[1 + random.nextInt(60)];
                    random.nextBytes(noise);
                    noise[0] = (byte) random.nextInt(0x30); // mostly a known type
                    rogue.sendPlaintext(noise);
                }
            }
            guard.time.advance(Duration.ofSeconds(1));
            assertThat(guard.log.soFar(PeerEvent.ConnectionClosed.class).stream()
                            .filter(e -> e.reason().error() == ErrorCode.INTERNAL))
                    .as("defects, seed %d", seed)
                    .isEmpty();
            assertThat(guard.log.soFar(PeerEvent.ConnectionReady.class)).hasSize(1 + 300);
            assertThat(guard.log.soFar(PeerEvent.ConnectionClosed.class).size()
                            + guard.log.soFar(PeerEvent.ConnectionLost.class).size())
                    .isEqualTo(300);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING", "OPEN", "DATA", "WINDOW"})
    void refusesAPeerThatSpeaksBeforeItsHello(String what) {
        Frame early = switch (what) {
            case "PING" -> new Frame.Ping(1);
            case "OPEN" -> RoguePeer.open(3, "sink");
            case "DATA" -> RoguePeer.data(3, 1);
            default -> new Frame.Window(0, 0, 9);
        };
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().handshake()) {
            rogue.send(early);
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            guard.time.advance(LINGER);
            assertThat(guard.log.refused(ErrorCode.PROTOCOL_VIOLATION)).isNotNull();
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
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rich = guard.rogue().session(generous);
                RoguePeer poor = guard.rogue().session(mean)) {
            for (RoguePeer rogue : List.of(rich, poor)) {
                rogue.send(RoguePeer.open(3, "echo"), RoguePeer.data(3, 10));
                assertAlive(rogue);
            }
            guard.time.advance(Duration.ofSeconds(1));
            assertAlive(rich);
            assertAlive(poor);
        }
    }

    // ---- credit

    @Test
    void endsAStreamWhosePeerExceedsItsCredit() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.send(RoguePeer.open(3, "stall"));
            rogue.send(RoguePeer.data(3, STREAM_WINDOW / 2));
            rogue.send(RoguePeer.data(3, STREAM_WINDOW / 2));
            assertThat(rogue.await(Frame.Reset.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            // its other streams go on
            rogue.send(RoguePeer.open(4, "echo"), RoguePeer.data(4, 7));
            assertThat(rogue.await(Frame.Data.class).payload().length()).isEqualTo(7);
        }
    }

    @Test
    void endsASessionWhosePeerGoesOnBeyondItsCredit() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.send(RoguePeer.open(3, "stall"));
            for (int i = 0; i < 5; i++) {
                rogue.send(RoguePeer.data(3, STREAM_WINDOW / 2));
            }
            assertEnded(guard, rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    @Test
    void limitsAStreamThatNobodyClaimsToItsFirstWindow() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.send(RoguePeer.open(3, "nobody"));
            rogue.send(RoguePeer.data(3, STREAM_WINDOW / 2));
            rogue.send(RoguePeer.data(3, STREAM_WINDOW / 2));
            assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            guard.time.advance(Duration.ofSeconds(11));
            assertAlive(rogue);
        }
    }

    @Test
    void ignoresAGrantThatFalls() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session(Frame.Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RoguePeer.open(3, "source"));
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
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session(Frame.Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RoguePeer.open(3, "source"));
            rogue.await(Frame.Blocked.class);
            rogue.sendPlaintext(RoguePeer.raw(0x06, 3, 0, VarInt.MAX));
            Frame.Close close = rogue.await(Frame.Close.class);
            assertThat(close.elements()).isEqualTo(GuardedNode.SOURCE_ELEMENTS);
            rogue.send(new Frame.Window(0, 0, VarInt.MAX), new Frame.Window(3, close.finalOffset(), VarInt.MAX));
            assertAlive(rogue);
        }
    }

    @Test
    void endsASessionWhosePeerConsumedMoreThanItWasSent() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session(Frame.Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RoguePeer.open(3, "source"));
            rogue.await(Frame.Blocked.class);
            rogue.send(new Frame.Window(3, 1_001, 5_000));
            assertEnded(guard, rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- streams

    @Test
    void endsASessionWhosePeerOpensTooManyStreams() {
        NodeLimits limits = NodeLimits.defaults().withMaxStreams(4);
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(limits));
                RoguePeer rogue = guard.rogue().session()) {
            for (long handle = 3; handle < 7; handle++) {
                rogue.send(RoguePeer.open(handle, "stall"));
            }
            assertAlive(rogue);
            rogue.send(RoguePeer.open(7, "stall"));
            assertEnded(guard, rogue, ErrorCode.STREAM_LIMIT);
        }
    }

    @Test
    void endsASessionWhosePeerOpensAndResetsWithoutReading() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            for (long handle = 3; handle < 20_000; handle++) {
                rogue.send(RoguePeer.open(handle, "stall"), new Frame.Reset(handle, 0));
            }
            guard.time.advance(LINGER);
            assertThat(guard.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.STREAM_LIMIT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall", "echo"})
    void keepsNothingOfStreamsThatAPeerOpensAndResetsInALoop(String name) {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session(Frame.Hello.defaults().withOpenLimit(VarInt.MAX))) {
            openAndReset(rogue, 3, 2_000, name);
            long before = Heap.used();
            openAndReset(rogue, 2_003, 20_000, name);
            assertThat(Heap.used() - before).as("heap kept of 20,000 streams").isLessThan(4L << 20);
            assertAlive(rogue);
        }
    }

    private static void openAndReset(RoguePeer rogue, long from, int count, String name) {
        for (long handle = from; handle < from + count; handle++) {
            rogue.send(RoguePeer.open(handle, name));
            long answer = rogue.await(Frame.Open.class).handle();
            rogue.send(new Frame.Reset(handle, 0), new Frame.Stop(answer, 0));
            rogue.await(Frame.Stop.class);
        }
    }

    @Test
    void keepsFewOfTheStreamsThatNobodyClaims() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            for (long handle = 3; handle < 3 + 16; handle++) {
                rogue.send(RoguePeer.open(handle, "nobody"), new Frame.Reset(handle, 0));
            }
            long before = Heap.used();
            for (long handle = 3 + 16; handle < 20_000; handle++) {
                rogue.send(RoguePeer.open(handle, "nobody"), new Frame.Reset(handle, 0));
                assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.REFUSED.number());
            }
            assertThat(Heap.used() - before).as("heap kept of 20,000 streams").isLessThan(4L << 20);
            assertAlive(rogue);
        }
    }

    @Test
    void outlivesUnclaimedStreamsThatEndByThemselves() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.send(RoguePeer.open(3, 100, 1, "nobody"), new Frame.Reset(3, 0)); // reset
            rogue.send(RoguePeer.open(4, 200, 1, "nobody"), RoguePeer.open(5, 200, 2, "nobody")); // superseded
            rogue.send(RoguePeer.open(6, 300, 1, "nobody"), new Frame.Close(6, 0, 0)); // closed
            guard.time.advance(Duration.ofSeconds(11)); // when the unclaimed are refused
            assertAlive(rogue);
            guard.time.advance(Duration.ofSeconds(16));
            assertThat(guard.log.lost(rogue.id()).error()).isEqualTo(ErrorCode.SILENCE);
        }
    }

    // ---- floods

    @Test
    void answersAPingFloodOfAPeerThatNeverReadsWithNextToNothing() {
        int records = 200;
        byte[] flood =
                frames(IntStream.range(0, 5_000).mapToObj(Frame.Ping::new).toArray(Frame[]::new));
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            long before = rogue.bytesRead();
            for (int i = 0; i < records; i++) {
                rogue.sendPlaintext(flood);
            }
            guard.assertGoesOn();
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
                frames(IntStream.range(0, 5_000).mapToObj(Frame.Ping::new).toArray(Frame[]::new));
        try (GuardedNode guarded = GuardedNode.start();
                RoguePeer rogue = RoguePeer.dial(guarded.address()).session()) {
            long before = Heap.used();
            for (int i = 0; i < 1_000; i++) {
                rogue.sendPlaintext(flood);
            }
            guarded.assertGoesOn();
            assertThat(Heap.used() - before).as("heap held for 5,000,000 PINGs").isLessThan(8L << 20);
        }
    }

    // ---- payloads

    @Test
    void endsAStreamWithAPayloadAboveTheMaximum() {
        NodeLimits limits = NodeLimits.defaults().withMaxPayloadBytes(100_000);
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(limits));
                RoguePeer rogue = guard.rogue().session()) {
            rogue.send(RoguePeer.open(3, "sink"), RoguePeer.fragment(3, 100_001, 1_000));
            assertThat(rogue.await(Frame.Stop.class).code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE.number());
            assertAlive(rogue);
        }
    }

    @Test
    void failsASenderWhosePayloadIsAboveThePeersMaximum() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session(Frame.Hello.defaults().withMaxPayloadBytes(1_000))) {
            PeerSession session = guard.node
                    .sessions()
                    .filter(s -> s.peer().equals(rogue.id()))
                    .blockFirst(Duration.ofSeconds(1));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            session.openStream("big", StreamConfig.reliable())
                    .send(Flux.just(new byte[1_001]), Codec.bytes())
                    .subscribe(null, failure::set);
            guard.time.settle();
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
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(limits))) {
            PeerNode vanishing = guard.other(Identity.generate());
            guard.connected(vanishing, VirtualGuard.FOR_ROGUES);
            guard.time.advance(Duration.ofSeconds(60));
            guard.network.silence(VirtualGuard.FOR_ROGUES);
            guard.time.advance(Duration.ofSeconds(3));
            assertThat(guard.log.soFar(PeerEvent.ConnectionLost.class)).isEmpty();
            guard.time.advance(Duration.ofMillis(2_010));
            PeerEvent.ConnectionLost lost =
                    guard.log.soFar(PeerEvent.ConnectionLost.class).get(0);
            assertThat(lost.peer()).isEqualTo(vanishing.id());
            assertThat(lost.reason()).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
            assertThat(lost.silence()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_010));
        }
    }

    @Test
    void losesAPeerWhoseConnectionIsReset() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.abort();
            assertThat(guard.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    @Test
    void losesAPeerThatEndsItsOutputWithoutEnd() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            rogue.fin();
            assertThat(guard.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    // ---- how

    /** The session is over, with that code at both ends. */
    private static void assertEnded(VirtualGuard guard, RoguePeer rogue, ErrorCode code) {
        assertThat(rogue.awaitEnd()).isEqualTo(code);
        guard.time.advance(LINGER);
        assertThat(guard.log.closed(rogue.id())).isEqualTo(CloseReason.local(code));
    }

    /** The rogue's own session still answers. */
    private static void assertAlive(RoguePeer rogue) {
        rogue.send(new Frame.Ping(4242));
        while (rogue.await(Frame.Pong.class).token() != 4242) {
            // an answer to an earlier one
        }
    }

    private static Frame.Message message() {
        return new Frame.Message(MessageType.ONE_WAY, 1, 0, 0, "m", Headers.empty(), Bytes.empty());
    }

    private static byte[] frames(Frame... frames) {
        return RoguePeer.plaintext(frames);
    }
}
