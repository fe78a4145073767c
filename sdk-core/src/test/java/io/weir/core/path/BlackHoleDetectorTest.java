package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 8899 section 4.3, third indicator: excessive loss of data sent with a specific packet size. */
class BlackHoleDetectorTest {

    private static final int SMALL = 1_200;
    private static final int MIDDLE = 1_300;
    private static final int LARGE = 1_472;

    private final BlackHoleDetector detector = new BlackHoleDetector(SMALL);
    private long number;

    @Test
    void threeTimesOnlyLargePacketsAreLost() {
        assertThat(feedback(SMALL, LARGE)).isFalse();
        assertThat(feedback(SMALL, LARGE)).isFalse();
        assertThat(feedback(SMALL, LARGE)).isTrue();
    }

    @Test
    void manyOfOneFeedbackCountOnce() {
        for (int i = 0; i < 100; i++) {
            detector.onLost(number++, LARGE);
        }
        assertThat(detector.onFeedbackEnd()).isFalse();
        assertThat(detector.onFeedbackEnd()).as("no further one was lost").isFalse();
        assertThat(detector.onFeedbackEnd()).isFalse();
    }

    @Test
    void congestionLosesSmallOnesToo() {
        for (int i = 0; i < 100; i++) {
            detector.onLost(number++, LARGE);
            detector.onLost(number++, SMALL);
            assertThat(detector.onFeedbackEnd()).isFalse();
        }
    }

    @Test
    void aLargeOneThatWasSentLaterAndArrivesClearsThePath() {
        feedback(SMALL, LARGE);
        feedback(SMALL, LARGE);
        detector.onAcked(number++, LARGE);
        assertThat(feedback(SMALL, LARGE)).isFalse();
        assertThat(feedback(SMALL, LARGE)).isFalse();
        assertThat(feedback(SMALL, LARGE)).isTrue();
    }

    @Test
    void aLargeOneThatWasSentEarlierDoesNot() {
        long early = number++;
        feedback(SMALL, LARGE);
        feedback(SMALL, LARGE);
        detector.onAcked(early, LARGE);
        assertThat(feedback(SMALL, LARGE)).isTrue();
    }

    @Test
    void largeOnesThatArrivedBeforeSayNothing() {
        detector.onAcked(number++, LARGE);
        feedback(SMALL, LARGE);
        feedback(SMALL, LARGE);
        assertThat(feedback(SMALL, LARGE)).isTrue();
    }

    /** What is found lost late, of a size of which a later one has arrived already. */
    @Test
    void aSuspicionDoesNotReachBehindWhatHasArrived() {
        detector.onAcked(2, MIDDLE);
        detector.onLost(0, LARGE);
        detector.onFeedbackEnd();
        detector.onLost(1, MIDDLE);
        detector.onFeedbackEnd();
        number = 3;
        assertThat(feedback(MIDDLE, LARGE)).isFalse();
        assertThat(feedback(MIDDLE, LARGE)).isTrue();
    }

    @Test
    void whatArrivesBehindASuspicionIsSeenThoughSomethingLargerArrivedBefore() {
        detector.onAcked(0, LARGE);
        detector.onLost(1, LARGE);
        detector.onFeedbackEnd();
        detector.onAcked(3, MIDDLE);
        detector.onLost(2, MIDDLE);
        detector.onFeedbackEnd();
        number = 4;
        assertThat(feedback(MIDDLE, LARGE)).isFalse();
        assertThat(feedback(MIDDLE, LARGE)).isTrue();
    }

    /** The path has shrunk to 1,300 bytes: that these arrive says nothing for the others. */
    @Test
    void aSmallerOneThatArrivesDoesNot() {
        feedback(MIDDLE, LARGE);
        feedback(MIDDLE, LARGE);
        assertThat(feedback(MIDDLE, LARGE)).isTrue();
    }

    @Test
    void whatIsLostBetweenLargeOnesThatArriveIsNotSuspect() {
        for (int i = 0; i < 100; i++) {
            detector.onLost(number++, LARGE);
            detector.onAcked(number++, LARGE);
            assertThat(detector.onFeedbackEnd()).isFalse();
        }
    }

    /** 30 % of all packets are lost, whatever their size. */
    @Test
    void neverSuspectsAPathThatOnlyLoses() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            BlackHoleDetector each = new BlackHoleDetector(SMALL);
            for (long n = 0; n < 20_000; n += 20) {
                for (long in = n; in < n + 20; in++) {
                    if (random.nextInt(10) < 7) {
                        each.onAcked(in, LARGE);
                    } else {
                        each.onLost(in, LARGE);
                    }
                }
                assertThat(each.onFeedbackEnd())
                        .as("seed %d, packet %d", seed, n)
                        .isFalse();
            }
        }
    }

    private boolean feedback(int arrives, int lost) {
        detector.onLost(number++, lost);
        detector.onAcked(number++, arrives);
        return detector.onFeedbackEnd();
    }
}
