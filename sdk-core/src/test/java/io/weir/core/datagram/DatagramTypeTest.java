package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DatagramTypeTest {
    @Test
    void readsItsOwnNumbersAndNoOthers() {
        for (int first = -128; first < 128; first++) {
            DatagramType type = DatagramType.of((byte) first);
            if (type == null) {
                assertThat(first).isNotIn(1, 2, 3, 4, 5, 8, 0x10, 0x11);
            } else {
                assertThat(type.number()).isEqualTo((byte) first).isLessThan((byte) 0x40);
            }
        }
    }
}
