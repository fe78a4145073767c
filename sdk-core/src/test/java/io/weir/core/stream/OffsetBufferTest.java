package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What each unit is, and that no second saying of it passes; a header is 16 units. */
class OffsetBufferTest {

    private static final long LIMIT = 4_096;
    private static final long LARGE = 0x1_2345_6789L;

    private final OffsetBuffer buffer = new OffsetBuffer();

    @Test
    void isEmptyUntilSomethingWaitsAndAgainWhenItIsDoneWith() {
        assertThat(buffer.isEmpty()).isTrue();
        assertThat(buffer.heldHeapBytes()).isZero();

        put(5, bytes(3, 0));

        assertThat(buffer.isEmpty()).isFalse();
        assertThat(buffer.end()).isEqualTo(8);
        assertThat(buffer.heldHeapBytes()).as("a ring and two bits a unit").isEqualTo(64 + 2 * 64 / 8);

        buffer.advance(8);

        assertThat(buffer.isEmpty()).isTrue();
        assertThat(buffer.heldHeapBytes()).isZero();
    }

    @Test
    void aPayloadThatIsSaidOtherwiseContradicts() {
        put(5, bytes(10, 0));

        assertThat(buffer.agrees(false, 0, 5, bytes(10, 0), 0, 10)).isTrue();
        assertThat(buffer.agrees(false, 0, 5, bytes(10, 1), 0, 10)).isFalse();
        assertThat(buffer.agrees(false, 0, 8, bytes(10, 3), 0, 10))
                .as("what lies behind the end is new")
                .isTrue();
        assertThat(buffer.agrees(false, 0, 14, bytes(9, 1), 0, 9))
                .as("only the last unit is known, and differs")
                .isFalse();
    }

    @Test
    void aHeaderThatIsSaidOtherwiseContradicts() {
        putFirst(20, LARGE, bytes(4, 0));

        assertThat(buffer.total(20)).isEqualTo(LARGE);
        assertThat(buffer.agrees(true, LARGE, 20, bytes(4, 0), 0, 4)).isTrue();
        assertThat(buffer.agrees(true, LARGE + 1, 20, bytes(4, 0), 0, 4)).isFalse();
        assertThat(buffer.agrees(true, LARGE, 20, bytes(4, 1), 0, 4)).isFalse();
        assertThat(buffer.agrees(true, LARGE, 21, bytes(3, 1), 0, 3))
                .as("a header one unit further on")
                .isFalse();
    }

    @Test
    void payloadIsNoHeaderNorHeaderPayload() {
        putFirst(20, 4, bytes(4, 0));
        byte[] header = buffer.copy(20, OffsetBuffer.HEADER);

        assertThat(buffer.agrees(false, 0, 20, header, 0, header.length)).isFalse();
        assertThat(buffer.put(false, 0, 20, header, 0, header.length, LIMIT)).isFalse();
    }

    @Test
    void repeatsFillTheGapsBetweenThem() {
        put(4, bytes(2, 0));
        put(10, bytes(2, 6));

        put(2, bytes(12, -2)); // before, between and behind both

        assertThat(buffer.run(2, LIMIT)).isEqualTo(12);
        assertThat(buffer.copy(2, 12)).isEqualTo(bytes(12, -2));
        assertThat(buffer.put(false, 0, 2, bytes(12, 7), 0, 12, LIMIT)).isFalse();
    }

    @Test
    void aRunEndsAtAGapAtAHeaderAndWhereNoMoreIsWanted() {
        put(0, bytes(6, 0));
        putFirst(6, 3, bytes(3, 0));
        put(30, bytes(2, 0));

        assertThat(buffer.run(0, LIMIT)).as("a header follows").isEqualTo(6);
        assertThat(buffer.run(0, 4)).as("as much as is wanted").isEqualTo(4);
        assertThat(buffer.run(0, Long.MAX_VALUE)).isEqualTo(6);
        assertThat(buffer.run(22, LIMIT)).as("a gap follows").isEqualTo(3);
        assertThat(buffer.run(26, LIMIT)).as("in a gap").isZero();
        assertThat(buffer.run(32, LIMIT)).as("behind the end").isZero();
        assertThat(buffer.run(40, LIMIT)).isZero();
    }

