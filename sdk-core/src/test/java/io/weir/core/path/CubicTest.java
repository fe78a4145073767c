package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

class CubicTest {

    private static final int DATAGRAM = ControllerDriver.DATAGRAM;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long RTT = 100 * MILLI;

    private final ControllerDriver driver = new ControllerDriver(new Cubic(DATAGRAM), RTT);

    /** RFC 9438 section 4.2: K = cubic root of (1,280 x 0.3 / 0.4) = 9.87 s, so 99 round trips of 100 ms. */
    @Test
    void isBackAtTheLastMaximumAfterK() {
        driver.rounds(7);
        driver.lossyRound();
        assertThat(driver.controller.windowBytes()).isEqualTo(896 * DATAGRAM);

        driver.rounds(60);
        long concave = driver.controller.windowBytes();
        assertThat(concave).isBetween(1_250L * DATAGRAM, 1_270L * DATAGRAM);

        driver.rounds(40);
        assertThat(driver.controller.windowBytes()).isBetween(1_278L * DATAGRAM, 1_282L * DATAGRAM);
        driver.rounds(60);
        assertThat(driver.controller.windowBytes()).as("convex").isGreaterThan(1_350L * DATAGRAM);
    }

    /** Section 5.8: after ten idle minutes the window is where it was, and grows on from there. */
    @Test
    void anIdlePathKeepsItsPlaceOnTheCurve() {
        driver.rounds(7);
        driver.lossyRound();
        driver.rounds(20);
        long before = driver.controller.windowBytes();

        driver.nowNanos += 600 * SECOND;
        driver.controller.onSent(driver.next++, 0, driver.nowNanos);
        driver.round();

        assertThat(driver.controller.windowBytes() - before).isBetween(0L, 10L * DATAGRAM);
    }

    /** The same where a trickle went on meanwhile, too little for the window. */
    @Test
    void aTrickleKeepsItsPlaceOnTheCurve() {
        driver.rounds(7);
        driver.lossyRound();
        driver.rounds(20);
        long before = driver.controller.windowBytes();

        for (int i = 0; i < 6_000; i++) {
            long number = driver.send(1);
            driver.nowNanos += RTT;
            driver.controller.onAcked(number, DATAGRAM, true, driver.nowNanos);
        }
        driver.round();

        assertThat(driver.controller.windowBytes() - before).isBetween(0L, 10L * DATAGRAM);
    }

    /** Section 4.9.2: cwnd, ssthresh, W_max, K, t_epoch and W_est are as if nothing had been lost. */
    @Test
    void aSpuriousLossLeavesNoTraceInTheCurve() {
        ControllerDriver other = new ControllerDriver(new Cubic(DATAGRAM), RTT);
        for (ControllerDriver each : new ControllerDriver[] {driver, other}) {
            each.rounds(7);
            each.lossyRound();
            each.rounds(30);
        }

        long number = driver.send(1);
        driver.controller.onCongestion(CongestionSignal.LOSS, number);
        driver.controller.onSpuriousLoss(number);
        driver.rounds(100);
        other.rounds(100);

        assertThat(driver.controller.windowBytes()).isEqualTo(other.controller.windowBytes());
    }

    /** RFC 9406 section 4.2 and RFC 9438 section 4.10: growing delay ends slow start, and the curve begins at its window. */
    @Test
    void growingDelayEndsSlowStart() {
        CongestionController controller = driver.controller;
        long delay = RTT;
        long before = 0;
        long beforeThat = 0;
        for (int round = 0; controller.slowStart(); round++) {
            assertThat(round).isLessThan(12);
            beforeThat = before;
            before = controller.windowBytes();
            long first = driver.send((int) (before / DATAGRAM));
            driver.nowNanos += delay;
            for (long number = first; number < driver.next; number++) {
                controller.onRoundTrip(delay, delay);
                controller.onAcked(number, DATAGRAM, false, driver.nowNanos);
            }
            delay += round >= 2 ? 15 * MILLI : 0;
        }
        long left = controller.windowBytes();
        assertThat((double) before / beforeThat)
                .as("the last round was conservative")
                .isCloseTo(1.25, withPercentage(1));

        driver.round();

        assertThat(controller.windowBytes()).isBetween(left, left + 2 * DATAGRAM);
    }

    /** RFC 9438 section 4.8: K = 0 and W_max = cwnd, so growth is slow at first, though the maximum was far above. */
    @Test
    void afterACollapseTheCurveBeginsAtItsOwnWindow() {
        driver.rounds(7);
        driver.controller.onCongestion(CongestionSignal.PERSISTENT_LOSS, driver.send(1));
        while (driver.controller.slowStart()) {
            driver.round();
        }
        long before = driver.controller.windowBytes();
        assertThat(before).isGreaterThan(890 * DATAGRAM);

        driver.rounds(20);

        // 0.4 x (2.1 s)^3 = 3.7 datagrams by the curve, 20 by Reno
        assertThat(driver.controller.windowBytes() - before).isBetween(9L * DATAGRAM, 21L * DATAGRAM);
    }

    /** K is of datagrams: of twice as large ones there are half as many on the way back. */
    @Test
    void largerDatagramsAreTakenIntoTheCurve() {
        driver.rounds(7);
        driver.lossyRound();
        driver.rounds(5);

        driver.controller.onDatagramBytes(2 * DATAGRAM);
        driver.rounds(10);

        assertThat(driver.controller.windowBytes()).isBetween(1_020L * DATAGRAM, 1_090L * DATAGRAM);
    }

    /** RFC 9406 section 4.3: not in a later slow start, whose end is known. */
    @Test
    void growingDelayDoesNotEndALaterSlowStart() {
        CongestionController controller = driver.controller;
        driver.rounds(6);
        controller.onCongestion(CongestionSignal.PERSISTENT_LOSS, driver.send(640));
        long delay = RTT;
        int rounds = 0;
        while (controller.slowStart()) {
            long first = driver.send((int) (controller.windowBytes() / DATAGRAM));
            for (long number = first; number < driver.next; number++) {
                controller.onAcked(number, DATAGRAM, false, driver.nowNanos);
                controller.onRoundTrip(delay, delay);
            }
            driver.nowNanos += delay;
            delay += 20 * MILLI;
            rounds++;
        }
        // From 2 to 448 datagrams, doubling
        assertThat(rounds).isEqualTo(8);
    }
}
