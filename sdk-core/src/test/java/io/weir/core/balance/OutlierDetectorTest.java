package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlierDetectorTest {

    private static final long SECOND = 1_000_000_000L;
    private static final OutlierPolicy POLICY = new OutlierPolicy(3, Duration.ofSeconds(8), Duration.ofSeconds(60), 50);

    /** Times are compared by subtraction. */
    private static final long START = Long.MAX_VALUE - 10 * SECOND;

    private long now = START;

    @Test
    void leavesOutWhoeverFailsSoOftenInARow() {
        OutlierDetector<Integer> detector = watching(4);

        assertThat(detector.onFailure(1, now, 0)).isFalse();
        assertThat(detector.onFailure(1, now, 0)).isFalse();
        assertThat(detector.isOut(1)).isFalse();
        assertThat(detector.onFailure(1, now, 0)).isTrue();
        assertThat(detector.isOut(1)).isTrue();
        assertThat(detector.isOut(0)).isFalse();
    }

    @Test
    void aSuccessBeginsTheRowAnew() {
        OutlierDetector<Integer> detector = watching(4);
        detector.onFailure(1, now, 0);
        detector.onFailure(1, now, 0);
        assertThat(detector.isSuspect(1)).isTrue();

        detector.onSuccess(1);

        assertThat(detector.isSuspect(1)).isFalse();
        assertThat(fail(detector, 1, 2)).isFalse();
    }

    @Test
    void returnsAfterHalfToAllOfTheTimeByChance() {
        OutlierDetector<Integer> detector = watching(4);

        fail(detector, 0, 3, 0);
        fail(detector, 1, 3, Math.nextDown(1d));

        assertThat(detector.deadlineNanos() - now).isEqualTo(4 * SECOND);
        now += 4 * SECOND;
        assertThat(detector.onDeadline(now)).containsExactly(0);
        assertThat(detector.deadlineNanos() - now).isEqualTo(4 * SECOND);
        assertThat(detector.onDeadline(now + 4 * SECOND - 1)).isEmpty();
        assertThat(detector.onDeadline(now + 4 * SECOND)).containsExactly(1);
        assertThat(detector.hasDeadline()).isFalse();
    }

    @Test
    void oneFailureOnProbationIsEnoughAndTakesTwiceAsLongUpToTheLongest() {
        OutlierDetector<Integer> detector = watching(4);
        fail(detector, 1, 3);
        for (int seconds : List.of(4, 8, 16, 30, 30)) {
            assertThat(detector.deadlineNanos() - now).isEqualTo(seconds * SECOND);
            now = detector.deadlineNanos();
            assertThat(detector.onDeadline(now)).containsExactly(1);
            assertThat(detector.isSuspect(1)).isTrue();
            assertThat(detector.onFailure(1, now, 0)).isTrue();
        }
    }

    @Test
    void oneSuccessOnProbationIsEnoughForTheFullRow() {
        OutlierDetector<Integer> detector = watching(4);
        returned(detector, 1);

        detector.onSuccess(1);

        assertThat(fail(detector, 1, 2)).isFalse();
        assertThat(detector.onFailure(1, now, 0)).isTrue();
        assertThat(detector.deadlineNanos() - now).isEqualTo(8 * SECOND); // the second time in a row
    }

    @Test
    void whoWasWellForAsLongAsItWasOutBeginsWithTheFirstTimeAgain() {
        OutlierDetector<Integer> detector = watching(4);
        returned(detector, 1);
        detector.onSuccess(1);

        now += 4 * SECOND;
        fail(detector, 1, 3);

        assertThat(detector.deadlineNanos() - now).isEqualTo(4 * SECOND);
    }

    @Test
    void whatEndsWhileItIsLeftOutIsNoNews() {
        OutlierDetector<Integer> detector = watching(4);
        fail(detector, 1, 3);
        long deadline = detector.deadlineNanos();

        assertThat(fail(detector, 1, 10)).isFalse();
        detector.onSuccess(1);

        assertThat(detector.isOut(1)).isTrue();
        assertThat(detector.deadlineNanos()).isEqualTo(deadline);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 20})
    void neverAreMoreLeftOutThanThePolicyAllowsAndNeverAll(int peers) {
        OutlierDetector<Integer> detector = watching(peers);

        for (int round = 0; round < 5; round++) {
            IntStream.range(0, peers).forEach(peer -> fail(detector, peer, 3));
        }

        long out = IntStream.range(0, peers).filter(detector::isOut).count();
        assertThat(out).isEqualTo(peers == 1 ? 0 : Math.max(peers / 2, 1));
    }

    @Test
    void whereTheOthersGoWhoseTimeIsOverFirstReturnsEarly() {
        OutlierDetector<Integer> detector = watching(4);
        fail(detector, 0, 3, 0.9);
        fail(detector, 1, 3, 0.1);

        assertThat(detector.present(3, false, now)).containsExactly(1);
        assertThat(detector.isOut(0)).isTrue();
        assertThat(detector.remove(2, now)).isEmpty();
        assertThat(detector.remove(1, now)).containsExactly(0);
    }

    @Test
    void whatIsKnownOfAPeerOutlivesItsAbsence() {
        OutlierDetector<Integer> detector = watching(4);
        fail(detector, 1, 3);

        assertThat(detector.present(1, false, now)).isEmpty();
        detector.add(1);
        assertThat(detector.present(1, true, now)).isEmpty();

        assertThat(detector.isOut(1)).isTrue();
    }

    @Test
    void nobodyIsLeftOutWhereNobodyMayBe() {
        OutlierDetector<Integer> detector = watching(4, OutlierPolicy.never());

        assertThat(fail(detector, 1, 1_000)).isFalse();
    }

    @Test
    void holdsNothingOfWhoWasForgotten() {
        OutlierDetector<Integer> detector = watching(4);
        fail(detector, 1, 3);

        detector.remove(1, now);

        assertThat(detector.size()).isEqualTo(3);
        assertThat(detector.hasDeadline()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> detector.isOut(1)).withMessage("not watched: 1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensTheBoundHoldsAndEverybodyReturns(long seed) {
        Random random = new Random(seed);
        OutlierDetector<Integer> detector = new OutlierDetector<>(POLICY);
        boolean[] there = new boolean[10];
        IntStream.range(0, 10).forEach(detector::add);
        for (int step = 0; step < 20_000; step++) {
            int peer = random.nextInt(10);
            now += random.nextLong(SECOND / 4);
            switch (random.nextInt(8)) {
                case 0 -> {
                    there[peer] = !there[peer];
                    detector.present(peer, there[peer], now);
                }
                case 1 -> detector.onSuccess(peer);
                case 2 -> detector.onDeadline(now);
                default -> detector.onFailure(peer, now, random.nextDouble());
            }
            long present = IntStream.range(0, 10).filter(i -> there[i]).count();
            long out = IntStream.range(0, 10)
                    .filter(i -> there[i] && detector.isOut(i))
                    .count();
            assertThat(out)
                    .as("seed %d, step %d, present %d", seed, step, present)
                    .isLessThanOrEqualTo(present < 2 ? 0 : Math.max(present / 2, 1));
        }
        now += POLICY.longest().toNanos();
        detector.onDeadline(now);
        assertThat(IntStream.range(0, 10).filter(detector::isOut)).isEmpty();
    }

    private OutlierDetector<Integer> watching(int peers) {
        return watching(peers, POLICY);
    }

    private OutlierDetector<Integer> watching(int peers, OutlierPolicy policy) {
        OutlierDetector<Integer> detector = new OutlierDetector<>(policy);
        IntStream.range(0, peers).forEach(peer -> {
            detector.add(peer);
            detector.present(peer, true, now);
        });
        return detector;
    }

    private boolean fail(OutlierDetector<Integer> detector, int peer, int times) {
        return fail(detector, peer, times, 0);
    }

    private boolean fail(OutlierDetector<Integer> detector, int peer, int times, double random) {
        boolean out = false;
        for (int i = 0; i < times; i++) {
            out |= detector.onFailure(peer, now, random);
        }
        return out;
    }

    private void returned(OutlierDetector<Integer> detector, int peer) {
        fail(detector, peer, 3);
        now = detector.deadlineNanos();
        detector.onDeadline(now);
    }
}
