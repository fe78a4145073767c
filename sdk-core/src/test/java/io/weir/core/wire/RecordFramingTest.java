package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.wire.RecordFraming.Cut;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFramingTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16})
    void recordShorterThanItsTagAndOneByteIsMalformedForGood(int length) {
        RecordFraming framing = RecordFraming.records();

        assertThat(framing.cut(header(length))).isEqualTo(Cut.MALFORMED);
        assertThat(framing.cut(ByteBuffer.wrap(new byte[100]))).isEqualTo(Cut.MALFORMED);
        assertThat(framing.cut(ByteBuffer.allocate(0))).isEqualTo(Cut.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18, 1_200, 32_784, 65_535})
    void recordOfAnyAllowedLengthIsCutOut(int length) {
        for (boolean direct : new boolean[] {false, true}) {
            RecordFraming framing = RecordFraming.records();
            byte[] record = random(new Random(length), length);
            ByteBuffer stream = stream(List.of(record), direct);

            assertThat(framing.cut(stream)).isEqualTo(Cut.UNIT);
            assertThat(unit(framing)).isEqualTo(record);
            assertThat(framing.cut(stream)).isEqualTo(Cut.MORE);
            assertThat(framing.atBoundary()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_201, 65_535})
    void handshakeMessageOutOfRangeIsMalformed(int length) {
        assertThat(RecordFraming.handshake().cut(header(length))).isEqualTo(Cut.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 1_200})
    void handshakeMessageInRangeIsCutOut(int length) {
        RecordFraming framing = RecordFraming.handshake();
        byte[] message = random(new Random(length), length);

        assertThat(framing.cut(stream(List.of(message), false))).isEqualTo(Cut.UNIT);
        assertThat(unit(framing)).isEqualTo(message);
    }

    @Test
    void unitsSurviveAnyCutOfTheStream() {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<byte[]> records = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                int length = random.nextInt(5) == 0 ? 17 + random.nextInt(65_519) : 17 + random.nextInt(60);
                records.add(random(random, length));
            }
            boolean direct = random.nextBoolean();
            ByteBuffer stream = stream(records, direct);
            int longest = 1 + random.nextInt(random.nextBoolean() ? 3 : 70_000);

            List<byte[]> cut = new ArrayList<>();
            RecordFraming framing = RecordFraming.records();
            while (stream.hasRemaining()) {
                int length = Math.min(stream.remaining(), 1 + random.nextInt(longest));
                ByteBuffer chunk = stream.slice(stream.position(), length);
                stream.position(stream.position() + length);
                while (framing.cut(chunk) == Cut.UNIT) {
                    cut.add(unit(framing));
                }
                assertThat(chunk.hasRemaining()).isFalse();
                // Chunks belong to the link: what was read must not be looked at again.
                scramble(chunk);
            }

            assertThat(cut).as("seed %d", seed).hasSameSizeAs(records);
            for (int i = 0; i < records.size(); i++) {
                assertThat(cut.get(i)).as("record %d, seed %d", i, seed).isEqualTo(records.get(i));
            }
            assertThat(framing.atBoundary()).isTrue();
        }
    }

    @Test
    void wholeUnitInAHeapChunkIsNotCopied() {
        byte[] record = random(new Random(1), 100);
        ByteBuffer stream = stream(List.of(record, record), false);
        RecordFraming framing = RecordFraming.records();

        assertThat(framing.cut(stream)).isEqualTo(Cut.UNIT);
        assertThat(framing.array()).isSameAs(stream.array());
        assertThat(framing.offset()).isEqualTo(2);
        assertThat(framing.cut(stream)).isEqualTo(Cut.UNIT);
        assertThat(framing.offset()).isEqualTo(104);
        assertThat(framing.heldBytes()).isZero();
        assertThat(framing.cut(stream)).isEqualTo(Cut.MORE);
        assertThat(framing.array()).as("kept of what is over").isEmpty();
    }

    @Test
    void readOnlyChunkIsCopied() {
        byte[] record = random(new Random(1), 100);
        RecordFraming framing = RecordFraming.records();

        assertThat(framing.cut(stream(List.of(record), false).asReadOnlyBuffer()))
                .isEqualTo(Cut.UNIT);
        assertThat(unit(framing)).isEqualTo(record);
    }

    @Test
    void trimmingGivesUpTheMemoryOfWhatIsOverAndKeepsWhatIsUnderWay() {
        byte[] record = random(new Random(1), 40_000);
        RecordFraming framing = RecordFraming.records();
        ByteBuffer stream = stream(List.of(record, record), false).asReadOnlyBuffer();
        assertThat(framing.cut(stream)).isEqualTo(Cut.UNIT);
        ByteBuffer half = stream.duplicate().limit(stream.position() + 20_000);
        assertThat(framing.cut(half)).isEqualTo(Cut.MORE);

        framing.trim();
        stream.position(half.position());
        assertThat(framing.cut(stream)).isEqualTo(Cut.UNIT);
        assertThat(unit(framing)).isEqualTo(record);

        assertThat(framing.heldBytes()).isGreaterThanOrEqualTo(40_000);
        framing.trim();
        assertThat(framing.heldBytes()).isZero();
    }

    @Test
    void announcedLengthAloneHoldsNoMemory() {
        RecordFraming framing = RecordFraming.records();

        assertThat(framing.cut(header(65_535))).isEqualTo(Cut.MORE);
        assertThat(framing.heldBytes()).isZero();
        assertThat(framing.atBoundary()).isFalse();

        assertThat(framing.cut(ByteBuffer.wrap(new byte[600]))).isEqualTo(Cut.MORE);
        assertThat(framing.heldBytes()).isLessThanOrEqualTo(1_200);
    }

    @Test
    void memoryNeverExceedsTheLongestUnit() {
        RecordFraming framing = RecordFraming.records();
        framing.cut(header(65_535));
        for (int i = 0; i < 65_534; i++) {
            framing.cut(ByteBuffer.wrap(new byte[1]));
        }

        assertThat(framing.heldBytes()).isLessThanOrEqualTo(65_535);
        assertThat(framing.cut(ByteBuffer.wrap(new byte[1]))).isEqualTo(Cut.UNIT);
        assertThat(framing.length()).isEqualTo(65_535);
    }

    @Test
    void halfALengthFieldIsNoBoundary() {
        RecordFraming framing = RecordFraming.records();
        assertThat(framing.atBoundary()).isTrue();

        assertThat(framing.cut(ByteBuffer.wrap(new byte[] {0}))).isEqualTo(Cut.MORE);
        assertThat(framing.atBoundary()).isFalse();
        assertThat(framing.cut(ByteBuffer.wrap(new byte[] {17}))).isEqualTo(Cut.MORE);
        assertThat(framing.cut(ByteBuffer.wrap(new byte[17]))).isEqualTo(Cut.UNIT);
    }

    @Test
    void handshakeLeavesTheRestOfTheChunkToTheRecords() {
        ByteBuffer stream = stream(List.of(new byte[48], new byte[20]), false);

        assertThat(RecordFraming.handshake().cut(stream)).isEqualTo(Cut.UNIT);
        assertThat(stream.remaining()).isEqualTo(22);
        assertThat(RecordFraming.records().cut(stream)).isEqualTo(Cut.UNIT);
    }

    @Test
    void writesBigEndianLengthsInRangeOnly() {
        byte[] array = new byte[4];

        assertThat(RecordFraming.writeHeader(array, 1, 0x1234)).isEqualTo(3);
        assertThat(array).containsExactly(0, 0x12, 0x34, 0);
        assertThatThrownBy(() -> RecordFraming.writeHeader(array, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordFraming.writeHeader(array, 0, 65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record length is 65536, must be 1 to 65535");
    }

    private static ByteBuffer header(int length) {
        return ByteBuffer.wrap(new byte[] {(byte) (length >>> 8), (byte) length});
    }

    private static ByteBuffer stream(List<byte[]> units, boolean direct) {
        int size = units.stream().mapToInt(unit -> 2 + unit.length).sum();
        ByteBuffer stream = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
        for (byte[] unit : units) {
            stream.putShort((short) unit.length).put(unit);
        }
        return stream.flip();
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] unit(RecordFraming framing) {
        return Arrays.copyOfRange(framing.array(), framing.offset(), framing.offset() + framing.length());
    }

    private static void scramble(ByteBuffer chunk) {
        for (int i = 0; i < chunk.limit(); i++) {
            chunk.put(i, (byte) 0x55);
        }
    }
}
