package io.weir.core.credit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PayloadPaceTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long INTERVAL = 16 * SECOND;
    private static final int LEAST = 16 * 1024;

    private final PayloadPace pace = new PayloadPace(INTERVAL, 0, 1_000);

    @Test
    void aPayloadThatStandsStillIsGivenUpAfterAnInterval() {
        assertThat(pace.keeps(8 * SECOND, 1_000, true)).isTrue();
        assertThat(pace.keeps(INTERVAL - 1, 1_000, true)).isTrue();
        assertThat(pace.keeps(INTERVAL, 1_000, true)).isFalse();
    }

    @Test
    void whatCameBeforeDoesNotCount() {
        PayloadPace rich = new PayloadPace(INTERVAL, 0, 100 * LEAST);
        assertThat(rich.keeps(INTERVAL, 100 * LEAST + 1, true)).isFalse();
    }

    @Test
    void exactlyThePaceIsEnough() {
        assertThat(pace.keeps(INTERVAL, 1_000 + 16 * LEAST, true)).isTrue();
        assertThat(pace.keeps(2 * INTERVAL, 1_000 + 32 * LEAST - 1, true)).isFalse();
    }

    @Test
    void itIsTheAverageThatCounts() {
        assertThat(pace.keeps(4 * SECOND, 1_000, true)).isTrue();
        assertThat(pace.keeps(12 * SECOND, 1_000, true)).isTrue();
        assertThat(pace.keeps(INTERVAL, 1_000 + 16 * LEAST, true)).isTrue();
    }

    @Test
    void whereNobodyWaitsItMayTakeItsTime() {
        for (int i = 1; i < 100; i++) {
            assertThat(pace.keeps(i * 4 * SECOND, 1_000, false)).isTrue();
        }
        assertThat(pace.keeps(99 * 4 * SECOND + INTERVAL - 1, 1_000, true)).isTrue();
        assertThat(pace.keeps(99 * 4 * SECOND + INTERVAL, 1_000, true)).isFalse();
    }

    @Test
    void whoAsksLateGrantsOneMoreInterval() {
        long late = INTERVAL + INTERVAL / 2 + 1;
        assertThat(pace.keeps(late, 1_000, true)).isTrue();
        assertThat(pace.keeps(late + INTERVAL, 1_000, true)).isFalse();
    }
}
