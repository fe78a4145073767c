package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class X25519KeyPairTest {
    /** RFC 7748 section 6.1. */
    @Test
    void agreesAsInTheStandardsExample() {
        X25519KeyPair alice = ofPrivate("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        X25519KeyPair bob = ofPrivate("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");

        assertThat(alice.publicKey())
                .isEqualTo(hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
        assertThat(bob.publicKey()).isEqualTo(hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        assertThat(alice.agree(bob.publicKey()))
                .isEqualTo(hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void refusesPeersOfSmallOrder(String point) {
        assertThat(X25519KeyPair.generate(new Random(1)::nextBytes).agree(hex(point)))
                .isNull();
    }

    @Test
    void bothSidesGetTheSameSecret() {
        for (long seed = 0; seed < 20; seed++) {
            X25519KeyPair one = X25519KeyPair.generate(new Random(seed)::nextBytes);
            X25519KeyPair two = X25519KeyPair.generate(new Random(seed + 1_000)::nextBytes);

            assertThat(one.agree(two.publicKey()))
                    .as("seed %d", seed)
                    .hasSize(32)
                    .isEqualTo(two.agree(one.publicKey()));
        }
    }

    @Test
    void keysOfAnotherLengthAreACallersBug() {
        X25519KeyPair pair = X25519KeyPair.generate(new Random(1)::nextBytes);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.agree(new byte[33]))
                .withMessageContaining("33 bytes");
    }

    @Test
    void destroyedKeyPairAgreesNoMore() {
        X25519KeyPair pair = X25519KeyPair.generate(new Random(1)::nextBytes);
        byte[] publicKey = pair.publicKey();
        pair.destroy();

        assertThatIllegalStateException().isThrownBy(() -> pair.agree(publicKey));
        assertThat(pair).hasToString("X25519KeyPair[]");
    }

    private static X25519KeyPair ofPrivate(String key) {
        return X25519KeyPair.generate(GivenBytes.of(hex(key)));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
