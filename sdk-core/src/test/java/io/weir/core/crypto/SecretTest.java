package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void equalBytesAreEqualSecretsWhereverOthersDiffer() {
        Secret secret = Secret.copyOf(new byte[] {1, 2, 3}, "key", 3);

        assertThat(secret)
                .isEqualTo(Secret.copyOf(new byte[] {1, 2, 3}, "key", 3))
                .hasSameHashCodeAs(Secret.copyOf(new byte[] {1, 2, 3}, "key", 3))
                .isNotEqualTo(Secret.copyOf(new byte[] {0, 2, 3}, "key", 3))
                .isNotEqualTo(Secret.copyOf(new byte[] {1, 2, 4}, "key", 3))
                .isNotEqualTo(Secret.copyOf(new byte[] {1, 2}, "key", 2));
    }

    @Test
    void nobodyChangesItFromOutside() {
        byte[] given = {1, 2, 3};
        Secret secret = Secret.copyOf(given, "key", 3);
        given[0] = 9;
        secret.bytes()[1] = 9;

        assertThat(secret.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void anotherLengthIsRefusedAndNothingIsShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.copyOf(new byte[2], "key", 3))
                .withMessage("key has 2 bytes, must have 3");
        assertThat(Secret.copyOf(new byte[] {1, 2, 3}, "key", 3)).hasToString("[]");
    }
}
