package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.ServedStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** More than was allowed, and grants and reports of consumption that cannot be. */
class RogueCreditTest {

    private static final int STREAM_WINDOW = 65_536;
    private static final long MIB = 1024 * 1024;

    @Test
    void endsAStreamWhosePeerExceedsItsCredit() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            assertThat(rogue.await(StreamFrame.Reset.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            assertThat(rogue.await(StreamFrame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            // its other streams go on
            rogue.send(RogueFrames.open(4, "echo"), RogueFrames.data(4, 7));
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(7);
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
            assertThat(rogue.await(StreamFrame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            victim.advance(Duration.ofSeconds(11));
            assertAlive(rogue);
        }
    }

    @Test
    void endsASessionWhosePeerOpensWithMoreThanItsHelloGives() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.openWithWindow(3, 1_000, "source"));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(1_000 / 116);
            rogue.send(RogueFrames.openWithWindow(4, 1_001, "source"));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void sendsNoMoreThanAnOpenAllows() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.openWithWindow(3, 500, "source"));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(500 / 116);
        }
    }

    @Test
    void endsAStreamWhosePeerAnswersAndExceedsTheWindowOfItsOpen() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            PeerSession session = victim.sessionWith(rogue);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            session.openStream("x", StreamConfig.reliable().withFixedWindow(2_000))
                    .receive(Codec.bytes())
                    .subscribe(v -> {}, failure::set);
            StreamFrame.Open open = rogue.await(StreamFrame.Open.class);
            assertThat(open.window()).isEqualTo(2_000);
            rogue.send(RogueFrames.answer(3, open), RogueFrames.data(3, 2_001 - 16));
            assertThat(rogue.await(StreamFrame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
            victim.settle();
            assertThat(failure.get()).isNotNull();
            assertAlive(rogue);
        }
    }

