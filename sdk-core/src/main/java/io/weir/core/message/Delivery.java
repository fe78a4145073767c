package io.weir.core.message;

import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import java.util.BitSet;

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
final class Delivery implements FrameOwner {

    private static final int PACKET = 0;

    private final SendLane lane;
    private final Outgoing message;
    private final int numPackets;
    private final long deadlineNanos;
    private final BitSet here;
    private final BitSet lost;
    private boolean over;

    /** @param deadlineNanos until when its answer is waited for, which packet 0 says also when nobody waits any more */
    Delivery(SendLane lane, Outgoing message, int numPackets, long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
        this.lane = lane;
        this.message = message;
        this.numPackets = numPackets;
        this.here = new BitSet(numPackets);
        this.lost = new BitSet(numPackets);
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    Outgoing message() {
        return message;
    }

    /** A packet was written, for the first time or again. */
    void onWritten(FrameWriter out, int packet) {
        lost.clear(packet);
        out.note(this, PACKET, packet);
    }

    /** Writes a packet that was lost; false if there is no room for it. */
    boolean writeLost(FrameWriter out) {
        int packet = lost.nextSetBit(0);
        if (!message.writePacketAgain(out, packet)) {
            return false;
        }
        onWritten(out, packet);
        return true;
    }

    /** Whether packets are to be written again. */
    boolean hasLost() {
        return !over && !lost.isEmpty();
    }

    /** Nothing of it is to be written any more. */
    void end() {
        over = true;
        lost.clear();
    }

    @Override
    public void onAcked(int what, long packet) {
        if (over) {
            return;
        }
        here.set((int) packet);
        lost.clear((int) packet);
        if (here.cardinality() == numPackets) {
            lane.onDelivered(message);
        }
    }

    @Override
    public void onLost(int what, long packet) {
        if (!over && !here.get((int) packet) && !lost.get((int) packet)) {
            boolean queued = hasLost();
            lost.set((int) packet);
            if (!queued) {
                lane.onLost(this);
            }
        }
    }
}
