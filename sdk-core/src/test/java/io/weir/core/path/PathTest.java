package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PathTest {

    private static final long MILLI = 1_000_000L;
    private static final PathSettings SMALL = PathSettings.defaults().withMaxDatagramBytes(1_200);

    private final PacketRttEstimator rtt = new PacketRttEstimator(25 * MILLI);
    private Path path = new Path(SMALL, rtt, 100, 0);
    private long next = 100;

    @Test
    void aNewPathIsAsTheRfcLaysItDown() {
        PathStats stats = path.stats(7);
        assertThat(stats).isEqualTo(new PathStats(333 * MILLI, 333 * MILLI, 12_000, 0, 0, 0, 7, 1_200, 72_072));
    }

    /** RFC 9002 section 7: no packet that would make bytes in flight larger than the window. */
    @Test
    void sendsNoMoreThanTheWindow() {
        assertThat(path.sendableBytes(0)).isEqualTo(12_000);
        send(9, 0);
        assertThat(path.sendableBytes(0)).isEqualTo(1_200);
        send(1, 0);
        assertThat(path.sendableBytes(0)).isZero();
        assertThat(path.readyNanos(0)).as("only a FEEDBACK changes that").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void asksToWaitForItsTurnWhileTheWindowHasRoom() {
        send(10, 0);
        acknowledge(100, 10, 20 * MILLI);
        send(10, 20 * MILLI); // 10 more than the initial window, at 20 ms
        assertThat(path.stats(0).congestionWindowBytes()).isEqualTo(12_000); // nothing was held back
        send(1, 20 * MILLI);
        assertThat(path.sendableBytes(20 * MILLI)).isZero();
    }

    /** A packet of the old path has no effect on the new one but for being counted (RFC 9002 section 7, RFC 9000 section 9.4). */
    @Test
    void packetsOfAnotherPathAreNothingToIt() {
        send(10, 0);
        PathStats before = path.stats(0);

        path.onRoundTrip(99, MILLI, 0);
        path.onAcked(99, 1_200, false, MILLI);
        path.onLost(98, 1_200);
        path.onPersistentLoss();
        path.onMarked();
        path.onSpuriousLoss(98);
        path.onFeedbackEnd(MILLI);

        assertThat(path.stats(0))
                .usingRecursiveComparison()
                .ignoringFields("lostPackets")
                .isEqualTo(before);
        assertThat(path.stats(0).lostPackets()).as("counted all the same").isEqualTo(1);
    }

    @Test
    void anotherIpAddressIsAnotherPath() {
        send(10, 0);
        acknowledge(100, 5, 20 * MILLI);

        assertThat(path.after(PathMove.NEW_PORT, next, 21 * MILLI)).isSameAs(path);
        assertThat(path.after(PathMove.NONE, next, 21 * MILLI)).isSameAs(path);
        Path other = path.after(PathMove.NEW_IP, next, 21 * MILLI);
        assertThat(other.stats(0))
                .usingRecursiveComparison()
                .ignoringFields("sentPackets")
                .isEqualTo(newPath(SMALL).stats(0));
    }

    @Test
    void countsOverAllPathsThatAPeerHasHad() {
        send(10, 0);
        path.onLost(100, 1_200);
        path.onFeedbackEnd(20 * MILLI);

        Path other = path.after(PathMove.NEW_IP, next, 21 * MILLI);
        other.onSent(next, 1_200, 22 * MILLI);
        other.onLost(101, 1_200); // sent to where the peer was
        other.onFeedbackEnd(40 * MILLI);

        PathStats stats = other.stats(0);
        assertThat(stats.sentPackets()).isEqualTo(11);
        assertThat(stats.lostPackets()).isEqualTo(2);
        assertThat(stats.congestionWindowBytes())
                .as("the new path has lost nothing")
                .isEqualTo(12_000);
    }

    @Test
    void aLossReducesTheWindowAndIsCounted() {
        path = new Path(SMALL.withTolerance(false), rtt, 100, 0);
        send(10, 0);
        path.onLost(100, 1_200);
        path.onFeedbackEnd(20 * MILLI);

        assertThat(path.stats(0).congestionWindowBytes()).isEqualTo(8_400);
        assertThat(path.stats(0).bytesInFlight()).isEqualTo(10_800);
        assertThat(path.stats(0).lostPackets()).isEqualTo(1);

        path.onAcked(100, 1_200, true, 25 * MILLI);
        path.onSpuriousLoss(100);
        path.onFeedbackEnd(25 * MILLI);
        assertThat(path.stats(0).congestionWindowBytes()).isEqualTo(12_000);
        assertThat(path.stats(0).bytesInFlight()).as("it was settled before").isEqualTo(10_800);
    }

    @Test
    void aLossThatChanceExplainsReducesNothing() {
        send(10, 0);
        path.onLost(100, 1_200);
        path.onFeedbackEnd(20 * MILLI);

        assertThat(path.stats(0).congestionWindowBytes()).isEqualTo(12_000);
        assertThat(path.stats(0).lostPackets()).isEqualTo(1);
    }

    /** 24 ms where 20 are the least, twice: five sixths of the window fill the path, and more than CUBIC's 0.7 stay. */
    @Test
    void aLossBesideAShortQueueReducesTheWindowToWhatFillsThePath() {
        send(10, 0);
        acknowledge(100, 2, 20 * MILLI);
        path.onRoundTrip(102, 24 * MILLI, 0);
        path.onFeedbackEnd(40 * MILLI);
        path.onRoundTrip(103, 24 * MILLI, 0);
        path.onFeedbackEnd(50 * MILLI);
        long before = path.stats(0).congestionWindowBytes();
        path.onLost(104, 1_200);
        path.onFeedbackEnd(51 * MILLI);

        assertThat(path.stats(0).congestionWindowBytes()).isCloseTo(before * 5 / 6, within(before / 100));
    }

    /** 24 ms where 20 are the least, of which the peer has held its acknowledgement back for 4: nothing has waited. */
    @Test
    void aLossBesideAnAcknowledgementThatWasHeldBackReducesNothing() {
        send(10, 0);
        acknowledge(100, 2, 20 * MILLI);
        path.onRoundTrip(102, 24 * MILLI, 4 * MILLI);
        path.onFeedbackEnd(40 * MILLI);
        path.onRoundTrip(103, 24 * MILLI, 4 * MILLI);
        path.onFeedbackEnd(50 * MILLI);
        long before = path.stats(0).congestionWindowBytes();
        path.onLost(104, 1_200);
        path.onFeedbackEnd(51 * MILLI);

        assertThat(path.stats(0).congestionWindowBytes()).isEqualTo(before);
    }

    @Test
    void marksReduceTheWindow() {
        send(10, 0);
        path.onAcked(100, 1_200, false, 20 * MILLI);
        path.onMarked();
        path.onFeedbackEnd(20 * MILLI);
        assertThat(path.stats(0).congestionWindowBytes()).isEqualTo(8_400);
    }

    @Test
    void persistentLossCollapsesTheWindowAndForgetsTheLeastRoundTrip() {
        send(10, 0);
        acknowledge(100, 1, 20 * MILLI);
        path.onRoundTrip(101, 50 * MILLI, 0);
        path.onLost(101, 1_200);
        path.onPersistentLoss();
        path.onFeedbackEnd(5_000 * MILLI);

        assertThat(path.stats(0).congestionWindowBytes()).isEqualTo(2_400);
        assertThat(path.stats(0).minRttNanos()).isEqualTo(50 * MILLI);
    }

    @Test
    void aProbeOfTheMtuCountsInFlightAndItsLossIsNoCongestion() {
        Path large = newPath(PathSettings.defaults());
        assertThat(large.mtuProbeDue(0)).isEqualTo(1_452);
        large.onMtuProbeSent(0, 1_452, 0);
        assertThat(large.stats(0).bytesInFlight()).isEqualTo(1_452);

        large.onLost(0, 1_452);
        large.onFeedbackEnd(20 * MILLI);

        assertThat(large.stats(0).congestionWindowBytes()).isEqualTo(12_000);
        assertThat(large.stats(0).bytesInFlight()).isZero();
    }

    @Test
    void aProbeThatArrivesMakesDatagramsLarger() {
        Path large = newPath(PathSettings.defaults());
        large.onMtuProbeSent(0, large.mtuProbeDue(0), 0);
        large.onAcked(0, 1_452, false, 20 * MILLI);
        large.onFeedbackEnd(20 * MILLI);

        assertThat(large.datagramBytes()).isEqualTo(1_452);
        assertThat(large.stats(0).congestionWindowBytes()).isEqualTo(14_520);

        large.onRefused(1_452, 20 * MILLI);
        assertThat(large.datagramBytes()).isEqualTo(1_200);
    }

    @Test
    void aProbeOfTheMtuWaitsForTheWindow() {
        Path large = newPath(PathSettings.defaults());
        for (int i = 0; i < 9; i++) {
            large.onSent(i, 1_200, 0);
        }
        assertThat(large.mtuProbeDue(0)).isZero();
    }

    @Test
    void refusesSettingsThatCannotBe() {
        assertThatThrownBy(() -> SMALL.withMaxDatagramBytes(1_199))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxDatagramBytes is 1199; legal: 1200 to 65507");
    }

    private void send(int packets, long nowNanos) {
        for (int i = 0; i < packets; i++) {
            path.onSent(next++, 1_200, nowNanos);
        }
    }

    private void acknowledge(long first, int packets, long nowNanos) {
        path.onRoundTrip(first + packets - 1, nowNanos, 0);
        for (long number = first; number < first + packets; number++) {
            path.onAcked(number, 1_200, false, nowNanos);
        }
        path.onFeedbackEnd(nowNanos);
    }

    private static Path newPath(PathSettings settings) {
        return new Path(settings, new PacketRttEstimator(25 * MILLI), 0, 0);
    }
}
