package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CipherSelfTestTest {

    static List<CipherProvider> present() {
        return CipherProviders.present();
    }

    @ParameterizedTest
    @MethodSource("present")
    void passesWithEveryProvider(CipherProvider provider) {
        assertThatCode(() -> CipherSelfTest.run(provider)).doesNotThrowAnyException();
    }

    @Test
    void findsOneThatComputesNothing() {
        CipherProvider provider = CipherProvider.of(new RecordingProvider());

        assertThatIllegalStateException()
                .isThrownBy(() -> CipherSelfTest.run(provider))
                .withMessageContaining("Recording 1.5");
    }
}