    @Test
    void whatIsDoneWithIsForgottenWhereTheRingComesRound() {
        put(0, bytes(40, 0));
        buffer.advance(30);
        put(120, bytes(20, 60)); // of a ring of 128: round its end

        assertThat(buffer.has(29)).isFalse();
        assertThat(buffer.has(30)).isTrue();
        assertThat(buffer.has(39)).isTrue();
        assertThat(buffer.has(40)).isFalse();
        assertThat(buffer.run(30, LIMIT)).isEqualTo(10);
        assertThat(buffer.run(120, LIMIT)).isEqualTo(20);
        assertThat(buffer.copy(120, 20)).isEqualTo(bytes(20, 60));

        put(140, bytes(14, 80)); // where units 12 to 25 have been

        assertThat(buffer.run(140, LIMIT)).isEqualTo(14);
        assertThat(buffer.heldHeapBytes()).as("the same ring").isEqualTo(128 + 2 * 128 / 8);
    }

    @Test
    void aHeaderThatIsDoneWithLeavesNoHeaderBehind() {
        putFirst(0, 10, bytes(10, 0));
        put(26, bytes(30, 0));
        buffer.advance(26);

        put(64, bytes(16, 0)); // where the header has been

        assertThat(buffer.isHeader(64)).isFalse();
        assertThat(buffer.run(64, LIMIT)).isEqualTo(16);
    }

    @Test
    void aLargerRingHoldsWhatTheSmallerHeld() {
        buffer.clear(1_000);
        put(1_003, bytes(5, 3));
        putFirst(1_020, LARGE, bytes(9, 20));

        put(1_200, bytes(100, 0)); // does not fit into 64

        assertThat(buffer.has(1_002)).isFalse();
        assertThat(buffer.run(1_003, LIMIT)).isEqualTo(5);
        assertThat(buffer.copy(1_003, 5)).isEqualTo(bytes(5, 3));
        assertThat(buffer.isHeader(1_020)).isTrue();
        assertThat(buffer.isHeader(1_035)).isTrue();
        assertThat(buffer.isHeader(1_036)).isFalse();
        assertThat(buffer.total(1_020)).isEqualTo(LARGE);
        assertThat(buffer.copy(1_036, 9)).isEqualTo(bytes(9, 20));
        assertThat(buffer.has(1_045)).isFalse();
        assertThat(buffer.run(1_200, LIMIT)).isEqualTo(100);
        assertThat(buffer.heldHeapBytes())
                .as("twice of the 300 units that are needed, in whole grains")
                .isEqualTo(640 + 2 * 640 / 8);
    }

    @Test
    void aRingIsNoLargerThanWhatCanCome() {
        assertThat(buffer.put(false, 0, 100, bytes(100, 0), 0, 100, 230)).isTrue();

        assertThat(buffer.heldHeapBytes()).as("230 units in grains of 64").isEqualTo(256 + 2 * 256 / 8);
    }

    private void put(long at, byte[] payload) {
        assertThat(buffer.put(false, 0, at, payload, 0, payload.length, LIMIT)).isTrue();
    }

    private void putFirst(long at, long total, byte[] payload) {
        assertThat(buffer.put(true, total, at, payload, 0, payload.length, LIMIT))
                .isTrue();
    }

    /** So many bytes that count up from there, so that each place has its own. */
    private static byte[] bytes(int count, int from) {
        byte[] result = new byte[count];
        for (int i = 0; i < count; i++) {
            result[i] = (byte) (from + i);
        }
        return result;
    }
}
