package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.util.Arrays;

/** Any bytes where a varint should be, against arithmetic that cannot overflow. */
class VarIntFuzzTest {

    @FuzzTest
    void varInt(byte[] input) {
        long value = VarInt.read(input, 0, input.length);
        int length = input.length == 0 ? 1 : VarInt.lengthFrom(input[0]);
        if (input.length < length) {
            assertThat(value).isEqualTo(VarInt.TRUNCATED);
            return;
        }
        BigInteger expected = new BigInteger(1, Arrays.copyOf(input, length))
                .and(BigInteger.ONE.shiftLeft(8 * length - 2).subtract(BigInteger.ONE));
        assertThat(BigInteger.valueOf(value)).isEqualTo(expected);

        byte[] shortest = new byte[VarInt.MAX_LENGTH];
        int end = VarInt.write(shortest, 0, value);
        assertThat(end).isEqualTo(VarInt.length(value)).isLessThanOrEqualTo(length);
        assertThat(VarInt.read(shortest, 0, end)).isEqualTo(value);
        assertThat(VarInt.read(shortest, 0, end - 1)).isEqualTo(VarInt.TRUNCATED);
    }
}
