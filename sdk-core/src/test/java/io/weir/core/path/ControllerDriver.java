package io.weir.core.path;

/** Sends and acknowledges whole windows, at a round trip that a test chooses. */
final class ControllerDriver {

    static final int DATAGRAM = 1_000;

    final CongestionController controller;
    long nowNanos;
    long next;
    private final long rttNanos;

    ControllerDriver(CongestionController controller, long rttNanos) {
        this.controller = controller;
        this.rttNanos = rttNanos;
        controller.onRoundTrip(rttNanos, rttNanos);
    }

    /** Sends so many packets; returns the number of the first. */
    long send(int packets) {
        long first = next;
        for (int i = 0; i < packets; i++) {
            controller.onSent(next++, i * (long) DATAGRAM + 1, nowNanos);
        }
        return first;
    }

    void ack(long from, long to) {
        for (long number = from; number < to; number++) {
            controller.onAcked(number, DATAGRAM, false, nowNanos);
        }
    }

    /** Sends a full window, all of which arrives one round trip later. */
    void round() {
        long first = send((int) (controller.windowBytes() / DATAGRAM));
        nowNanos += rttNanos;
        ack(first, next);
    }

    void rounds(int count) {
        for (int i = 0; i < count; i++) {
            round();
        }
    }

    /** One packet of a window is lost, and the others arrive. */
    void lossyRound() {
        long first = send((int) (controller.windowBytes() / DATAGRAM));
        nowNanos += rttNanos;
        controller.onCongestion(CongestionSignal.LOSS, first);
        ack(first + 1, next);
    }
}
