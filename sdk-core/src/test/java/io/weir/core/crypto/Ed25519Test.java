package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Ed25519Test {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger D = BigInteger.valueOf(-121_665)
            .multiply(BigInteger.valueOf(121_666).modInverse(P))
            .mod(P);

    /** Derives the torsion points from the curve equation instead of trusting a list. */
    @Test
    void smallOrderIsExactlyTheTorsionOfOrderEight() {
        List<byte[]> torsion = new ArrayList<>();
        for (BigInteger y : torsionOrdinates()) {
            torsion.add(encode(y, false));
            torsion.add(encode(y, true));
        }

        assertThat(torsion).hasSize(10).allSatisfy(point -> {
            assertThat(Ed25519.isCanonical(point)).isTrue();
            assertThat(Ed25519.isSmallOrder(point)).isTrue();
        });
    }

    @Test
    void ordinaryKeysAreNeitherSmallNorNonCanonical() {
        for (long seed = 0; seed < 50; seed++) {
            byte[] key = SigningKey.generate(new Random(seed)::nextBytes).publicKey();

            assertThat(Ed25519.isCanonical(key)).as("seed %d", seed).isTrue();
            assertThat(Ed25519.isSmallOrder(key)).as("seed %d", seed).isFalse();
        }
    }

    @Test
    void neighboursOfSmallOrderPointsAreNot() {
        for (BigInteger y : torsionOrdinates()) {
            for (int bit = 1; bit < 255; bit++) {
                BigInteger other = y.flipBit(bit);
                if (other.compareTo(P) < 0 && !torsionOrdinates().contains(other)) {
                    assertThat(Ed25519.isSmallOrder(encode(other, false)))
                            .as("bit %d", bit)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void onlyOrdinatesBelowTheFieldPrimeAreCanonical() {
        for (int above = 0; above < 19; above++) {
            assertThat(Ed25519.isCanonical(encode(P.add(BigInteger.valueOf(above)), false)))
                    .isFalse();
            assertThat(Ed25519.isCanonical(encode(P.add(BigInteger.valueOf(above)), true)))
                    .isFalse();
        }
        assertThat(Ed25519.isCanonical(encode(P.subtract(BigInteger.ONE), false)))
                .isTrue();
        assertThat(Ed25519.isCanonical(encode(P.subtract(BigInteger.TWO), true)))
                .isTrue();
        assertThat(Ed25519.isCanonical(encode(BigInteger.TWO.pow(254), true))).isTrue();
    }

    /** RFC 8032 section 7.1, test 2. */
    @Test
    void verifiesTheStandardsExample() {
        byte[] key = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        byte[] signature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

        assertThat(Ed25519.verify(key, new byte[] {0x72}, signature)).isTrue();
        assertThat(Ed25519.verify(key, new byte[] {0x73}, signature)).isFalse();
    }

    @Test
    void generatesTheStandardsKeyFromItsSeed() {
        byte[] seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        RandomBytes random = GivenBytes.of(seed);

        SigningKey key = SigningKey.generate(random);

        assertThat(key.publicKey()).isEqualTo(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        assertThat(key.sign(new byte[] {0x72}))
                .isEqualTo(hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 63, 65})
    void signaturesAndKeysOfAnotherLengthDoNotVerify(int length) {
        SigningKey key = SigningKey.generate(new Random(1)::nextBytes);

        assertThat(Ed25519.verify(key.publicKey(), new byte[1], new byte[length]))
                .isFalse();
        assertThat(Ed25519.verify(new byte[length], new byte[1], new byte[64])).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Ed25519.isCanonical(new byte[length]));
    }

    /** y of all points with 8 P = 0: 0, 1, -1, and the y with y^2 = (-1 +- sqrt(1 + d)) / d of order 8. */
    private static List<BigInteger> torsionOrdinates() {
        List<BigInteger> ordinates =
                new ArrayList<>(List.of(BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE)));
        // doubling (x, y) gives y = 0, order 4, exactly if y^2 = -x^2; with the curve equation: d y^4 + 2 y^2 - 1 = 0
        BigInteger root = squareRoot(BigInteger.ONE.add(D));
        for (BigInteger sign : List.of(root, root.negate())) {
            BigInteger ySquared =
                    sign.subtract(BigInteger.ONE).multiply(D.modInverse(P)).mod(P);
            if (ySquared.modPow(P.subtract(BigInteger.ONE).shiftRight(1), P).equals(BigInteger.ONE)) {
                BigInteger y = squareRoot(ySquared);
                ordinates.add(y);
                ordinates.add(P.subtract(y));
            }
        }
        return ordinates;
    }

    /** For p = 5 modulo 8. */
    private static BigInteger squareRoot(BigInteger square) {
        BigInteger root = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!root.multiply(root).mod(P).equals(square.mod(P))) {
            root = root.multiply(
                            BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P))
                    .mod(P);
        }
        assertThat(root.multiply(root).mod(P)).isEqualTo(square.mod(P));
        return root;
    }

    private static byte[] encode(BigInteger y, boolean odd) {
        byte[] encoded = new byte[32];
        for (int i = 0; i < 32; i++) {
            encoded[i] = y.shiftRight(8 * i).byteValue();
        }
        if (odd) {
            encoded[31] |= (byte) 0x80;
        }
        return encoded;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
