package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9000 section 8.1. */
class AntiAmplificationTest {

    private final AntiAmplification limit = new AntiAmplification();

    @Test
    void nothingIsSentToWhoHasSentNothing() {
        assertThat(limit.allows(1)).isFalse();
        assertThat(limit.allowanceBytes()).isZero();
    }

    @Test
    void threeTimesWhatHasCome() {
        limit.onReceived(1_200);
        assertThat(limit.allows(3_600)).isTrue();
        assertThat(limit.allows(3_601)).isFalse();

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

    @Test
    void isOverWhenTheAddressIsProved() {
        limit.onProven();
        assertThat(limit.allows(Integer.MAX_VALUE)).isTrue();
        limit.onSent(65_507);
        assertThat(limit.allowanceBytes()).isEqualTo(Long.MAX_VALUE);
    }
}
