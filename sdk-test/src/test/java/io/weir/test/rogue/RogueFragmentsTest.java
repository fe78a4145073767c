package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements in fragments that do not add up. */
class RogueFragmentsTest {

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of("FIRST missing", frames(RogueFrames.further(3, 10, false))),
                Arguments.of("FIRST missing, and the last", frames(RogueFrames.further(3, 10, true))),
                Arguments.of("FIRST twice", frames(RogueFrames.fragment(3, 100, 10), RogueFrames.fragment(3, 100, 10))),
                Arguments.of(
                        "a whole element between", frames(RogueFrames.fragment(3, 100, 10), RogueFrames.data(3, 5))),
                Arguments.of(
                        "more than the total",
                        frames(RogueFrames.fragment(3, 20, 10), RogueFrames.further(3, 11, true))),
                Arguments.of(
                        "more than the total, and not the last",
                        frames(RogueFrames.fragment(3, 20, 10), RogueFrames.further(3, 11, false))),
                Arguments.of(
                        "all of the total, and not the last",
                        frames(RogueFrames.fragment(3, 20, 10), RogueFrames.further(3, 10, false))),
                Arguments.of(
                        "less than the total",
                        frames(RogueFrames.fragment(3, 20, 10), RogueFrames.further(3, 9, true))),
                Arguments.of(
                        "CLOSE inside", frames(RogueFrames.fragment(3, 20, 10), new StreamFrame.Close(3, 26, 1, 0))),
                Arguments.of(
                        "CLOSE that counts it not",
                        frames(RogueFrames.fragment(3, 20, 10), new StreamFrame.Close(3, 26, 0, 0))));
    }

    private static Frame[] frames(Frame... frames) {
        return frames;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void endsASessionOnFragmentsThatDoNotAddUp(String what, Frame[] lies) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"));
            rogue.send(lies);
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    static Stream<Arguments> noFrames() {
        return Stream.of(
                Arguments.of("a total of nothing", RogueFrames.raw(0x21, 3, 0, 0)),
                Arguments.of("the first has all of the total", new byte[] {0x21, 3, 1, 1, 0}),
                Arguments.of("a further one of nothing", RogueFrames.raw(0x20, 3, 0)),
                Arguments.of("a last one of nothing", RogueFrames.raw(0x22, 3, 0)),
                Arguments.of("more bytes than there are", RogueFrames.raw(0x20, 3, 5)),
                Arguments.of("a total of 2^62-1", RogueFrames.raw(0x21, 3, VarInt.MAX, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noFrames")
    void endsASessionOnAFragmentThatIsNone(String what, byte[] plaintext) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"));
            rogue.sendPlaintext(plaintext);
            victim.assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    /** On an ordered link a fragment has no offset, so none can overlap: one that says it is not allowed. */
    @ParameterizedTest
    @ValueSource(bytes = {0x24, 0x26, 0x27, 0x2B, 0x2F})
    void endsASessionOnDataThatNamesItsPlace(byte type) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.fragment(3, 20, 10));
            rogue.sendPlaintext(new byte[] {type, 3, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0});
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void interleavesElementsInFragmentsOfManyStreams() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"), RogueFrames.open(4, "echo"));
            for (long handle = 3; handle <= 4; handle++) {
                rogue.send(RogueFrames.fragment(handle, 20, 10));
            }
            for (long handle = 3; handle <= 4; handle++) {
                rogue.send(RogueFrames.further(handle, 10, true));
                assertThat(rogue.await(StreamFrame.Data.class).payload().length())
                        .isEqualTo(20);
            }
        }
    }
}
