package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CipherWarmUpTest {

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void opensEveryRecordThatItSeals(CipherSuite suite) {
        assertThatCode(() -> CipherWarmUp.run(suite)).doesNotThrowAnyException();
    }
}
