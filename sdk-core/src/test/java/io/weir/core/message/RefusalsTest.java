package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    @Test
    void agreesWithAQueue() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Refusals refusals = new Refusals();
            ArrayDeque<long[]> expected = new ArrayDeque<>();
            int bias = 1 + random.nextInt(3);
            for (int i = 1; i <= 2_000; i++) {
                if (random.nextInt(4) < bias) {
                    refusals.add(i, 16 + i, i % 3 == 0 ? ErrorCode.CANCELLED : ErrorCode.BUSY);
                    expected.add(new long[] {i, 16 + i});
                } else if (!expected.isEmpty()) {
                    refusals.remove();
                    expected.remove();
                }
                assertThat(refusals.isEmpty()).isEqualTo(expected.isEmpty());
                if (!expected.isEmpty()) {
                    assertThat(refusals.id()).as("seed %d", seed).isEqualTo(expected.element()[0]);
                    assertThat(refusals.cost()).isEqualTo(expected.element()[1]);
                    assertThat(refusals.code())
                            .isEqualTo(expected.element()[0] % 3 == 0 ? ErrorCode.CANCELLED : ErrorCode.BUSY);
                }
            }
        }
    }
}
