package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.node.Heap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a carrier that keeps no order between lanes makes possible, beyond what an honest peer can do there. */
@ExtendWith(WithLanes.class)
class RogueLanesTest {

    private static final int WINDOW = 65_536;

    @Test
    void servesAStreamWhoseDataComesBeforeItsOpen() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withOpenLimit(VarInt.MAX))) {
            rogue.send(RogueFrames.data(3, 100), RogueFrames.data(3, 200), RogueFrames.open(3, "echo"));
            rogue.await(StreamFrame.Open.class);
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(100);
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(200);
            victim.assertServes(rogue, 3);
        }
    }

    @Test
    void holdsNoMoreForStreamsNeverOpenedThanIsReservedForThem() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            long reserved = victim.node.reservedBytes();
            long limit = rogue.hello().openLimit();
            long before = Heap.used();
            for (long handle = 3; handle < limit; handle++) {
                rogue.send(RogueFrames.fragment(handle, 1 << 20, 0));
                for (int i = 0; i < WINDOW - 16; i += 1_000) {
                    rogue.send(RogueFrames.further(handle, Math.min(1_000, WINDOW - 16 - i), false));
                }
            }
            assertAlive(rogue);
            assertThat(victim.node.reservedBytes()).isEqualTo(reserved);
            assertThat(Heap.used() - before).isLessThan((limit - 3) * WINDOW + (1 << 20));
            rogue.send(RogueFrames.further(3, 1, false));
            victim.assertEnded(rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    @Test
    void endsASessionOnDataOfAStreamThatThePeerMayNotOpen() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.data(rogue.hello().openLimit(), 1));
            victim.assertEnded(rogue, ErrorCode.STREAM_LIMIT);
        }
    }

    @Test
    void endsASessionOnFragmentsThatDoNotAddUpBeforeTheirOpen() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.fragment(3, 100, 50), RogueFrames.data(3, 10));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    /** Of one element of 100 bytes: it ends at 116. */
    @ParameterizedTest
    @CsvSource({"115, 1", "117, 1", "116, 2", "116, 0", "65537, 1"})
    void endsASessionWhoseCloseLies(long finalOffset, long elements) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(
                    RogueFrames.open(3, "sink"),
                    new StreamFrame.Close(3, finalOffset, elements, 0),
                    RogueFrames.data(3, 100),
                    RogueFrames.data(3, 0));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionOnDataBehindTheFinalOffset() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(
                    RogueFrames.open(3, "sink"),
                    RogueFrames.data(3, 100),
                    new StreamFrame.Close(3, 116, 1, 0),
                    RogueFrames.data(3, 0));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void waitsForTheRestOfAStreamWhoseCloseComesFirst() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), new StreamFrame.Close(3, 116, 1, 0));
            assertAlive(rogue);
            rogue.send(RogueFrames.data(3, 100));
            assertThat(rogue.await(CreditFrame.Window.class).consumed()).isEqualTo(116);
        }
    }

    @Test
    void absorbsDataBehindAResetHoweverMuch() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), new StreamFrame.Reset(3, 0));
            rogue.await(StreamFrame.Stop.class);
            long reserved = victim.node.reservedBytes();
            for (int i = 0; i < 1_000; i++) {
                rogue.send(RogueFrames.data(3, 60_000));
            }
            assertAlive(rogue);
            assertThat(victim.node.reservedBytes()).isEqualTo(reserved);
        }
    }

    @Test
    void endsASessionWhosePeerSendsBehindAResetMoreThanItWasAllowedBeforeItIsAnswered() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.fragment(3, 70_000, 1), RogueFrames.further(3, 32_000, false));
            rogue.send(
                    RogueFrames.open(3, "stall"),
                    new StreamFrame.Reset(3, 0),
                    RogueFrames.further(3, 32_000, false),
                    RogueFrames.further(3, 2_000, false));
            victim.assertEnded(rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    @Test
    void endsASessionOnAMessageThatBeginsWithALaterPart() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.message(MessageType.ONE_WAY, 1, 2, 1, 10));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }
}
