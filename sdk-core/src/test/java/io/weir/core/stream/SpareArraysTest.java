package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareArraysTest {

    private final SpareArrays arrays = new SpareArrays();

    @Test
    void lendsAgainWhatWasGivenBackWhileOthersAreLent() {
        arrays.take();
        arrays.take();
        byte[] array = new byte[10];

        arrays.giveBack(array);

        assertThat(arrays.take()).isSameAs(array);
        assertThat(arrays.take()).isEmpty();
    }

    @Test
    void keepsNoMoreThanItsBound() {
        for (int i = 0; i < SpareArrays.MOST + 2; i++) {
            arrays.take();
        }

        for (int i = 0; i < SpareArrays.MOST + 1; i++) {
            arrays.giveBack(new byte[10]);
        }

        assertThat(arrays.size()).isEqualTo(SpareArrays.MOST);
    }

    @Test
    void keepsNothingOnceNothingIsLent() {
        arrays.take();
        arrays.take();
        arrays.giveBack(new byte[10]);
        assertThat(arrays.size()).isOne();

        arrays.giveBack(new byte[10]);

        assertThat(arrays.size()).isZero();
    }
}
