package io.weir.core.path.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Acknowledges as RFC 9000 section 13.2 asks for: every second packet, at once what is out of order or marked, all others
 * within 25 ms. What it sends back is never lost.
 */
final class Receiver {

    static final long MAX_ACK_DELAY_NANOS = 25_000_000L;

    private final Clock clock;
    private final long delayNanos;
    private final Consumer<Feedback> feedbackOut;
    private List<Packet> received = new ArrayList<>();
    private long expected;
    private long marks;
    private long bytes;
    private long largestReceivedNanos;
    private long timer;

    /** What is acknowledged: packets that were not acknowledged before. */
    record Feedback(List<Packet> packets, long ackDelayNanos, long marks) {}

    Receiver(Clock clock, long delayNanos, Consumer<Feedback> feedbackOut) {
        this.clock = clock;
        this.delayNanos = delayNanos;
        this.feedbackOut = feedbackOut;
    }

    void onPacket(Packet packet) {
        bytes += packet.bytes;
        marks += packet.marked ? 1 : 0;
        received.add(packet);
        boolean inOrder = packet.number == expected;
        if (packet.number >= expected) {
            expected = packet.number + 1;
            largestReceivedNanos = clock.nowNanos();
        }
        if (!inOrder || packet.marked || received.size() >= 2) {
            acknowledge();
        } else {
            long armed = ++timer;
            clock.at(clock.nowNanos() + MAX_ACK_DELAY_NANOS, () -> {
                if (armed == timer && !received.isEmpty()) {
                    acknowledge();
                }
            });
        }
    }

    /** All that has arrived. */
    long bytes() {
        return bytes;
    }

    private void acknowledge() {
        timer++;
        Feedback feedback = new Feedback(received, clock.nowNanos() - largestReceivedNanos, marks);
        received = new ArrayList<>();
        clock.at(clock.nowNanos() + delayNanos, () -> feedbackOut.accept(feedback));
    }
}
