package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9000 section 13.4.2 and appendix A.4. */
class EcnValidationTest {

    private final EcnValidation ecn = new EcnValidation();
    private long next;

    /** Appendix A.4: ten packets are marked, and no more before their marks are known to arrive. */
    @Test
    void tenPacketsAreMarkedToTryIt() {
        assertThat(send(12)).isEqualTo(10);
    }

    @Test
    void allAreMarkedOnceTheCountsFit() {
        send(12);
        acked(0, 2);
        assertThat(ecn.onFeedback(1, 2, 0, 0)).isFalse();
        assertThat(send(100)).isEqualTo(100);
    }

    /** Section 13.4.2.1: the CE count increases, which is congestion (RFC 9002 section 7.1), once for each increase. */
    @Test
    void marksOfThePathAreCongestion() {
        send(10);
        acked(0, 3);
        assertThat(ecn.onFeedback(2, 1, 0, 2)).isTrue();
        acked(3, 4);
        assertThat(ecn.onFeedback(3, 2, 0, 2)).isFalse();
        acked(4, 5);
        assertThat(ecn.onFeedback(4, 2, 0, 3)).isTrue();
    }

    /** Fewer marks than marked packets acknowledged: something on the way has erased them. */
    @Test
    void failsWhereMarksVanish() {
        send(10);
        acked(0, 3);
        assertThat(ecn.onFeedback(2, 2, 0, 0)).isFalse();
        failed();
    }

    /** Peers that know nothing of marks count none. */
    @Test
    void failsWhereThePeerCountsNone() {
        send(10);
        acked(0, 10);
        assertThat(ecn.onFeedback(9, 0, 0, 0)).isFalse();
        failed();
    }

    /** ECT(1) is never sent: something on the way has made it so. */
    @Test
    void failsWhereMarksAreOfAnotherKind() {
        send(10);
        acked(0, 2);
        assertThat(ecn.onFeedback(1, 2, 1, 0)).isFalse();
        failed();
    }

    @Test
    void failsWhereMoreIsCountedThanWasSent() {
        send(10);
        acked(0, 2);
        assertThat(ecn.onFeedback(1, 5, 0, 6)).isFalse();
        failed();
    }

    @Test
    void failsWhereCountsFall() {
        send(10);
        acked(0, 4);
        ecn.onFeedback(3, 2, 0, 2);
        acked(4, 5);
        assertThat(ecn.onFeedback(4, 4, 0, 1)).isFalse();
        failed();
    }

    /** Appendix A.4: whatever drops marked packets must not go on doing so. */
    @Test
    void failsWhereAllMarkedPacketsAreLost() {
        send(10);
        for (long number = 0; number < 9; number++) {
            ecn.onLost(number);
        }
        assertThat(ecn.mark()).as("waits for the last one").isFalse();
        ecn.onLost(9);
        acked(9, 10);
        assertThat(ecn.onFeedback(9, 1, 0, 0)).isFalse();
        failed();
    }

    @Test
    void aLossAmongThoseThatArriveIsNone() {
        send(10);
        for (long number = 0; number < 9; number++) {
            ecn.onLost(number);
        }
        acked(9, 10);
        ecn.onFeedback(9, 1, 0, 0);
        assertThat(send(5)).isEqualTo(5);
        ecn.onLost(10);
        assertThat(send(5)).isEqualTo(5);
    }

    /** Section 13.4.2.1: no failure by a frame that does not increase the largest packet acknowledged; it came late. */
    @Test
    void aLateFeedbackSaysNothing() {
        send(10);
        acked(0, 4);
        ecn.onFeedback(3, 4, 0, 0);
        assertThat(ecn.onFeedback(1, 1, 0, 1)).isFalse();
        assertThat(ecn.onFeedback(3, 1, 0, 1)).isFalse();
        // And what it has newly acknowledged counts with the next.
        acked(4, 6);
        assertThat(ecn.onFeedback(3, 4, 0, 0)).isFalse();
        acked(6, 7);
        ecn.onFeedback(6, 6, 0, 0);
        failed();
    }

    /** A packet that arrived and whose acknowledgement was lost is counted before it is known here. */
    @Test
    void moreMayBeCountedThanIsAcknowledged() {
        send(10);
        acked(5, 6);
        assertThat(ecn.onFeedback(5, 6, 0, 0)).isFalse();
        assertThat(send(1)).isEqualTo(1);
    }

    /** Section 13.4.2: each path is tried by itself; counts go on. */
    @Test
    void anotherPathIsTriedAnew() {
        send(12);
        acked(0, 10);
        ecn.onFeedback(11, 10, 0, 0);
        send(3);
        ecn.onNewPath(next);
        assertThat(send(12)).isEqualTo(10);

        // What went the old way proves nothing, and is no loss of the new one.
        acked(12, 14);
        assertThat(ecn.onFeedback(13, 12, 0, 0)).isFalse();
        assertThat(send(1)).isZero();
        for (int i = 0; i < 10; i++) {
            ecn.onLost(14);
        }

        acked(15, 16);
        assertThat(ecn.onFeedback(15, 12, 0, 1)).isTrue();
        assertThat(send(5)).isEqualTo(5);
    }

    @Test
    void whatHasFailedIsNotTriedOnAnotherPath() {
        send(10);
        acked(0, 1);
        ecn.onFeedback(0, 0, 0, 0);
        ecn.onNewPath(next);
        failed();
    }

    private void failed() {
        assertThat(send(20)).as("marked").isZero();
        assertThat(ecn.onFeedback(Long.MAX_VALUE, 0, 0, Long.MAX_VALUE)).isFalse();
    }

    private int send(int packets) {
        int marks = 0;
        for (int i = 0; i < packets; i++) {
            next++;
            marks += ecn.mark() ? 1 : 0;
        }
        return marks;
    }

    private void acked(long from, long to) {
        for (long number = from; number < to; number++) {
            ecn.onAcked(number);
        }
    }
}