    @Test
    void ignoresAGrantThatFalls() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(1_000 / 116);
            rogue.send(new CreditFrame.Window(3, 0, 2_000));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(2_000 / 116 - 1_000 / 116);
            rogue.send(new CreditFrame.Window(3, 0, 500));
            assertAlive(rogue);
            rogue.send(new CreditFrame.Window(3, 116, 3_000));
            assertThat(elementsUntilBlocked(rogue)).isEqualTo(3_000 / 116 - 2_000 / 116);
        }
    }

    private static int elementsUntilBlocked(RoguePeer rogue) {
        int elements = 0;
        while (true) {
            Frame frame = rogue.next();
            if (frame instanceof StreamFrame.Data) {
                elements++;
            } else if (frame instanceof CreditFrame.Blocked blocked && blocked.handle() == 3) {
                return elements;
            }
        }
    }

    @Test
    void takesTheHighestGrantThatCanBeSaid() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"));
            rogue.await(CreditFrame.Blocked.class);
            rogue.sendPlaintext(RogueFrames.raw(0x06, 3, 0, VarInt.MAX));
            StreamFrame.Close close = rogue.await(StreamFrame.Close.class);
            assertThat(close.elements()).isEqualTo(ServedStreams.SOURCE_ELEMENTS);
            rogue.send(
                    new CreditFrame.Window(0, 0, VarInt.MAX),
                    new CreditFrame.Window(3, close.finalOffset(), VarInt.MAX));
            assertAlive(rogue);
        }
    }

    @Test
    void endsASessionWhosePeerConsumedMoreThanItWasSent() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"));
            rogue.await(CreditFrame.Blocked.class);
            rogue.send(new CreditFrame.Window(3, 1_001, 5_000));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsAStreamWithAPayloadAboveTheMaximum() {
        NodeLimits limits = NodeLimits.defaults().withMaxPayloadBytes(100_000);
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.fragment(3, 100_001, 1_000));
            assertThat(rogue.await(StreamFrame.Stop.class).code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE.number());
            assertAlive(rogue);
        }
    }

    @Test
    void failsASenderWhosePayloadIsAboveThePeersMaximum() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withMaxPayloadBytes(1_000))) {
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
            rogue.await(StreamFrame.Open.class);
            assertThat(rogue.await(StreamFrame.Close.class).code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE.number());
            assertAlive(rogue);
        }
    }

    @Test
    void goesOnWithTheOtherStreamsOfAPeerThatExceedsItsCreditOnOne() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), RogueFrames.open(4, "echo"));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            rogue.send(RogueFrames.data(3, STREAM_WINDOW / 2));
            assertThat(rogue.await(StreamFrame.Stop.class))
                    .isEqualTo(new StreamFrame.Stop(3, ErrorCode.FLOW_CONTROL.number()));
            victim.assertServes(rogue, 4);
        }
    }

    /** An open is paid for when it is promised; who breaks the credit of a stream has no window of it any more. */
    @Test
    void reservesNoMoreForAPeerThatSendsBeyondEveryWindow() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 18; handle++) {
                rogue.send(RogueFrames.open(handle, "stall"));
                long opened = victim.node.reservedBytes();
                rogue.send(RogueFrames.data(handle, STREAM_WINDOW / 2));
                rogue.send(RogueFrames.data(handle, STREAM_WINDOW / 2));
                assertThat(victim.node.reservedBytes()).isLessThanOrEqualTo(opened);
            }
            assertAlive(rogue);
        }
    }

    static Stream<Arguments> consumedTooMuch() {
        return Stream.of(
                Arguments.of("opens", new CreditFrame.Window(0, 1_000, 2_000)),
                Arguments.of("requests", new CreditFrame.Window(1, 1, 1 << 20)),
                Arguments.of("replies", new CreditFrame.Window(2, 1, 1 << 20)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("consumedTooMuch")
    void endsASessionWhosePeerConsumedWhatWasNeverSent(String what, CreditFrame.Window window) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(window);
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void ignoresGrantsForOpensAndMessagesThatFall() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 0; handle <= 2; handle++) {
                rogue.send(new CreditFrame.Window(handle, 0, 0));
            }
            List<String> sent = new ArrayList<>();
            PeerSession session = victim.sessionWith(rogue);
            session.send("m", "still", Codec.utf8()).subscribe(v -> {}, e -> {}, () -> sent.add("done"));
            victim.settle();
            assertThat(sent).containsExactly("done");
            assertAlive(rogue);
        }
    }

    /** 2^62-1 is the highest number that a varint can say; what would be beyond is no frame at all. */
    @Test
    void takesTheHighestGrantOfEveryKindThatCanBeSaid() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 0; handle <= 2; handle++) {
                rogue.send(new CreditFrame.Window(handle, 0, VarInt.MAX));
                rogue.send(new CreditFrame.Window(handle, 0, VarInt.MAX), new CreditFrame.Window(handle, 0, 1));
            }
            assertAlive(rogue);
        }
    }

    /** Each would be let through for itself; together they would take what the node has for all of its peers. */
    @Test
    void leavesMemoryForOthersWhenAPeerBeginsManyLargePayloadsAndCompletesNone() {
        NodeLimits limits = NodeLimits.defaults()
                .withMaxPayloadBytes(MIB)
                .withSessionBudgetBytes(4 * MIB)
                .withNodeBudgetBytes(16 * MIB);
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            long before = victim.node.reservedBytes();
            for (long handle = 3; handle < 18; handle++) {
                rogue.send(RogueFrames.open(handle, "sink"), RogueFrames.fragment(handle, MIB, 30_000));
                rogue.heard();
            }
            assertThat(victim.node.reservedBytes() - before).isBetween(MIB, 3 * MIB);
            assertThat(victim.echoedToNewcomer((int) MIB)).isEqualTo(MIB);
            rogue.send(RogueFrames.open(18, "echo"));
            victim.assertServes(rogue, 18);
        }
    }

    /** Eight peers, of which two would do: each has sent a little of its payload, lives, and adds a byte now and then. */
    @Test
    void takesTheMemoryOfLargePayloadsThatStandStillWhileOthersWait() {
        NodeLimits limits = NodeLimits.defaults()
                .withMaxPayloadBytes(4 * MIB)
                .withSessionBudgetBytes(4 * MIB)
                .withNodeBudgetBytes(16 * MIB);
        try (Victim victim = Victim.start(limits)) {
            List<RoguePeer> rogues = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                rogues.add(victim.rogue().session()); // while there is memory for the streams of each
            }
            for (RoguePeer rogue : rogues) {
                rogue.send(RogueFrames.open(3, "sink"), RogueFrames.fragment(3, 4 * MIB, 30_000));
                rogue.heard();
            }
            AtomicLong echoed = victim.echoToNewcomer((int) (4 * MIB));
            assertThat(echoed).as("it waits").hasValue(0);
            int seconds = 0;
            Set<RoguePeer> stopped = new HashSet<>();
            while (echoed.get() == 0 && seconds < 300) {
                seconds += 5;
                victim.advance(Duration.ofSeconds(5));
                for (RoguePeer rogue : rogues) {
                    List<Frame> heard = rogue.heard();
                    if (heard.contains(new StreamFrame.Stop(3, ErrorCode.PAYLOAD_TIMEOUT.number()))) {
                        stopped.add(rogue);
                    }
                    if (stopped.contains(rogue)) {
                        rogue.send(new SessionFrame.Ping(seconds));
                    } else {
                        rogue.send(new SessionFrame.Ping(seconds), RogueFrames.further(3, 1, false));
                    }
                }
            }
            assertThat(echoed).as("after %d s", seconds).hasValue(4 * MIB);
            assertThat(seconds)
                    .as("two at a time, for little more than a silence limit each")
                    .isLessThanOrEqualTo(4 * 25);
            assertThat(stopped).hasSizeGreaterThanOrEqualTo(7);
            rogues.forEach(rogue -> assertAlive(rogue));
            rogues.forEach(RoguePeer::close);
        }
    }

    @Test
    void takesTheLargePayloadsOfOneSessionInTurn() {
        NodeLimits limits = NodeLimits.defaults().withMaxPayloadBytes(100_000);
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 6; handle++) {
                rogue.send(RogueFrames.open(handle, "echo"), RogueFrames.fragment(handle, 100_000, 40_000));
            }
            for (long handle = 3; handle < 6; handle++) {
                assertThat(limitOf(handle, rogue)).isGreaterThan(100_000);
                rogue.send(RogueFrames.further(handle, 50_000, false));
                rogue.send(RogueFrames.further(handle, 10_000, true));
            }
            assertAlive(rogue);
        }
    }

    private static long limitOf(long handle, RoguePeer rogue) {
        while (true) {
            CreditFrame.Window window = rogue.await(CreditFrame.Window.class);
            if (window.handle() == handle) {
                return window.limit();
            }
        }
    }

    /** A second turn does not come before the first payload is done, cut off or given up. */
    @Test
    void passesTheTurnOnWhenALargePayloadIsReset() {
        NodeLimits limits = NodeLimits.defaults().withMaxPayloadBytes(100_000);
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 6; handle++) {
                rogue.send(RogueFrames.open(handle, "sink"), RogueFrames.fragment(handle, 100_000, 40_000));
            }
            assertThat(limitOf(3, rogue)).isGreaterThan(100_000);
            assertThat(rogue.heard()).noneMatch(f -> f instanceof CreditFrame.Window window && window.handle() >= 3);
            rogue.send(new StreamFrame.Reset(4, 0)); // which waits
            assertThat(rogue.heard()).noneMatch(f -> f instanceof CreditFrame.Window window && window.handle() >= 3);
            rogue.send(new StreamFrame.Reset(3, 0)); // whose turn it is
            assertThat(limitOf(5, rogue)).isGreaterThan(100_000);
        }
    }
}
