package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.Attempts.Verdict;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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
    void aMinuteOfFailingIsNotAMinuteOfBeingStable() {
        Attempts attempts = new Attempts(POLICY);
        attempts.onReady(START);
        attempts.onFailure(LOST, START + SECOND, HALF);

        attempts.onFailure(LOST, START + 120 * SECOND, HALF);

        assertThat(attempts.failures()).isEqualTo(2);
    }

    /** Each session lives so many seconds, and so many dials fail before the next: how many failures each loss counts. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("histories")
    void aLossCountsWhatTheSessionsBeforeItHaveNotMadeUpFor(String what, int[] lives, int failedDials, int[] counted) {
        Attempts attempts = new Attempts(POLICY);
        long now = START;
        for (int i = 0; i < lives.length; i++) {
            attempts.onReady(now);
            now += lives[i] * SECOND;
            attempts.onFailure(LOST, now, HALF);
            assertThat(attempts.failures()).as("loss %d", i + 1).isEqualTo(counted[i]);
            assertThat(attempts.delayNanos()).isEqualTo(POLICY.backoff().delayNanos(counted[i], HALF));
            for (int dial = 1; dial <= failedDials; dial++) {
                now += SECOND;
                attempts.onFailure(CloseReason.local(ErrorCode.CONNECT_FAILED), now, HALF);
                assertThat(attempts.failures()).as("dial %d", dial).isEqualTo(counted[i] + dial);
            }
        }
    }

    static Stream<Arguments> histories() {
        return Stream.of(
                history("a rolling deploy", of(3_600, 20, 35, 50, 20, 41, 20), 7, of(1, 1, 1, 1, 1, 1, 1)),
                history("a second outage after half a minute", of(3_600, 30), 7, of(1, 1)),
                history("accepts and closes each second", of(1, 1, 1, 1, 1, 1, 1, 1), 0, of(1, 2, 3, 4, 5, 6, 7, 8)),
                history("accepts and closes at once", of(0, 0, 0, 0), 0, of(1, 2, 3, 4)),
                history("accepts, dies and takes a while to start", of(2, 2, 2, 2), 5, of(1, 2, 3, 4)),
                history("lives just too short to make up for itself", of(9, 9, 9), 0, of(1, 2, 3)),
                history("lives just long enough to", of(9, 9, 9, 10, 10, 10), 0, of(1, 2, 3, 3, 3, 3)),
                history("recovers step by step", of(1, 1, 1, 1, 20, 20, 20), 0, of(1, 2, 3, 4, 3, 2, 1)),
                history(
                        "recovers in the stable minute",
                        of(1, 1, 1, 1, 1, 1, 1, 1, 59, 60),
                        0,
                        of(1, 2, 3, 4, 5, 6, 7, 8, 4, 1)));
    }

    private static Arguments history(String what, int[] lives, int failedDials, int[] counted) {
        return Arguments.of(what, lives, failedDials, counted);
    }

    private static int[] of(int... values) {
        return values;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void aPeerThatAcceptsAndClosesIsDialledNoMoreThanTheCapAllowsInTheLongRun(long livesSeconds) {
        Attempts attempts = new Attempts(POLICY);
        long now = 0;
        int dials = 0;
        while (now < 3_600 * SECOND) {
            attempts.onReady(now);
            now += livesSeconds * SECOND;
            assertThat(attempts.onFailure(LOST, now, HALF)).isEqualTo(Verdict.RETRY);
            now += attempts.delayNanos();
            dials++;
        }
        assertThat(dials).isLessThan(3_600 / 15 + 8);
    }

    @Test
    void whatTimeHardlyMendsWaitsForTheLongestDelayFromTheFirstFailureOn() {
        Attempts attempts = new Attempts(POLICY);

        for (int i = 1; i <= 3; i++) {
            assertThat(attempts.onFailure(CloseReason.local(ErrorCode.IDENTITY_MISMATCH), START, HALF))
                    .isEqualTo(Verdict.RETRY);
            assertThat(attempts.delayNanos()).isEqualTo(POLICY.backoff().longDelayNanos(HALF));
            assertThat(attempts.failures()).isEqualTo(i);
        }
    }

    @Test
    void whatTimeHardlyMendsIsGivenUpAsThePolicySays() {
        Attempts attempts = new Attempts(POLICY.withMaxAttempts(2));
        CloseReason stranger = CloseReason.local(ErrorCode.IDENTITY_MISMATCH);

        assertThat(attempts.onFailure(stranger, START, HALF)).isEqualTo(Verdict.RETRY);
        assertThat(attempts.onFailure(stranger, START, HALF)).isEqualTo(Verdict.GAVE_UP);
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
    void whatIsFinalEndsItAtOnce() {
        assertThat(new Attempts(POLICY).onFailure(CloseReason.remote(ErrorCode.NOT_ADMITTED), START, HALF))
                .isEqualTo(Verdict.FINAL);
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
