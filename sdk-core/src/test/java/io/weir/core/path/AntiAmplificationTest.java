package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9000 section 8.1. */
class AntiAmplificationTest {

    private final AntiAmplification limit = new AntiAmplification();

    @Test
    void nothingIsSentToWhoHasSentNothing() {
        assertThat(limit.allowanceBytes()).isZero();
    }

    @Test
    void threeTimesWhatHasCome() {
        limit.onReceived(1_200);
        assertThat(limit.allowanceBytes()).isEqualTo(3_600);

        limit.onSent(3_000);
        assertThat(limit.allowanceBytes()).isEqualTo(600);
        limit.onReceived(1);
        assertThat(limit.allowanceBytes()).isEqualTo(603);
    }

    @Test
    void whatExceedsItIsNoCreditForLater() {
        limit.onReceived(10);
        limit.onSent(1_000);
        assertThat(limit.allowanceBytes()).isZero();
    }
}
