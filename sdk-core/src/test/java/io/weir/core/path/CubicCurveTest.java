package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

/** The figures of RFC 9438, worked out by hand, for datagrams of 1,000 bytes. */
class CubicCurveTest {

    private static final int DATAGRAM = 1_000;
    private static final long SECOND = 1_000_000_000L;
    /** So short that W(t + RTT) is W(t), and so late an acknowledgement of a whole window that it is reached at once. */
    private static final long NO_RTT = 1;

    /** Section 4.2: K = cubic root of ((1,000 - 700) / 0.4) = 9.0856 s; W(K) = W_max. */
    @Test
    void isBackAtTheLastMaximumAfterK() {
        CubicCurve curve = new CubicCurve();
        curve.onCongestion(1_000 * DATAGRAM);
        double begin = curve.next(700 * DATAGRAM, 0, DATAGRAM, NO_RTT, 0);
        assertThat(begin).isEqualTo(700 * DATAGRAM);

        double k = StrictMath.cbrt(750);
        long atK = (long) (k * SECOND);
        assertThat(whole(curve, 700, atK)).isCloseTo(1_000 * DATAGRAM, withPercentage(0.001));
        // W(K - 2) = 1,000 - 0.4 x 8 and W(K + 2) = 1,000 + 0.4 x 8: concave before, convex after (sections 4.4, 4.5).
        assertThat(whole(curve, 700, atK - 2 * SECOND)).isCloseTo(996.8 * DATAGRAM, withPercentage(0.001));
        assertThat(whole(curve, 700, atK + 2 * SECOND)).isCloseTo(1_003.2 * DATAGRAM, withPercentage(0.001));
    }

    /** Section 4.4: (target - cwnd) / cwnd for each segment, the target being where the curve is a round trip later. */
    @Test
    void approachesWhereTheCurveIsOneRoundTripLater() {
        CubicCurve curve = new CubicCurve();
        curve.onCongestion(1_000 * DATAGRAM);
        curve.next(700 * DATAGRAM, 0, DATAGRAM, SECOND / 10, 0);

        double after = curve.next(700 * DATAGRAM, DATAGRAM, DATAGRAM, SECOND / 10, SECOND);

        double beyondK = 1.1 - StrictMath.cbrt(750);
        double target = 1_000 + 0.4 * beyondK * beyondK * beyondK;
        assertThat(after / DATAGRAM).isCloseTo(700 + (target - 700) / 700, offset(1e-6));
    }

    /** Section 4.2: the target is at most 1.5 x cwnd, at least cwnd. */
    @Test
    void growsByNoMoreThanHalfInARoundTripAndNeverShrinks() {
        CubicCurve curve = new CubicCurve();
        curve.onCongestion(1_000 * DATAGRAM);
        curve.next(700 * DATAGRAM, 0, DATAGRAM, NO_RTT, 0);

        assertThat(whole(curve, 700, 100 * SECOND)).isEqualTo(1_050 * DATAGRAM);
        assertThat(whole(curve, 5_000, SECOND)).isEqualTo(5_000 * DATAGRAM);
    }

    /**
     * Section 4.3: W_est grows by 3 x (1 - 0.7) / (1 + 0.7) = 0.529 for each window acknowledged, and by 1 once it is where
     * the threshold was set. With a small window and a short round trip the cubic curve is far below.
     */
    @Test
    void isNeverSlowerThanReno() {
        CubicCurve curve = new CubicCurve();
        curve.onCongestion(10 * DATAGRAM);
        double window = 7 * DATAGRAM;
        int rounds = 0;
        while (window < 10 * DATAGRAM) {
            window = curve.next(window, (int) window, DATAGRAM, 1_000_000, rounds * 1_000_000L);
            rounds++;
            assertThat(window).isCloseTo((7 + rounds * 9 / 17.0) * DATAGRAM, offset(1.0));
        }
        assertThat(rounds).isEqualTo(6);
        double before = window;
        window = curve.next(window, (int) window, DATAGRAM, 1_000_000, rounds * 1_000_000L);
        assertThat(window - before).isCloseTo(DATAGRAM, offset(1.0));
    }

