package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyedMacTest {

    /** A key that is shorter is one with zeros behind it (RFC 2104). */
    @ParameterizedTest
    @CsvSource({
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, Hi There,"
                + "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "4a656665, what do ya want for nothing?," + "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    })
    void computesTheVectorsOfRfc4231(String key, String data, String mac) {
        byte[] bytes = HexFormat.of().parseHex(key);
        KeyedMac keyed = KeyedMac.generate(GivenBytes.of(bytes));

        assertThat(keyed.compute(data.getBytes(StandardCharsets.US_ASCII), 32))
                .isEqualTo(HexFormat.of().parseHex(mac));
    }

    @Test
    void knowsItsOwnAgainAndNothingElse() {
        KeyedMac own = KeyedMac.generate(new Random(1)::nextBytes);
        KeyedMac other = KeyedMac.generate(new Random(2)::nextBytes);
        byte[] data = {1, 2, 3};
        byte[] mac = own.compute(data, 16);

        assertThat(own.verify(data, mac)).isTrue();
        assertThat(own.verify(data, Arrays.copyOf(mac, 8))).as("its beginning").isTrue();
        assertThat(other.verify(data, mac)).isFalse();
        assertThat(own.verify(new byte[] {1, 2, 4}, mac)).isFalse();
        mac[15] ^= 1;
        assertThat(own.verify(data, mac)).isFalse();
    }

    @Test
    void takesTwoPartsForTheirWhole() {
        byte[] key = new byte[32];
        key[3] = 4;
        KeyedMac mac = KeyedMac.of(key);
        ByteBuffer inside = ByteBuffer.wrap(new byte[] {9, 3, 4, 5, 9}, 1, 3).asReadOnlyBuffer();

        byte[] computed = mac.compute(new byte[] {1, 2}, inside, 16);

        assertThat(computed).isEqualTo(mac.compute(new byte[] {1, 2, 3, 4, 5}, 16));
        assertThat(inside.remaining()).isEqualTo(3);
        assertThat(mac.verify(new byte[] {1, 2}, inside, computed)).isTrue();
        assertThat(mac.verify(new byte[] {1, 3}, inside, computed)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyedMac.of(new byte[31]))
                .withMessage("key has 31 bytes, must have 32");
    }

    @Test
    void namesTheLegalRangeOfItsLength() {
        KeyedMac mac = KeyedMac.generate(new Random(1)::nextBytes);
        for (int length : new int[] {0, 33}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mac.compute(new byte[1], length))
                    .withMessage("length is " + length + "; legal: 1 to 32");
        }
    }
}
