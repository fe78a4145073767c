package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RandomBytesTest {

    @Test
    void aNumberIsTheNextEightBytes() {
        AtomicInteger drawn = new AtomicInteger();
        RandomBytes counting = out -> {
            for (int i = 0; i < out.length; i++) {
                out[i] = (byte) drawn.incrementAndGet();
            }
        };

        assertThat(counting.nextLong()).isEqualTo(0x01_02_03_04_05_06_07_08L);
        assertThat(counting.nextLong()).isEqualTo(0x09_0A_0B_0C_0D_0E_0F_10L);
    }
}
