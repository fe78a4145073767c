package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarIntTest {

    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "63, 3f",
        "64, 4040",
        "16383, 7fff",
        "16384, 80004000",
        "1073741823, bfffffff",
        "1073741824, c000000040000000",
        "4611686018427387903, ffffffffffffffff",
        // The examples of RFC 9000 appendix A.1.
        "37, 25",
        "15293, 7bbd",
        "494878333, 9d7f3e7d",
        "151288809941952652, c2197c5eff14e88c",
    })
    void writesTheShortestForm(long value, String hex) {
        byte[] expected = HEX.parseHex(hex);
        byte[] array = new byte[10];

        int end = VarInt.write(array, 1, value);

        assertThat(end).isEqualTo(1 + expected.length);
        assertThat(VarInt.length(value)).isEqualTo(expected.length);
        assertThat(HEX.formatHex(array, 1, end)).isEqualTo(hex);
        assertThat(VarInt.read(array, 1, end)).isEqualTo(value);
        assertThat(VarInt.lengthFrom(array[1])).isEqualTo(expected.length);
    }

    @ParameterizedTest
    @CsvSource({"37, 4025", "37, 80000025", "37, c000000000000025", "0, c000000000000000", "16383, 80003fff"})
    void readsLongerForms(long value, String hex) {
        byte[] array = HEX.parseHex(hex);

        assertThat(VarInt.read(array, 0, array.length)).isEqualTo(value);
        assertThat(VarInt.lengthFrom(array[0])).isEqualTo(array.length);
    }

    @ParameterizedTest
    @CsvSource({"25", "7bbd", "9d7f3e7d", "c2197c5eff14e88c"})
    void everyProperPrefixIsTruncated(String hex) {
        byte[] array = HEX.parseHex(hex);

        for (int end = 0; end < array.length; end++) {
            assertThat(VarInt.read(array, 0, end)).as("end %d", end).isEqualTo(VarInt.TRUNCATED);
        }
    }

    @Test
    void positionBehindTheEndIsTruncated() {
        assertThat(VarInt.read(new byte[4], 4, 2)).isEqualTo(VarInt.TRUNCATED);
    }

    @Test
    void refusesToWriteWhatDoesNotFit() {
        for (long value : new long[] {-1, Long.MIN_VALUE, VarInt.MAX + 1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> VarInt.write(new byte[8], 0, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("varint is " + value + ", must be 0 to 4611686018427387903");
            assertThatThrownBy(() -> VarInt.length(value)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
