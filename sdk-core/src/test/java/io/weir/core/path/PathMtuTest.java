package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8899 section 5.2. */
class PathMtuTest {

    private static final long SECOND = 1_000_000_000L;

    private final PathMtu mtu = new PathMtu(1_472);
    private long number;

    @Test
    void beginsAtTheBaseAndRisesWithEachProbeThatArrives() {
        assertThat(mtu.bytes()).isEqualTo(1_200);
        assertThat(mtu.probeDue(0)).isEqualTo(1_452);
        mtu.onProbeSent(7, 1_452);
        assertThat(mtu.bytes()).as("not proved yet").isEqualTo(1_200);

        assertThat(mtu.onAcked(6, 1_200)).isFalse();
        assertThat(mtu.onAcked(7, 1_452)).isTrue();

        assertThat(mtu.bytes()).isEqualTo(1_452);
        assertThat(mtu.probeDue(0)).isEqualTo(1_472);
    }

    @Test
    void oneProbeIsUnderWayAtATime() {
        mtu.onProbeSent(0, mtu.probeDue(0));
        assertThat(mtu.probeDue(SECOND)).isZero();
        mtu.onLost(0, 1_452);
        assertThat(mtu.probeDue(SECOND)).isEqualTo(1_452);
    }

    /** Section 3, item 7: the loss of a probe is no sign of congestion; of any other packet it is. */
    @Test
    void aLostProbeIsNoCongestion() {
        mtu.onProbeSent(0, mtu.probeDue(0));
        assertThat(mtu.onLost(0, 1_452)).isFalse();
        assertThat(mtu.onLost(1, 1_200)).isTrue();
    }

    /** PMTU_RAISE_TIMER, section 5.1.1: 600 s. */
    @Test
    void searchesAgainAfterTenMinutes() {
        searchOn(1_200, 0);
        assertThat(mtu.bytes()).isEqualTo(1_200);
        assertThat(mtu.probeDue(600 * SECOND - 1)).isZero();

        searchOn(1_472, 600 * SECOND);
        assertThat(mtu.bytes()).isEqualTo(1_472);
        assertThat(mtu.probeDue(5_000 * SECOND)).as("nothing more to win").isZero();
    }

    @Test
    void aProbeMayArriveAfterItWasTakenToBeLost() {
        mtu.onProbeSent(3, mtu.probeDue(0));
        mtu.onLost(3, 1_452);

        assertThat(mtu.onAcked(3, 1_452)).isTrue();
        assertThat(mtu.bytes()).isEqualTo(1_452);
    }

    /** Section 4.3: back to the base, which is known to pass. */
    @Test
    void goesBackToTheBaseWhenThePathBecomesABlackHole() {
        searchOn(1_472, 0);
        for (int i = 0; i < 2; i++) {
            mtu.onLost(number++, 1_472);
            assertThat(mtu.onFeedbackEnd(SECOND)).isFalse();
        }
        mtu.onLost(number++, 1_472);
        assertThat(mtu.onFeedbackEnd(SECOND)).isTrue();

        assertThat(mtu.bytes()).isEqualTo(1_200);
        assertThat(mtu.probeDue(61 * SECOND - 1)).isZero();
        searchOn(1_452, 61 * SECOND);
        assertThat(mtu.bytes()).isEqualTo(1_452);
    }

    @Test
    void isNoBlackHoleWhileLargeOnesArrive() {
        searchOn(1_472, 0);
        for (int i = 0; i < 50; i++) {
            mtu.onAcked(number + 1, 1_472);
            mtu.onLost(number, 1_472);
            number += 2;
            assertThat(mtu.onFeedbackEnd(SECOND)).isFalse();
        }
        assertThat(mtu.bytes()).isEqualTo(1_472);
    }

    @Test
    void whatTheSystemRefusesEndsTheSearchThere() {
        assertThat(mtu.probeDue(0)).isEqualTo(1_452);
        assertThat(mtu.onRefused(1_452, 0)).isFalse();
        assertThat(mtu.probeDue(0)).isEqualTo(1_326);
    }

    /** What the system did not send was not lost on the way: that is no congestion, and no sign of a black hole. */
    @Test
    void theLossOfWhatTheSystemHasRefusedSaysNothing() {
        List<Long> refused = searchOnInterface(1_272);
        assertThat(refused).hasSizeGreaterThan(BlackHoleDetector.THRESHOLD);

        for (long probe : refused) {
            mtu.onAcked(number++, 1_200);
            assertThat(mtu.onLost(probe, 1_273)).isFalse();
            assertThat(mtu.onFeedbackEnd(SECOND)).isFalse();
        }

        assertThat(mtu.bytes()).isBetween(1_272 - MtuSearch.LEAST_GAIN, 1_272);
        assertThat(mtu.onLost(number, 1_200)).as("others are lost").isTrue();
    }

    /** Probes that are larger are refused at once, and told to be lost later. */
    private List<Long> searchOnInterface(int takes) {
        List<Long> refused = new ArrayList<>();
        for (int size = mtu.probeDue(0); size != 0; size = mtu.probeDue(0)) {
            mtu.onProbeSent(number, size);
            if (size > takes) {
                assertThat(mtu.onRefused(size, 0)).isFalse();
                refused.add(number);
            } else {
                mtu.onAcked(number, size);
            }
            number++;
        }
        return refused;
    }

    @Test
    void whatIsRefusedIsKeptWithinABound() {
        for (long probe = 0; probe < 1_000; probe++) {
            mtu.onProbeSent(probe, 1_452);
            mtu.onRefused(1_452, 0);
        }

        long kept = LongStream.range(0, 1_000)
                .filter(probe -> !mtu.onLost(probe, 1_452))
                .count();
        assertThat(kept).isEqualTo(32);
    }

    @Test
    void goesBackToTheBaseWhenTheSystemRefusesWhatItTook() {
        searchOn(1_472, 0);
        assertThat(mtu.onRefused(1_472, SECOND)).isTrue();
        assertThat(mtu.bytes()).isEqualTo(1_200);
        assertThat(mtu.onRefused(1_200, SECOND)).as("no smaller one").isFalse();
        assertThat(mtu.bytes()).isEqualTo(1_200);
    }

    @Test
    void takesTheLimitsOfUdp() {
        assertThat(new PathMtu(1_200).probeDue(0)).isZero();
        assertThat(new PathMtu(65_507).probeDue(0)).isEqualTo(1_452);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_199, 65_508})
    void refusesALimitThatUdpHasNot(int limit) {
        assertThatThrownBy(() -> new PathMtu(limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit is " + limit + "; legal: 1200 to 65507");
    }

    private void searchOn(int path, long nowNanos) {
        for (int size = mtu.probeDue(nowNanos); size != 0; size = mtu.probeDue(nowNanos)) {
            long probe = number++;
            mtu.onProbeSent(probe, size);
            if (size <= path) {
                mtu.onAcked(probe, size);
            } else {
                mtu.onLost(probe, size);
            }
            assertThat(mtu.onFeedbackEnd(nowNanos)).isFalse();
        }
    }

    @Test
    void searchesAtOnceWhenThePeerTellsThatItTakesMore() {
        PathMtu small = new PathMtu(1_200);
        assertThat(small.probeDue(0)).isZero();

        small.onLimit(1_400);

        assertThat(small.probeDue(1)).isBetween(1_201, 1_400);
        assertThat(small.bytes()).isEqualTo(1_200);
    }
}
