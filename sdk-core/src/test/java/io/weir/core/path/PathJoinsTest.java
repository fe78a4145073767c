package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a path tells its parts, and in which order. */
class PathJoinsTest {

    private static final long MILLI = 1_000_000L;
    private static final int DATAGRAM = 1_200;

    private final RecordingController controller = new RecordingController();
    private final PacketRttEstimator rtt = new PacketRttEstimator(0);
    private Path path = path(1_200);

    @BeforeEach
    void measured() {
        rtt.onSample(100 * MILLI, 0);
        path.onFeedbackEnd(0); // 1.25 x 10,000 bytes in 100 ms: a datagram each 9.6 ms
        controller.told.clear();
    }

    @Test
    void theWindowLessWhatIsInFlightIsWhatMayGo() {
        assertThat(path.sendableBytes(0)).isEqualTo(9_600);
        send(0, 3);
        assertThat(path.sendableBytes(0)).isEqualTo(6_000);
        controller.windowBytes = 4_000; // reduced
        assertThat(path.sendableBytes(0)).isZero();
        controller.windowBytes = 1_000;
        assertThat(path.sendableBytes(0)).as("less than what is in flight").isZero();
        path.onAcked(0, DATAGRAM, false, 0);
        path.onLost(1, DATAGRAM);
        controller.windowBytes = 3_600;
        assertThat(path.sendableBytes(0)).isEqualTo(2_400);
    }

    @Test
    void theControllerHearsWhatBecomesOfPackets() {
        send(5, 3);
        path.onRoundTrip(6, 180 * MILLI, 0);
        path.onAcked(6, DATAGRAM, false, 100 * MILLI);
        path.onLost(5, DATAGRAM);
        path.onPersistentLoss();
        path.onMarked();
        path.onFeedbackEnd(100 * MILLI);
        path.onAcked(5, DATAGRAM, true, 110 * MILLI);
        path.onSpuriousLoss(5);
        path.onMarked();
        path.onFeedbackEnd(110 * MILLI);
        path.onMarked();
        path.onFeedbackEnd(120 * MILLI);

        assertThat(controller.told)
                .containsExactly(
                        "sent 5 behind 0",
                        "sent 6 behind 1200",
                        "sent 7 behind 2400",
                        "round trip 180000000 110000000",
                        "acked 6 limited",
                        "PERSISTENT_LOSS 5",
                        "ECN 6",
                        "LOSS 5",
                        "spurious 5",
                        "ECN 5");
    }

    @Test
    void onlyTheLargestThatIsLostIsTold() {
        send(0, 5);
        path.onLost(3, DATAGRAM);
        path.onLost(1, DATAGRAM);
        path.onFeedbackEnd(0);
        path.onFeedbackEnd(0);
        assertThat(controller.told).endsWith("sent 4 behind 4800", "LOSS 3");
    }

    @Test
    void whatFillsTheWindowIsNotLimitedByTheApplication() {
        send(0, 8);
        assertThat(path.sendableBytes(0)).isZero();
        path.onAcked(0, DATAGRAM, false, 0);
        send(8, 1);
        path.onAcked(7, DATAGRAM, false, 0);
        path.onAcked(8, DATAGRAM, false, 0);

        assertThat(controller.told).contains("acked 0", "acked 7", "acked 8 limited");
    }

    @Test
    void thePacerHoldsBackWhatTheWindowWouldAllow() {
        controller.windowBytes = 30_000;
        send(0, 10); // all that the bucket holds
        assertThat(path.sendableBytes(0)).isZero();
        assertThat(path.readyNanos(0)).isBetween(9_600_000L, 9_600_001L);
        assertThat(path.sendableBytes(9_600_001L)).isEqualTo(DATAGRAM);
        path.onSent(10, DATAGRAM, 9_600_001L);

        path.onFeedbackEnd(9_600_001L); // three times the window, so three times the rate
        assertThat(path.readyNanos(9_600_001L)).isBetween(12_800_000L, 12_800_003L);
    }

    @Test
    void aBlackHoleMakesDatagramsSmallerForAll() {
        path = path(1_472);
        raise(0, 1_452);
        raise(1, 1_472);
        controller.told.clear();
        for (int number = 2; number < 5; number++) {
            path.onSent(number, 1_472, 0);
            path.onLost(number, 1_472);
            path.onFeedbackEnd(0);
        }
        assertThat(path.datagramBytes()).isEqualTo(1_200);
        assertThat(controller.told).endsWith("LOSS 4", "datagrams of 1200");
        assertThat(path.mtuProbeDue(0)).isZero();
    }

    @Test
    void whatTheSystemRefusesMakesDatagramsSmallerForAll() {
        path = path(1_472);
        raise(0, 1_452);
        assertThat(path.sendableBytes(1_000 * MILLI) % 1_452).isZero();

        path.onRefused(1_472, 0);
        assertThat(controller.told).endsWith("datagrams of 1452", "acked 0 limited");
        path.onRefused(1_452, 0);

        assertThat(controller.told).endsWith("datagrams of 1200");
        assertThat(path.sendableBytes(1_000 * MILLI)).isEqualTo(9_600);
    }

    private void raise(long number, int bytes) {
        assertThat(path.mtuProbeDue(0)).isEqualTo(bytes);
        path.onMtuProbeSent(number, bytes, 0);
        path.onAcked(number, bytes, false, 0);
        path.onFeedbackEnd(0);
    }

    private void send(long first, int packets) {
        for (long number = first; number < first + packets; number++) {
            path.onSent(number, DATAGRAM, 0);
        }
    }

    private Path path(int maxDatagramBytes) {
        return new Path(new PathSettings(maxDatagramBytes, bytes -> controller, false), rtt, 0, 0);
    }
}
