package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkFramesTest {

    private final List<String> told = new ArrayList<>();

    private final MarkFrames.Taker taker = new MarkFrames.Taker() {
        @Override
        public void onMark(long round, long number) {
            told.add("mark " + round + " " + number);
        }

        @Override
        public void onMarked(long number) {
            told.add("marked " + number);
        }
    };

    private @Nullable String read(byte[] block) {
        return MarkFrames.read(block, block.length, taker);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void areWrittenAsTheProtocolSays() {
        assertThat(MarkFrames.mark(1, 2)).isEqualTo(bytes("4040020102"));
        assertThat(MarkFrames.mark(1, 300)).isEqualTo(bytes("40400301412c"));
        assertThat(MarkFrames.marked(2)).isEqualTo(bytes("40410102"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 63, 64, 16_384, 1L << 30, VarInt.MAX})
    void areReadAsWritten(long number) {
        assertThat(read(MarkFrames.mark(number, 7))).isNull();
        assertThat(read(MarkFrames.marked(number))).isNull();

        assertThat(told).containsExactly("mark " + number + " 7", "marked " + number);
    }

    @Test
    void aBlockMayHaveSeveral() {
        assertThat(read(bytes("40410102" + "40410103"))).isNull();

        assertThat(told).containsExactly("marked 2", "marked 3");
    }

    @ParameterizedTest
    @CsvSource({"4040020102, true", "4041, true", "40, false", "4042, false", "0040, false", "4140, false"})
    void areToldFromOthersByTheirFirstBytes(String block, boolean begin) {
        assertThat(MarkFrames.begin(bytes(block), block.length() / 2)).isEqualTo(begin);
    }

    @ParameterizedTest
    @CsvSource({
        "4040, length of MARK or MARKED is cut off",
        "40400201, number of MARK or MARKED is cut off",
        "4041020102, 'MARK or MARKED has 2 bytes, its fields 1'",
        "4040010102, 'MARK or MARKED has 1 bytes, its fields 2'",
        "4040020002, 'round of MARK is 0, must be 1 to 4611686018427387903'",
        "40410100, 'number of MARK or MARKED is 0, must be 1 to 4611686018427387903'",
        "404000, 'length of MARK or MARKED is 0, must be 1 to 16'",
        "4041010201, 'type in a block of MARK is 1, must be 64 to 65'"
    })
    void oneThatIsWrongIsToldInWords(String block, String problem) {
        assertThat(read(bytes(block))).isEqualTo(problem);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noBytesThrow(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] block = new byte[2 + random.nextInt(24)];
            random.nextBytes(block);
            block[0] = 0x40;
            block[1] = (byte) (0x40 + random.nextInt(2));
            if (read(block) != null) {
                told.clear();
            }
        }
    }
}
