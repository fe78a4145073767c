package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.Attempts.Verdict;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ConnectionPolicy POLICY = ConnectionPolicy.defaults();
    private static final CloseReason LOST = CloseReason.local(ErrorCode.LINK_LOST);
    private static final double HALF = 0.5;

    /** An arbitrary origin of which the sums overflow. */
    private static final long START = Long.MAX_VALUE - 5 * SECOND;

    @Test
    void delaysGrowWithTheFailuresInARow() {
        Attempts attempts = new Attempts(POLICY);
        long before = 0;
        for (int i = 1; i <= 7; i++) {
            assertThat(attempts.onFailure(LOST, START + i * SECOND, HALF)).isEqualTo(Verdict.RETRY);
            assertThat(attempts.failures()).isEqualTo(i);
            assertThat(attempts.delayNanos()).isEqualTo(POLICY.backoff().delayNanos(i, HALF));
            assertThat(attempts.delayNanos()).isGreaterThan(before);
            before = attempts.delayNanos();
        }
    }

    @Test
    void whatWasStableForTheWholeTimeBeginsAnew() {
        Attempts attempts = new Attempts(POLICY);
        attempts.onFailure(LOST, START, HALF);
        attempts.onFailure(LOST, START, HALF);

        attempts.onReady(START);
        attempts.onFailure(LOST, START + 60 * SECOND, HALF);

        assertThat(attempts.failures()).isEqualTo(1);
    }

    @Test
    void whatWasStableForLessCountsOn() {
        Attempts attempts = new Attempts(POLICY);
        attempts.onFailure(LOST, START, HALF);
        attempts.onFailure(LOST, START, HALF);

        attempts.onReady(START);
        attempts.onFailure(LOST, START + 60 * SECOND - 1, HALF);

        assertThat(attempts.failures()).isEqualTo(3);
    }

    @Test
    void aMinuteOfFailingIsNotAMinuteOfBeingStable() {
        Attempts attempts = new Attempts(POLICY);
        attempts.onReady(START);
        attempts.onFailure(LOST, START + SECOND, HALF);

        attempts.onFailure(LOST, START + 120 * SECOND, HALF);

        assertThat(attempts.failures()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void givesUpAtTheLastAttemptThatIsAllowed(int allowed) {
        Attempts attempts = new Attempts(POLICY.withMaxAttempts(allowed));
        for (int i = 1; i < allowed; i++) {
            assertThat(attempts.onFailure(LOST, START, HALF)).isEqualTo(Verdict.RETRY);
        }
        assertThat(attempts.onFailure(LOST, START, HALF)).isEqualTo(Verdict.GAVE_UP);
    }

    @Test
    void givesUpWhenTheTimeIsOver() {
        Attempts attempts = new Attempts(POLICY.withMaxElapsed(Duration.ofSeconds(10)));

        assertThat(attempts.onFailure(LOST, START, HALF)).isEqualTo(Verdict.RETRY);
        assertThat(attempts.onFailure(LOST, START + 10 * SECOND - 1, HALF)).isEqualTo(Verdict.RETRY);
        assertThat(attempts.onFailure(LOST, START + 10 * SECOND, HALF)).isEqualTo(Verdict.GAVE_UP);
        assertThat(attempts.elapsedNanos(START + 10 * SECOND)).isEqualTo(10 * SECOND);
    }

    @Test
    void neverGivesUpByDefault() {
        Attempts attempts = new Attempts(POLICY);
        Random random = new Random(1);
        for (long i = 0; i < 100_000; i++) {
            assertThat(attempts.onFailure(LOST, START + i * 30 * SECOND, random.nextDouble()))
                    .isEqualTo(Verdict.RETRY);
        }
    }

    @Test
    void whatIsNotRetryableEndsItAtOnce() {
        assertThat(new Attempts(POLICY).onFailure(CloseReason.remote(ErrorCode.NOT_ADMITTED), START, HALF))
                .isEqualTo(Verdict.NOT_RETRYABLE);
    }

    @Test
    void aResetForgetsEverything() {
        Attempts attempts = new Attempts(POLICY.withMaxAttempts(2));
        attempts.onFailure(LOST, START, HALF);

        attempts.reset();

        assertThat(attempts.failures()).isZero();
        assertThat(attempts.elapsedNanos(START)).isZero();
        assertThat(attempts.onFailure(LOST, START, HALF)).isEqualTo(Verdict.RETRY);
    }
}
