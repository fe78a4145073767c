package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.StreamFrame;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the protocol page says of streams and messages of a session, held by a peer that only has the page. */
class StreamRulesTest {

    private static final int WINDOW = 65_536;

    // ---- epochs and handles

    @Test
    void beginsWithEpoch1AndHandle3() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            PeerSession session = victim.sessionWith(rogue);
            send(session, "a", Flux.never());
            send(session, "b", Flux.never());
            victim.settle();
            StreamFrame.Open first = rogue.await(StreamFrame.Open.class);
            StreamFrame.Open second = rogue.await(StreamFrame.Open.class);
            assertThat(List.of(first.epoch(), second.epoch())).containsExactly(1L, 1L);
            assertThat(List.of(first.handle(), second.handle())).containsExactly(3L, 4L);
        }
    }

    @Test
    void beginsAnIdWithEpoch1AgainWhenBothHalvesAreConfirmed() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 6; handle++) {
                rogue.send(RogueFrames.open(handle, 77, 1, "sink"), new StreamFrame.Close(handle, 0, 0, 0));
                long answer = rogue.await(StreamFrame.Open.class).handle();
                rogue.send(new CreditFrame.Window(answer, 0, WINDOW));
                assertThat(rogue.await(StreamFrame.Close.class).handle()).isEqualTo(answer);
                rogue.send(new CreditFrame.Window(answer, 0, WINDOW));
            }
            assertAlive(rogue);
        }
    }

    /** What a peer's OPEN says of its epoch. */
    @ParameterizedTest
    @CsvSource({
        "1, PROTOCOL_VIOLATION, the same again",
        "0, PROTOCOL_VIOLATION, below the first",
        "2305843009213693953, PROTOCOL_VIOLATION, above 2^61",
    })
    void endsASessionOnAnEpochThatCannotBe(long epoch, ErrorCode code, String why) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, 77, 1, "stall"), RogueFrames.open(4, 77, epoch, "stall"));
            victim.assertEnded(rogue, code);
        }
    }

    /** The order of handles is judged before their limit. */
    @ParameterizedTest
    @CsvSource({"0, STREAM_LIMIT", "1, PROTOCOL_VIOLATION", "-1, PROTOCOL_VIOLATION"})
    void endsASessionOnAHandleThatIsNotTheNextOrNotAllowed(int off, ErrorCode code) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            long limit = rogue.hello().openLimit();
            for (long handle = 3; handle < limit; handle++) {
                rogue.sendPlaintext(RogueFrames.plaintext(RogueFrames.open(handle, "stall")));
                limit = Math.max(limit, told(rogue.heard(), limit));
            }
            rogue.send(RogueFrames.open(limit + off, "stall"));
            victim.assertEnded(rogue, code);
        }
    }

    private static long told(List<Frame> heard, long before) {
        long limit = before;
        for (Frame frame : heard) {
            if (frame instanceof CreditFrame.Window window && window.handle() == 0) {
                limit = window.limit();
            }
        }
        return limit;
    }

    // ---- handle 0: in handles

    @Test
    void saysInHandlesHowManyItWouldOpen() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withOpenLimit(4))) {
            PeerSession session = victim.sessionWith(rogue);
            List.of("a", "b", "c").forEach(name -> send(session, name, Flux.never()));
            victim.settle();
            assertThat(rogue.await(StreamFrame.Open.class).handle()).isEqualTo(3);
            assertThat(rogue.await(CreditFrame.Blocked.class)).isEqualTo(new CreditFrame.Blocked(0, 5, 4));
            rogue.send(new CreditFrame.Window(0, 3, 5));
            assertThat(rogue.await(StreamFrame.Open.class).handle()).isEqualTo(4);
            assertThat(rogue.await(CreditFrame.Blocked.class)).isEqualTo(new CreditFrame.Blocked(0, 6, 5));
        }
    }

    @Test
    void saysInHandlesWhatItAllows() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            long limit = rogue.hello().openLimit();
            for (long handle = 3; handle < 20; handle++) {
                assertThat(handle).isLessThan(limit);
                rogue.send(RogueFrames.open(handle, "sink"), new StreamFrame.Close(handle, 0, 0, 0));
                CreditFrame.Window window = windows(rogue, 0).get(0);
                assertThat(window.consumed()).as("3 + streams that are over").isEqualTo(handle);
                limit = window.limit();
                rogue.send(new CreditFrame.Window(handle, 0, WINDOW)); // the answer has the same number here
            }
        }
    }

    // ---- ends

    @Test
    void answersStopWithResetOfTheSameCode() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"));
            long answer = rogue.await(StreamFrame.Open.class).handle();
            rogue.send(new StreamFrame.Stop(answer, 4_711));
            assertThat(rogue.await(StreamFrame.Reset.class)).isEqualTo(new StreamFrame.Reset(answer, 4_711));
        }
    }

    @Test
    void answersAStopThatItsCloseHasCrossedWithNothingMore() {
        try (Victim victim = Victim.start(spec -> spec.onStream("short", stream -> stream.send(one(), Codec.bytes())));
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "short"), new StreamFrame.Close(3, 0, 0, 0));
            StreamFrame.Close close = rogue.await(StreamFrame.Close.class);
            rogue.heard();
            rogue.send(new StreamFrame.Stop(close.handle(), 4_711));
            assertThat(rogue.heard()).noneMatch(StreamFrame.class::isInstance);
            rogue.send(RogueFrames.open(4, 3, 1, "short")); // the id is free: both halves are confirmed
            assertThat(rogue.await(StreamFrame.Open.class).epoch()).isEqualTo(1);
        }
    }

    private static Flux<byte[]> one() {
        return Flux.just(new byte[8]);
    }

    @Test
    void answersResetWithStopOfTheSameCode() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"));
            rogue.await(StreamFrame.Open.class);
            rogue.send(new StreamFrame.Reset(3, 4_711));
            assertThat(rogue.await(StreamFrame.Stop.class)).isEqualTo(new StreamFrame.Stop(3, 4_711));
        }
    }

    /** Also where nothing was sent, and whatever the code is. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "3, 0", "3, 4711"})
    void answersCloseWithAWindowThatHasConsumedTheFinalOffset(int elements, long code) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"));
            for (int i = 0; i < elements; i++) {
                rogue.send(RogueFrames.data(3, 84));
            }
            assertThat(windows(rogue, 3)).as("credit is not due yet").isEmpty();
            rogue.send(new StreamFrame.Close(3, 100L * elements, elements, code));
            assertThat(windows(rogue, 3))
                    .singleElement()
                    .satisfies(window -> assertThat(window.consumed()).isEqualTo(100L * elements));
        }
    }

    private static List<CreditFrame.Window> windows(RoguePeer rogue, long handle) {
        List<CreditFrame.Window> windows = new ArrayList<>();
        for (Frame frame : rogue.heard()) {
            if (frame instanceof CreditFrame.Window window && window.handle() == handle) {
                windows.add(window);
            }
        }
        return windows;
    }

    // ---- credit

    /** A quarter of the window has not been consumed: without BLOCKED nothing would come. */
    @Test
    void answersBlockedAtOnceWithWhatWasConsumed() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.data(3, 984));
            assertThat(windows(rogue, 3)).isEmpty();
            rogue.send(new CreditFrame.Blocked(3, WINDOW, 1_000));
            assertThat(windows(rogue, 3)).first().satisfies(window -> {
                assertThat(window.consumed()).isEqualTo(1_000);
                assertThat(window.limit()).isGreaterThanOrEqualTo(1_000 + WINDOW);
            });
        }
    }

    @Test
    void answersBlockedOnlyWhenSomethingWasConsumed() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), RogueFrames.data(3, 984));
            rogue.send(new CreditFrame.Blocked(3, WINDOW, 1_000));
            assertThat(windows(rogue, 3)).isEmpty();
            rogue.send(new StreamFrame.Reset(3, 0));
        }
    }

    @Test
    void saysBlockedOnceForEachLimit() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"));
            long answer = rogue.await(StreamFrame.Open.class).handle();
            assertThat(rogue.await(CreditFrame.Blocked.class))
                    .isEqualTo(new CreditFrame.Blocked(answer, 1_000, 8 * 116));
            rogue.send(new CreditFrame.Window(answer, 0, 1_001));
            assertThat(rogue.await(CreditFrame.Blocked.class))
                    .isEqualTo(new CreditFrame.Blocked(answer, 1_001, 8 * 116));
            rogue.send(new CreditFrame.Window(answer, 0, 1_001), new CreditFrame.Window(answer, 0, 900));
            assertThat(rogue.heard()).noneMatch(CreditFrame.class::isInstance);
        }
    }

    // ---- elements larger than the window

    @Test
    void sendsAnElementLargerThanTheWindowAsFarAsItGoes() {
        try (Victim victim = Victim.start(spec ->
                        spec.onStream("large", s -> s.send(Mono.just(new byte[100_000]), Codec.bytes())));
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "large"));
            List<Frame> heard = rogue.heard();
            List<StreamFrame.Data> parts = parts(heard);
            assertThat(parts.get(0).total()).isEqualTo(100_000);
            assertThat(cost(parts)).isEqualTo(WINDOW);
            long answer = parts.get(0).handle();
            assertThat(heard).contains(new CreditFrame.Blocked(answer, WINDOW, WINDOW));

            rogue.send(new CreditFrame.Window(answer, 0, 16 + 100_000));
            parts.addAll(parts(rogue.heard()));
            assertThat(cost(parts)).isEqualTo(16 + 100_000);
            assertThat(parts.get(parts.size() - 1).last()).isTrue();
        }
    }

    private static List<StreamFrame.Data> parts(List<Frame> heard) {
        List<StreamFrame.Data> parts = new ArrayList<>();
        heard.forEach(frame -> {
            if (frame instanceof StreamFrame.Data data) {
                parts.add(data);
            }
        });
        return parts;
    }

    private static long cost(List<StreamFrame.Data> parts) {
        return parts.stream()
                .mapToLong(part -> (part.first() ? 16 : 0) + part.payload().length())
                .sum();
    }

    @Test
    void raisesTheLimitForAnElementLargerThanTheWindow() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.data(3, 84));
            rogue.send(RogueFrames.fragment(3, 200_000, 30_000));
            assertThat(windows(rogue, 3))
                    .last()
                    .satisfies(window -> assertThat(window.limit()).isGreaterThanOrEqualTo(100 + 16 + 200_000));
        }
    }

    // ---- messages

    @Test
    void takesAMessageOfOnePacketWithoutABodyAndWithALongName() {
        String name = "n".repeat(255);
        List<Integer> lengths = new ArrayList<>();
        RequestHandler empty = request -> {
            lengths.add(request.payload().remaining());
            return Mono.just(ByteBuffer.allocate(0));
        };
        try (Victim victim = Victim.start(spec -> spec.onRequest(name, empty));
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(new MessageFrame(
                    MessageType.REQUEST,
                    1,
                    0,
                    1,
                    name,
                    Headers.empty(),
                    RogueFrames.data(3, 0).payload()));
            MessageFrame reply = rogue.await(MessageFrame.class);
            assertThat(reply.messageType()).isEqualTo(MessageType.REPLY);
            assertThat(reply.numPackets()).isEqualTo(1);
            assertThat(reply.payload().length()).isZero();
            assertThat(reply.name()).isEmpty();
            assertThat(lengths).containsExactly(0);
        }
    }

    private static void send(PeerSession session, String name, Flux<byte[]> values) {
        session.openStream(name, StreamConfig.reliable())
                .send(values, Codec.bytes())
                .subscribe(null, e -> {});
    }
}
