package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class ReliabilityHotPathTest implements LossRecovery.Listener<byte[]> {

    private static final int BATCH = 32;
    private static final int BATCHES = 2_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final PacketRttEstimator rtt = new PacketRttEstimator(25_000_000);
    private final LossRecovery<byte[]> recovery = new LossRecovery<>(1_024, rtt, 25_000_000, this);
    private final AckRanges came = new AckRanges(64);
    private final FeedbackSchedule schedule = new FeedbackSchedule(25_000_000);
    private final ReceiveSequencer<byte[]> order = new ReceiveSequencer<>(64);
    private final byte[] packet = new byte[16];
    private long acknowledged;
    private long now;

    @Override
    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
        rtt.onSample(rttNanos, ackDelayNanos);
    }

    @Override
    public void onAcknowledged(long number, byte[] arrived, int bytes, boolean wasLost) {
        acknowledged++;
    }

    @Override
    public void onDue(byte[] lost) {
        throw new AssertionError("lost");
    }

    /** Only what a FEEDBACK is made of is allocated: less than 8 bytes for each packet. */
    @Test
    void packetsAreSentReceivedOrderedAndAcknowledgedWithoutAllocating() {
        for (int i = 0; i < BATCHES; i++) {
            batch();
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < BATCHES; i++) {
            batch();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(acknowledged).isEqualTo(2L * BATCHES * BATCH);
        assertThat(allocated).as("bytes for %d packets", BATCHES * BATCH).isLessThan(8L * BATCHES * BATCH);
    }

    private void batch() {
        for (int i = 0; i < BATCH; i += 2) {
            now += 1_000;
            long first = recovery.onSent(packet, 16, true, now);
            long second = recovery.onSent(packet, 16, true, now);
            receive(second);
            receive(first);
        }
        long largest = came.largest();
        recovery.onFeedback(
                new Feedback(List.of(new PacketRange(largest - BATCH + 1, largest)), 0, 0, 0, 0), now + 1_000);
    }

    private void assertThatOneFollows() {
        if (order.poll() == null) {
            throw new AssertionError("the one that came before is not here");
        }
    }

    private void receive(long number) {
        AckRanges.Arrival arrival = came.onReceived(number, now);
        schedule.onReceived(arrival, true, now);
        if (order.accept(number, packet) == ReceiveSequencer.Turn.NOW) {
            assertThatOneFollows();
        }
    }
}
