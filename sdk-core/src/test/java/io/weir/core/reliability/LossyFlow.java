package io.weir.core.reliability;

import io.weir.core.error.ErrorCode;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.wire.LinkFrame.Feedback;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A flow of payloads over a way that loses, delays, reorders and doubles packets and feedback, in its own time. */
final class LossyFlow implements LossRecovery.Listener<Integer> {

    /**
     * What the way does.
     *
     * @param loss of a packet or a feedback, 0 to 1
     * @param jitterNanos what is added to the delay at random: more than the gap between packets reorders them
     * @param deafUntilNanos all feedback is lost until then
     */
    record Way(double loss, double doubled, long delayNanos, long jitterNanos, long deafUntilNanos) {}

    private record Event(long atNanos, long order, Runnable action) {}

    private static final long ACK_DELAY = FeedbackSchedule.MAX_DELAY_NANOS;
    private static final int WINDOW = 200;

    private final Random random;
    private final Way way;
    private final int payloads;
    private final long gapNanos;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private final PacketRttEstimator rtt = new PacketRttEstimator(ACK_DELAY);
    private final LossRecovery<Integer> recovery = new LossRecovery<>(512, rtt, ACK_DELAY, this);
    private final Queue<Integer> due = new ArrayDeque<>();
    private final AckRanges came = new AckRanges(32);
    private final FeedbackSchedule schedule = new FeedbackSchedule(ACK_DELAY);

    final ReceiveSequencer<Integer> order = new ReceiveSequencer<>(ReceiveSequencer.MOST);
    final List<Integer> delivered = new ArrayList<>();
    int sent;
    int feedbacks;
    int spurious;
    long now;
    private int next;
    private long made;
    private long wakeAt = Long.MAX_VALUE;

    LossyFlow(long seed, Way way, int payloads, long gapNanos) {
        this.random = new Random(seed);
        this.way = way;
        this.payloads = payloads;
        this.gapNanos = gapNanos;
        at(0, this::sendOne);
    }

    boolean complete() {
        return next == payloads && due.isEmpty() && recovery.waiting() == 0;
    }

    /** Runs until all is acknowledged, or so long. */
    void run(long limitNanos) {
        while (!complete() && now < limitNanos) {
            Event event = events.remove();
            now = event.atNanos;
            event.action.run();
            arm();
        }
    }

    @Override
    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
        rtt.onSample(rttNanos, ackDelayNanos);
    }

    @Override
    public void onAcknowledged(long number, Integer packet, int bytes, boolean wasLost) {}

    @Override
    public void onSpuriousLoss(long number) {
        spurious++;
    }

    @Override
    public void onDue(Integer packet) {
        due.add(packet);
    }

    private void sendOne() {
        @Nullable Integer payload = due.poll();
        if (payload == null && next < payloads && recovery.waiting() < WINDOW) {
            payload = next++;
        }
        if (payload != null) {
            sent++;
            int carried = payload;
            long number = recovery.onSent(carried, 1_000, true, now);
            cross(() -> receive(number, carried));
        }
        if (!complete()) {
            at(now + gapNanos, this::sendOne);
        }
    }

    private void receive(long number, int payload) {
        AckRanges.Arrival arrival = came.onReceived(number, now);
        schedule.onReceived(arrival, true, now);
        if (arrival != AckRanges.Arrival.REPEAT && order.accept(payload, payload) == ReceiveSequencer.Turn.NOW) {
            delivered.add(payload);
            for (Integer more = order.poll(); more != null; more = order.poll()) {
                delivered.add(more);
            }
        }
        tell();
        if (schedule.hasDeadline()) {
            at(schedule.deadlineNanos(), this::tell);
        }
    }

    private void tell() {
        if (schedule.isDue(now)) {
            schedule.onTold();
            feedbacks++;
            Feedback feedback = came.feedback(32, now);
            if (now >= way.deafUntilNanos) {
                cross(() -> hear(feedback));
            }
        }
    }

    private void hear(Feedback feedback) {
        ErrorCode bad = recovery.onFeedback(feedback, now);
        if (bad != null) {
            throw new AssertionError(feedback + " is " + bad);
        }
    }

    private void cross(Runnable arrival) {
        for (int copies = random.nextDouble() < way.doubled ? 2 : 1; copies > 0; copies--) {
            if (random.nextDouble() >= way.loss) {
                at(now + way.delayNanos + (long) (random.nextDouble() * way.jitterNanos), arrival);
            }
        }
    }

    private void arm() {
        if (recovery.hasDeadline() && recovery.deadlineNanos() < wakeAt) {
            wakeAt = Math.max(now, recovery.deadlineNanos());
            at(wakeAt, () -> {
                wakeAt = Long.MAX_VALUE;
                recovery.onDeadline(now);
            });
        }
    }

    private void at(long nanos, Runnable action) {
        events.add(new Event(nanos, made++, action));
    }
}
