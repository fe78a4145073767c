package io.weir.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE - SECOND, Long.MIN_VALUE})
    void passesABurstAndThenOneEachInterval(long start) {
        TokenBucket bucket = TokenBucket.full(3, SECOND, start);
        for (int i = 0; i < 3; i++) {
            bucket = bucket.next(start);
            assertThat(bucket.passes()).isTrue();
        }
        assertThat(bucket.next(start).passes()).isFalse();
        assertThat(bucket.next(start + SECOND - 1).passes()).isFalse();
        bucket = bucket.next(start + SECOND);
        assertThat(bucket.passes()).isTrue();
        assertThat(bucket.next(start + SECOND).passes()).isFalse();
    }

    @Test
    void tellsHowManyWereHeldBackWithTheNextThatPasses() {
        TokenBucket bucket = TokenBucket.full(1, SECOND, 0).next(0);
        assertThat(bucket.heldBack()).isZero();
        for (int i = 0; i < 7; i++) {
            bucket = bucket.next(1);
        }
        bucket = bucket.next(SECOND);
        assertThat(bucket.passes()).isTrue();
        assertThat(bucket.heldBack()).isEqualTo(7);
        bucket = bucket.next(2 * SECOND);
        assertThat(bucket.heldBack()).isZero();
    }

    @Test
    void isFullAgainAfterAPause() {
        TokenBucket bucket = TokenBucket.full(2, SECOND, 0).next(0).next(0).next(0);
        bucket = bucket.next(100 * SECOND).next(100 * SECOND);
        assertThat(bucket.passes()).isTrue();
        assertThat(bucket.next(100 * SECOND).passes()).isFalse();
    }

    @Test
    void neverPassesMoreThanTheBurstAndTheTimeAllow() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int burst = 1 + random.nextInt(5);
        TokenBucket bucket = TokenBucket.full(burst, SECOND, 0);
        long now = 0;
        long passed = 0;
        long held = 0;
        long told = 0;
        for (int i = 0; i < 10_000; i++) {
            now += random.nextLong(SECOND);
            bucket = bucket.next(now);
            if (bucket.passes()) {
                passed++;
                told += bucket.heldBack();
            } else {
                held++;
            }
            assertThat(passed).as("seed %d", seed).isLessThanOrEqualTo(burst + now / SECOND);
        }
        assertThat(passed).as("seed %d", seed).isGreaterThanOrEqualTo(now / (2 * SECOND) - 1);
        assertThat(told + (bucket.passes() ? 0 : bucket.heldBack()))
                .as("seed %d", seed)
                .isEqualTo(held);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> TokenBucket.full(0, SECOND, 0)).hasMessageContaining("burst is 0; legal: 1 to");
        assertThatThrownBy(() -> TokenBucket.full(1, 0, 0)).hasMessageContaining("intervalNanos is 0; legal: 1 to");
    }
}
