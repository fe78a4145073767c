package io.weir.core.path.simulation;

import io.weir.core.reliability.AckRanges;
import io.weir.core.reliability.FeedbackSchedule;
import io.weir.core.wire.LinkFrame.Feedback;
import java.util.function.Consumer;

/** Acknowledges as a session does. What it sends back is never lost. */
final class Receiver {

    private static final int RANGES = 64;

    private final Clock clock;
    private final long delayNanos;
    private final Consumer<Feedback> feedbackOut;
    private final AckRanges ranges = new AckRanges(RANGES);
    private final FeedbackSchedule schedule = new FeedbackSchedule(FeedbackSchedule.MAX_DELAY_NANOS);
    private long ect0;
    private long ce;
    private long bytes;
    private long timer;

    Receiver(Clock clock, long delayNanos, Consumer<Feedback> feedbackOut) {
        this.clock = clock;
        this.delayNanos = delayNanos;
        this.feedbackOut = feedbackOut;
    }

    void onPacket(Packet packet) {
        bytes += packet.bytes;
        ce += packet.ce ? 1 : 0;
        ect0 += packet.ect && !packet.ce ? 1 : 0;
        schedule.onReceived(ranges.onReceived(packet.number, clock.nowNanos()), true, clock.nowNanos());
        acknowledgeIfDue();
    }

    /** All that has arrived. */
    long bytes() {
        return bytes;
    }

    private void acknowledgeIfDue() {
        if (schedule.isDue(clock.nowNanos())) {
            Feedback feedback = ranges.feedback(AckRanges.MOST, clock.nowNanos());
            Feedback marked = new Feedback(feedback.ranges(), feedback.delayMicros(), ect0, 0, ce);
            schedule.onTold();
            clock.at(clock.nowNanos() + delayNanos, () -> feedbackOut.accept(marked));
        } else if (schedule.hasDeadline()) {
            long armed = ++timer;
            clock.at(schedule.deadlineNanos(), () -> {
                if (armed == timer) {
                    acknowledgeIfDue();
                }
            });
        }
    }
}
