package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What each unit is, and that no second saying of it passes; a header is 16 units. */
class OffsetBufferTest {

    private static final long LIMIT = 4_096;
    private static final long LARGE = 0x1_2345_6789L;
    private static final long PAGE = OffsetBuffer.PAGE;
    private static final long HELD_PAGE = PAGE + 2 * PAGE / 8;

    private final OffsetBuffer buffer = new OffsetBuffer();

    @Test
    void isEmptyUntilSomethingWaitsAndAgainWhenItIsDoneWith() {
        assertThat(buffer.isEmpty()).isTrue();
        assertThat(buffer.heldHeapBytes()).isZero();

        put(5, bytes(3, 0));

        assertThat(buffer.isEmpty()).isFalse();
        assertThat(buffer.end()).isEqualTo(8);
        assertThat(buffer.heldHeapBytes()).as("a page and two bits a unit").isEqualTo(HELD_PAGE);

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
        assertThat(buffer.put(false, 0, 20, header, 0, header.length)).isFalse();
    }

    @Test
    void repeatsFillTheGapsBetweenThem() {
        put(4, bytes(2, 0));
        put(10, bytes(2, 6));

        put(2, bytes(12, -2)); // before, between and behind both

        assertThat(buffer.run(2, LIMIT)).isEqualTo(12);
        assertThat(buffer.copy(2, 12)).isEqualTo(bytes(12, -2));
        assertThat(buffer.put(false, 0, 2, bytes(12, 7), 0, 12)).isFalse();
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
    void whatIsDoneWithIsForgottenPageByPage() {
        put(0, bytes(40, 0));
        put(PAGE - 10, bytes(30, 60)); // across a page's end
        put(5 * PAGE, bytes(4, 0));
        assertThat(buffer.heldHeapBytes()).isEqualTo(3 * HELD_PAGE);

        buffer.advance(30);

        assertThat(buffer.has(29)).isFalse();
        assertThat(buffer.has(30)).isTrue();
        assertThat(buffer.has(39)).isTrue();
        assertThat(buffer.has(40)).isFalse();
        assertThat(buffer.run(30, LIMIT)).isEqualTo(10);
        assertThat(buffer.run(PAGE - 10, LIMIT)).isEqualTo(30);
        assertThat(buffer.copy(PAGE - 10, 30)).isEqualTo(bytes(30, 60));

        buffer.advance(PAGE);

        assertThat(buffer.heldHeapBytes()).isEqualTo(2 * HELD_PAGE);
        assertThat(buffer.run(PAGE, LIMIT)).isEqualTo(20);

        buffer.advance(5 * PAGE + 1);

        assertThat(buffer.heldHeapBytes()).isEqualTo(HELD_PAGE);
        assertThat(buffer.has(5 * PAGE)).isFalse();
        assertThat(buffer.run(5 * PAGE + 1, LIMIT)).isEqualTo(3);
    }

    @Test
    void aLeapOverManyPagesLeavesOnlyThoseBehindIt() {
        long far = 1L << 50;
        buffer.put(false, 0, 7, bytes(2, 0), 0, 2);
        buffer.put(false, 0, far, bytes(2, 5), 0, 2);

        buffer.advance(far - 1);

        assertThat(buffer.heldHeapBytes()).isEqualTo(HELD_PAGE);
        assertThat(buffer.copy(far, 2)).isEqualTo(bytes(2, 5));
    }

    @Test
    void anElementAcrossPagesIsOne() {
        long at = 3 * PAGE - 7; // the header lies across the end of a page
        putFirst(at, 2 * PAGE, bytes((int) (2 * PAGE), 9));

        assertThat(buffer.total(at)).isEqualTo(2 * PAGE);
        assertThat(buffer.isHeader(at + OffsetBuffer.HEADER - 1)).isTrue();
        assertThat(buffer.isHeader(at + OffsetBuffer.HEADER)).isFalse();
        assertThat(buffer.run(at + OffsetBuffer.HEADER, Long.MAX_VALUE)).isEqualTo((int) (2 * PAGE));
        assertThat(buffer.copy(at + OffsetBuffer.HEADER, (int) (2 * PAGE))).isEqualTo(bytes((int) (2 * PAGE), 9));
        assertThat(buffer.agrees(true, 2 * PAGE, at, bytes(20, 9), 0, 20)).isTrue();
        assertThat(buffer.agrees(true, 2 * PAGE + 1, at, bytes(20, 9), 0, 20)).isFalse();
    }

    @Test
    void holdsByWhatHasComeAndNotByHowFarAheadItLies() {
        for (int i = 0; i < 100; i++) {
            buffer.put(false, 0, 1_000_000_000L + i, bytes(1, i), 0, 1);
        }

        assertThat(buffer.heldHeapBytes()).isLessThanOrEqualTo(2 * HELD_PAGE);
        buffer.clear(5);
        assertThat(buffer.heldHeapBytes()).isZero();
    }

    private void put(long at, byte[] payload) {
        assertThat(buffer.put(false, 0, at, payload, 0, payload.length)).isTrue();
    }

    private void putFirst(long at, long total, byte[] payload) {
        assertThat(buffer.put(true, total, at, payload, 0, payload.length)).isTrue();
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
