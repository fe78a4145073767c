package io.weir.reactive.session.packet;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;

/**
 * Merges the lanes of a session into packets. What controls goes first; then messages take half of a packet where halves have
 * data too, all of it otherwise; the halves share the rest in turn, by weight. Loop-confined.
 */
final class PacketLanes {

    /** Cost that a stream of weight 1 may send before the next one's turn: a packet or so. */
    private static final int QUANTUM = 1_024;

    private final Lanes lanes;
    private final DeficitRoundRobin<FrameWriter> halves = new DeficitRoundRobin<>(QUANTUM);

    PacketLanes(Lanes lanes) {
        this.lanes = lanes;
    }

    /** This half may have elements. */
    void join(HalfLane half) {
        halves.activate(half);
    }

    /** This half has ended. */
    void leave(HalfLane half) {
        halves.remove(half);
    }

    /** Writes until the packet is full, or no lane has anything to say now. */
    void fill(FrameWriter packet) {
        int most = packet.position() + packet.remaining();
        lanes.begin();
        lanes.control(packet);
        lanes.messages(packet, halves.isEmpty() ? most : most / 2);
        if (!packet.isFull()) {
            halves.fill(packet);
            lanes.controlBehindHalves(packet);
        }
        lanes.messages(packet, most);
        lanes.complete(packet);
    }

    /** END was filled in, once or more. */
    boolean isFinished() {
        return lanes.isFinished();
    }
}
