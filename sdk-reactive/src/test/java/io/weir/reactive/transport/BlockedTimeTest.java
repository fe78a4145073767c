package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockedTimeTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -7, 1_800_000_000_000_000_000L, -1_800_000_000_000_000_000L})
    void addsUpWhatWasBetweenBeginAndEnd(long origin) {
        BlockedTime time = new BlockedTime();
        assertThat(time.nanos(origin + 50)).isZero();

        time.begin(origin + 100);
        assertThat(time.isBlocked()).isTrue();
        assertThat(time.nanos(origin + 100)).isZero();
        assertThat(time.nanos(origin + 107)).isEqualTo(7);

        time.end(origin + 110);
        assertThat(time.isBlocked()).isFalse();
        assertThat(time.nanos(origin + 500)).isEqualTo(10);

        time.begin(origin + 600);
        assertThat(time.nanos(origin + 605)).isEqualTo(15);
    }

    @Test
    void beginsAndEndsOnce() {
        BlockedTime time = new BlockedTime();
        time.end(50);
        time.begin(100);
        time.begin(150);
        assertThat(time.nanos(160)).isEqualTo(60);
        time.end(160);
        time.end(200);
        assertThat(time.nanos(300)).isEqualTo(60);
    }

    @Test
    void isNeverNegative() {
        BlockedTime time = new BlockedTime();
        time.begin(100);
        assertThat(time.nanos(90)).isZero();
    }
}