    /** Section 4.7: a window that did not reach the last maximum sets the next one to (1 + 0.7) / 2 of itself. */
    @Test
    void releasesBandwidthWhenItsMaximumFalls() {
        CubicCurve curve = new CubicCurve();
        curve.onCongestion(1_000 * DATAGRAM);
        curve.onCongestion(900 * DATAGRAM);
        curve.next(630 * DATAGRAM, 0, DATAGRAM, NO_RTT, 0);
        // W_max = 765, K = cubic root of (135 / 0.4) = 6.96 s
        long atK = (long) (StrictMath.cbrt(337.5) * SECOND);
        assertThat(whole(curve, 630, atK)).isCloseTo(765 * DATAGRAM, withPercentage(0.001));
        assertThat(whole(curve, 630, atK - 2 * SECOND)).isCloseTo(761.8 * DATAGRAM, withPercentage(0.001));

        // And one that is beyond it is the maximum itself.
        curve.onCongestion(800 * DATAGRAM);
        curve.next(560 * DATAGRAM, 0, DATAGRAM, NO_RTT, 0);
        atK = (long) (StrictMath.cbrt(600) * SECOND);
        assertThat(whole(curve, 560, atK)).isCloseTo(800 * DATAGRAM, withPercentage(0.001));
    }

    /** Sections 4.8 and 4.10: K = 0 and W_max = cwnd at the beginning, after a collapse and after slow start. */
    @Test
    void beginsAtItsOwnWindowWhereThereIsNoMaximum() {
        CubicCurve afterSlowStart = new CubicCurve();
        CubicCurve afterCollapse = new CubicCurve();
        afterCollapse.onCongestion(1_000 * DATAGRAM);
        afterCollapse.onPersistentLoss();
        for (CubicCurve curve : new CubicCurve[] {afterSlowStart, afterCollapse}) {
            curve.next(500 * DATAGRAM, 0, DATAGRAM, NO_RTT, 0);
            assertThat(whole(curve, 500, 5 * SECOND)).isCloseTo(550 * DATAGRAM, withPercentage(0.001));
        }
    }

    /** Sections 4.2 and 5.8: t does not include what was spent without enough to send. */
    @Test
    void timeWithoutEnoughToSendDoesNotCount() {
        CubicCurve curve = new CubicCurve();
        curve.next(500 * DATAGRAM, 0, DATAGRAM, NO_RTT, 0);
        curve.next(500 * DATAGRAM, 0, DATAGRAM, NO_RTT, 2 * SECOND);

        curve.pause(50 * SECOND);
        curve.pause(100 * SECOND);

        // 2 s before the pause and 3 s after it
        assertThat(whole(curve, 500, 103 * SECOND)).isCloseTo(550 * DATAGRAM, withPercentage(0.001));
    }

    /** A change of the datagrams' size in the midst of a stage: no jump, and the maximum in bytes is kept. */
    @Test
    void anotherSizeOfDatagramsBeginsTheStageAnew() {
        CubicCurve curve = new CubicCurve();
        curve.onCongestion(1_000 * DATAGRAM);
        curve.next(700 * DATAGRAM, 0, DATAGRAM, NO_RTT, 0);

        curve.onDatagramBytes();

        assertThat(curve.next(700 * DATAGRAM, 0, 2 * DATAGRAM, NO_RTT, SECOND)).isEqualTo(700 * DATAGRAM);
        long atK = SECOND + (long) (StrictMath.cbrt(375) * SECOND);
        assertThat(whole(curve, 700, 2 * DATAGRAM, atK)).isCloseTo(1_000 * DATAGRAM, withPercentage(0.001));
    }

    /** The window after a whole window was acknowledged at once: that which the curve is at, one way or the other. */
    private static double whole(CubicCurve curve, int datagrams, long nowNanos) {
        return whole(curve, datagrams, DATAGRAM, nowNanos);
    }

    private static double whole(CubicCurve curve, int thousands, int datagramBytes, long nowNanos) {
        double window = thousands * 1_000.0;
        return new CubicCurve(curve).next(window, (int) window, datagramBytes, NO_RTT, nowNanos);
    }
}
