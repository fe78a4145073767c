package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.LINGER;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.Heap;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Streams that are opened without end, opened and reset in a loop, used after their end, or of the past. */
class RogueStreamsTest {

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
                rogue.send(RogueFrames.open(handle, "stall"), new StreamFrame.Reset(handle, 0));
            }
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.STREAM_LIMIT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sink", "echo"}) // what a handler that never ends keeps is its place: RogueDispatchTest
    void keepsNothingOfStreamsThatAPeerOpensAndResetsInALoop(String name) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withOpenLimit(VarInt.MAX))) {
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
            long answer = rogue.await(StreamFrame.Open.class).handle();
            rogue.send(new StreamFrame.Reset(handle, 0), new StreamFrame.Stop(answer, 0));
            rogue.await(StreamFrame.Stop.class);
        }
    }

    @Test
    void keepsFewOfTheStreamsThatNobodyClaims() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (long handle = 3; handle < 3 + 16; handle++) {
                rogue.send(RogueFrames.open(handle, "nobody"), new StreamFrame.Reset(handle, 0));
                assertThat(rogue.await(StreamFrame.Stop.class)).isEqualTo(new StreamFrame.Stop(handle, 0));
            }
            long before = Heap.used();
            for (long handle = 3 + 16; handle < 20_000; handle++) {
                rogue.send(RogueFrames.open(handle, "nobody"), new StreamFrame.Reset(handle, 0));
                assertThat(rogue.await(StreamFrame.Stop.class))
                        .isEqualTo(new StreamFrame.Stop(handle, true, ErrorCode.REFUSED.number()));
            }
            assertThat(Heap.used() - before).as("heap kept of 20,000 streams").isLessThan(4L << 20);
            assertAlive(rogue);
        }
    }

    @Test
    void outlivesUnclaimedStreamsThatEndByThemselves() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, 100, 1, "nobody"), new StreamFrame.Reset(3, 0)); // reset
            rogue.send(RogueFrames.open(4, 200, 1, "nobody"), RogueFrames.open(5, 200, 2, "nobody")); // superseded
            rogue.send(RogueFrames.open(6, 300, 1, "nobody"), new StreamFrame.Close(6, 0, 0, 0)); // closed
            victim.advance(Duration.ofSeconds(11)); // when the unclaimed are refused
            assertAlive(rogue);
            victim.advance(Duration.ofSeconds(16));
            assertThat(victim.log.lost(rogue.id()).error()).isEqualTo(ErrorCode.SILENCE);
        }
    }

    @Test
    void reservesNothingForStreamsThatAPeerOpensAndResetsInALoop() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withOpenLimit(VarInt.MAX))) {
            long reserved = victim.node.reservedBytes();
            long read = rogue.bytesRead();
            for (int round = 0; round < 20; round++) {
                openAndReset(rogue, 3 + 50L * round, 50, "stall");
                assertThat(victim.node.reservedBytes()).isEqualTo(reserved);
            }
            assertThat(rogue.bytesRead() - read).as("answers to 1,000 streams").isLessThan(100_000);
            assertAlive(rogue);
        }
    }

    /** Each OPEN needs credit, which returns only with the end of another: who never ends one gets no more. */
    @Test
    void endsASessionWhosePeerOpensWithoutEndHoweverWellItReads() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            long reserved = victim.node.reservedBytes();
            long limit = rogue.hello().openLimit();
            long handle = 3;
            while (handle < limit) {
                rogue.send(RogueFrames.open(handle++, "stall"));
                for (Frame frame : rogue.heard()) {
                    if (frame instanceof CreditFrame.Window window && window.handle() == 0) {
                        limit = window.limit();
                    }
                }
            }
            assertThat(limit).isLessThanOrEqualTo(3 + 256);
            assertThat(victim.node.reservedBytes() - reserved)
                    .as("in its session's budget")
                    .isLessThan(NodeLimits.defaults().sessionBudgetBytes());
            assertAlive(rogue);
            rogue.send(RogueFrames.open(handle, "stall"));
            victim.assertEnded(rogue, ErrorCode.STREAM_LIMIT);
        }
    }

    @Test
    void absorbsFramesForAStreamThatIsOver() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), RogueFrames.open(4, "echo"));
            long answer = rogue.await(StreamFrame.Open.class).handle();
            rogue.send(new StreamFrame.Reset(3, 0), new StreamFrame.Stop(answer, 0));
            rogue.heard();
            for (int i = 0; i < 1_000; i++) {
                rogue.send(
                        new CreditFrame.Window(answer, 0, VarInt.MAX),
                        new CreditFrame.Blocked(3, 0, 0),
                        new StreamFrame.Close(3, 0, 0, 0),
                        new StreamFrame.Reset(3, 7),
                        new StreamFrame.Stop(answer, 7));
            }
            assertThat(rogue.heard()).as("answers").isEmpty();
            victim.assertServes(rogue, 4);
        }
    }

    @Test
    void endsASessionOnDataForAStreamThatIsOver() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), new StreamFrame.Reset(3, 0));
            rogue.send(RogueFrames.data(3, 1));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "sink", "stall", "both", "wrapping"})
    void saysSupersededHoweverTheHandlerTakesItsEnd(String name) {
        try (Victim victim = Victim.start(spec -> spec.onStream(
                                "both",
                                stream -> Mono.when(
                                        stream.receive(Codec.bytes()), stream.send(Flux.never(), Codec.bytes())))
                        .onStream(
                                "wrapping",
                                stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes())
                                        .onErrorMap(IllegalStateException::new)));
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, 100, 1, name));
            long answer = rogue.await(StreamFrame.Open.class).handle();
            rogue.send(RogueFrames.open(4, 100, 2, name));
            List<Frame> heard = rogue.heard();
            assertThat(heard)
                    .contains(
                            new StreamFrame.Stop(3, ErrorCode.SUPERSEDED.number()),
                            new StreamFrame.Reset(answer, ErrorCode.SUPERSEDED.number()));
            assertAlive(rogue);
        }
    }

    @Test
    void turnsAwayEpochsOfThePast() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, 99, 1_000, "echo"), RogueFrames.open(4, 4, 1, "echo"));
            for (long past = 1; past <= 100; past++) {
                rogue.send(RogueFrames.open(4 + past, 99, 1_000 - past, "echo"));
                assertThat(rogue.await(StreamFrame.Stop.class))
                        .isEqualTo(new StreamFrame.Stop(4 + past, true, ErrorCode.STALE_EPOCH.number()));
                rogue.send(new StreamFrame.Reset(4 + past, 0));
            }
            victim.assertServes(rogue, 3);
            victim.assertServes(rogue, 4);
        }
    }

    @Test
    void ownsOneLifeOfAStreamWhosePeerRaisesItsEpochInALoop() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withOpenLimit(VarInt.MAX))) {
            rogue.send(RogueFrames.open(3, "echo"));
            long reserved = victim.node.reservedBytes();
            for (long next = 1; next <= 100; next++) {
                rogue.send(RogueFrames.open(3 + next, 99, next, "stall"));
                for (Frame frame : rogue.heard()) {
                    if (frame instanceof StreamFrame.Stop stop) {
                        rogue.send(new StreamFrame.Reset(stop.handle(), stop.code()));
                    } else if (frame instanceof StreamFrame.Reset reset) {
                        rogue.send(new StreamFrame.Stop(reset.handle(), reset.code()));
                    }
                }
            }
            assertThat(victim.node.reservedBytes() - reserved)
                    .as("of the last life, and of an open promised for it")
                    .isLessThanOrEqualTo(2 * 65_536);
            victim.assertServes(rogue, 3);
        }
    }
}
