package io.weir.core.message;

import java.util.BitSet;

/** Of a message in several packets. */
final class DeliveryInParts extends Delivery {

    private final int numPackets;
    private final BitSet here;
    private final BitSet lost;

    DeliveryInParts(SendLane lane, Outgoing message, int numPackets, long deadlineNanos) {
        super(lane, message, deadlineNanos);
        this.numPackets = numPackets;
        this.here = new BitSet(numPackets);
        this.lost = new BitSet(numPackets);
    }

    @Override
    boolean noteHere(int packet) {
        here.set(packet);
        return here.cardinality() == numPackets;
    }

    @Override
    boolean noteLost(int packet) {
        if (here.get(packet) || lost.get(packet)) {
            return false;
        }
        lost.set(packet);
        return true;
    }

    @Override
    void clearLost(int packet) {
        lost.clear(packet);
    }

    @Override
    int firstLost() {
        return lost.nextSetBit(0);
    }
}
