package io.weir.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerIdTest {
    private static final PeerId SOME =
            Identity.generate(new Random(1)::nextBytes).peerId();

    @Test
    void textFormRoundTrips() {
        for (long seed = 0; seed < 100; seed++) {
            PeerId id = Identity.generate(new Random(seed)::nextBytes).peerId();

            assertThat(id.toString()).as("seed %d", seed).hasSize(43).matches("[A-Za-z0-9_-]+");
            assertThat(PeerId.parse(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
            assertThat(PeerId.of(id.bytes())).isEqualTo(id);
        }
    }

    @Test
    void bytesAreCopiedBothWays() {
        byte[] bytes = SOME.bytes();
        PeerId id = PeerId.of(bytes);
        bytes[0] ^= 1;
        id.bytes()[0] ^= 1;

        assertThat(id).isEqualTo(SOME);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 44, 200})
    void lengthOfTheTextIsNamed(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.parse("A".repeat(length)))
                .withMessage("peer id has " + length + " characters, must have 43");
    }

    @ParameterizedTest
    @CsvSource({"0,+,'+',1", "10,/,'/',11", "41,=,'=',42", "42,!,'!',43"})
    void wrongCharacterIsNamedWithItsPosition(int index, char bad, String named, int position) {
        StringBuilder text = new StringBuilder(SOME.toString());
        text.setCharAt(index, bad);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.parse(text.toString()))
                .withMessageContaining("'" + bad + "' at position " + position);
    }

    @ParameterizedTest
    @CsvSource({"32,U+0020", "10,U+000A", "228,U+00E4", "8364,U+20AC", "0,U+0000"})
    void unprintableCharacterIsNamedByItsCodePoint(int bad, String named) {
        String text =
                SOME.toString().substring(0, 5) + (char) bad + SOME.toString().substring(6);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.parse(text))
                .withMessageContaining(named + " at position 6");
    }

    @Test
    void textHasOneFormOnly() {
        String text = SOME.toString();
        char last = text.charAt(42);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int accepted = 0;
        for (char c : alphabet.toCharArray()) {
            String other = text.substring(0, 42) + c;
            if (alphabet.indexOf(c) % 4 == 0) {
                accepted++;
            } else {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> PeerId.parse(other))
                        .withMessageContaining("'" + c + "' at position 43");
            }
        }
        assertThat(accepted).isEqualTo(16);
        assertThat(alphabet.indexOf(last) % 4).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void lengthOfTheBytesIsNamed(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.of(new byte[length]))
                .withMessage("peer id has " + length + " bytes, must have 32");
    }

    @Test
    void keysThatAreNobodysAreRefused() {
        byte[] identityPoint = new byte[32];
        identityPoint[0] = 1;
        byte[] tooLarge = new byte[32];
        Arrays.fill(tooLarge, (byte) 0xff);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.of(identityPoint))
                .withMessageContaining("small");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.of(tooLarge))
                .withMessageContaining("canonical");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.parse("A".repeat(43)))
                .withMessageContaining("small");
    }

    @Test
    void orderIsUnsignedAndBytewise() {
        PeerId low = PeerId.of(bytes(0x7f));
        PeerId high = PeerId.of(bytes(0x80));

        assertThat(low).isLessThan(high);
        assertThat(high).isGreaterThan(low);
        assertThat(low).isEqualByComparingTo(PeerId.of(bytes(0x7f)));
        assertThat(low).isNotEqualTo(high).isNotEqualTo(null).isNotEqualTo("text");
    }

    private static byte[] bytes(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        bytes[1] = 1;
        return bytes;
    }
}
