package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A peer that says anything, in bytes of FEEDBACK frames: nothing is thrown, each packet has one fate, and what was never sent
 * is found out. The oracle is three sets of numbers.
 */
class LossRecoveryFuzzTest implements LossRecovery.Listener<Long> {

    private static final int CAPACITY = 64;
    private static final long DELAY = 25_000_000;

    private final Set<Long> sent = new HashSet<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private final Set<Long> lost = new HashSet<>();
    private final Set<Long> due = new HashSet<>();
    private PacketRttEstimator rtt = new PacketRttEstimator(DELAY);
    private int waiting;

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Stream.of(new byte[] {20, 0, 10, 0x0B, 5, 0, 5, 0, 0, 0, 0}),
                LongStream.range(0, 60).mapToObj(LossRecoveryFuzzTest::script));
    }

    /** Mostly what a peer may say; each step is a number of packets, a time in 2 ms and the length of a frame. */
    private static byte[] script(long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        long sent = 0;
        for (int step = 0; step < 30; step++) {
            int packets = random.nextInt(12);
            sent += packets;
            script.write(packets);
            script.write(random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(20));
            FrameWriter frame = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
            if (sent > 0) {
                frame.write(new Feedback(ranges(random, sent + (random.nextInt(99) == 0 ? 9 : 0)), 0, 0, 0, 0));
            }
            script.write(frame.position());
            script.write(frame.array(), 0, frame.position());
        }
        return script.toByteArray();
    }

    private static List<PacketRange> ranges(Random random, long sent) {
        List<PacketRange> ranges = new ArrayList<>();
        long last = sent - 1 - random.nextInt(3);
        while (last >= 0 && ranges.size() < 9) {
            long first = Math.max(0, last - random.nextInt(8));
            ranges.add(new PacketRange(first, last));
            last = first - 2 - random.nextInt(4);
        }
        return ranges.isEmpty() ? List.of(new PacketRange(0, 0)) : ranges;
    }

    @MethodSource("seeds")
    @FuzzTest
    void operations(byte[] script) {
        sent.clear();
        acknowledged.clear();
        lost.clear();
        due.clear();
        waiting = 0;
        rtt = new PacketRttEstimator(DELAY);
        LossRecovery<Long> recovery = new LossRecovery<>(CAPACITY, rtt, DELAY, this);
        Set<Long> skipped = new HashSet<>();
        FrameReader reader = new FrameReader();
        long now = 0;
        for (int at = 0; at + 3 <= script.length; ) {
            now += (script[at + 1] & 0xFF) * 2_000_000L;
            int packets = script[at] & 0x1F;
            for (int i = 0; i < packets; i++) {
                send(recovery, script[at + 2] + i, skipped, now);
            }
            recovery.onDeadline(now);
            int length = Math.min(script[at + 2] & 0x3F, script.length - at - 3);
            reader.reset(script, at + 3, length);
            Feedback feedback = feedback(reader);
            at += 3 + length;
            if (feedback != null) {
                ErrorCode bad = recovery.onFeedback(feedback, now);
                if (bad != null) {
                    assertThat(bad).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
                    assertThat(feedback.largest() >= recovery.nextNumber() || names(feedback, skipped))
                            .isTrue();
                    return;
                }
                assertThat(feedback.largest()).isLessThan(recovery.nextNumber());
            }
            assertThat(recovery.waiting()).isEqualTo(waiting).isLessThanOrEqualTo(CAPACITY);
            assertThat(recovery.bytesInFlight()).isBetween(10L * waiting, 10L * CAPACITY);
            assertThat(sent).containsAll(acknowledged);
        }
    }

    private void send(LossRecovery<Long> recovery, int kind, Set<Long> skipped, long now) {
        if (kind % 16 == 0) {
            skipped.add(recovery.skipNumber(now));
            return;
        }
        boolean eliciting = kind % 5 != 0;
        long number = recovery.nextNumber();
        sent.add(number);
        waiting += eliciting ? 1 : 0;
        if (!eliciting) {
            due.add(number); // nobody waits for it
        }
        assertThat(recovery.onSent(number, 10, eliciting, now)).isEqualTo(number);
    }

    private static @Nullable Feedback feedback(FrameReader reader) {
        if (reader.next() != FrameReader.Kind.FRAME) {
            return null;
        }
        Frame frame = reader.frame();
        return frame instanceof Feedback feedback ? feedback : null;
    }

    private static boolean names(Feedback feedback, Set<Long> skipped) {
        return skipped.stream()
                .anyMatch(number -> feedback.ranges().stream().anyMatch(range -> contains(range, number)));
    }

    private static boolean contains(PacketRange range, long number) {
        return range.first() <= number && number <= range.last();
    }

    @Override
    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
        assertThat(ackDelayNanos).isBetween(0L, DELAY + 1_000);
        rtt.onSample(rttNanos, ackDelayNanos);
    }

    @Override
    public void onAcknowledged(long number, Long packet, int bytes, boolean wasLost) {
        assertThat(packet).isEqualTo(number);
        assertThat(acknowledged.add(packet))
                .as("%d is acknowledged once", packet)
                .isTrue();
        assertThat(wasLost).isEqualTo(lost.contains(packet));
        waiting -= due.contains(packet) ? 0 : 1;
    }

    @Override
    public void onLost(long number, Long packet, int bytes) {
        assertThat(bytes).isEqualTo(10);
        assertThat(acknowledged).doesNotContain(number);
        assertThat(lost.add(number)).as("%d is lost once", number).isTrue();
    }

    @Override
    public void onDue(Long packet) {
        assertThat(acknowledged).doesNotContain(packet);
        assertThat(due.add(packet)).as("%d is due once", packet).isTrue();
        waiting--;
    }
}
