package io.weir.reactive.session.packet;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import org.jspecify.annotations.Nullable;

/**
 * Merges the lanes of a session into packets. What controls goes first; then messages take half of a packet where halves have
 * data too, all of it otherwise; the halves share the rest in turn, by weight. Loop-confined.
 */
final class PacketLanes {

    /** Cost that a stream of weight 1 may send before the next one's turn: a packet or so. */
    private static final int QUANTUM = 1_024;

    private final DeficitRoundRobin<FrameWriter> halves = new DeficitRoundRobin<>(QUANTUM);

    /** Null before the start, and once the session is over. */
    private @Nullable Lanes lanes;

    /** The session has something to say from now on. */
    void start(Lanes source) {
        lanes = source;
    }

    /** The session has nothing to say any more. */
    void close() {
        lanes = null;
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
        Lanes source = lanes;
        if (source == null) {
            return;
        }
        int most = packet.position() + packet.remaining();
        source.begin();
        source.control(packet);
        source.messages(packet, halves.isEmpty() ? most : most / 2);
        if (!packet.isFull()) {
            halves.fill(packet);
            source.controlBehindHalves(packet);
        }
        source.messages(packet, most);
        source.complete(packet);
    }

    /** END was filled in, once or more. */
    boolean isFinished() {
        Lanes source = lanes;
        return source != null && source.isFinished();
    }
}
