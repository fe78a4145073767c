package io.weir.core.message;

import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;

/**
 * How much of a message the peer is known to have, where packets may be lost: until that is all of it the message is under way
 * and its body is kept, and packets that were lost are written again. There is none on carriers that lose nothing.
 *
 * <pre>
 *   a packet: written --acked--&gt; here
 *                |  ^              ^
 *           lost |  | again        | acked, late
 *                v  |              |
 *               lost --------------+
 * </pre>
 */
abstract sealed class Delivery implements FrameOwner permits DeliveryInOne, DeliveryInParts {

    private static final int PACKET = 0;

    private final SendLane lane;
    private final Outgoing message;
    private final long deadlineNanos;
    private boolean over;

    /** @param deadlineNanos until when its answer is waited for, which packet 0 says also when nobody waits any more */
    Delivery(SendLane lane, Outgoing message, long deadlineNanos) {
        this.lane = lane;
        this.message = message;
        this.deadlineNanos = deadlineNanos;
    }

    /** Of a message in so many packets. */
    static Delivery of(SendLane lane, Outgoing message, int numPackets, long deadlineNanos) {
        return numPackets == 1
                ? new DeliveryInOne(lane, message, deadlineNanos)
                : new DeliveryInParts(lane, message, numPackets, deadlineNanos);
    }

    final long deadlineNanos() {
        return deadlineNanos;
    }

    final Outgoing message() {
        return message;
    }

    /** A packet was written, for the first time or again. */
    final void onWritten(FrameWriter out, int packet) {
        clearLost(packet);
        out.note(this, PACKET, packet);
    }

    /** Writes a packet that was lost; false if there is no room for it. */
    final boolean writeLost(FrameWriter out) {
        int packet = firstLost();
        if (!message.writePacketAgain(out, packet)) {
            return false;
        }
        onWritten(out, packet);
        return true;
    }

    /** Whether packets are to be written again. */
    final boolean hasLost() {
        return !over && firstLost() >= 0;
    }

    /** Nothing of it is to be written any more. */
    final void end() {
        over = true;
    }

    @Override
    public final void onAcked(int what, long packet) {
        if (over) {
            return;
        }
        clearLost((int) packet);
        if (noteHere((int) packet)) {
            lane.onDelivered(message);
        }
    }

    @Override
    public final void onLost(int what, long packet) {
        if (over) {
            return;
        }
        boolean queued = hasLost();
        if (noteLost((int) packet) && !queued) {
            lane.onLost(this);
        }
    }

    /** The peer has that packet; returns whether it has all of them. */
    abstract boolean noteHere(int packet);

    /** That packet is lost; false if the peer has it, or it was known. */
    abstract boolean noteLost(int packet);

    /** That packet is not to be written again. */
    abstract void clearLost(int packet);

    /** The first packet that is to be written again; negative if there is none. */
    abstract int firstLost();
}
