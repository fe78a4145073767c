package io.weir.reactive.session.carrier;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;

/**
 * Merges the lanes of a session into records. What controls goes first; then messages take half of a record where halves have
 * data too, all of it otherwise; the halves share the rest in turn, by weight. Loop-confined.
 */
final class LaneMerge {

    /** Cost that a stream of weight 1 may send before the next one's turn. */
    private static final int QUANTUM = 8 * 1024;

    private final Lanes lanes;
    private final DeficitRoundRobin<FrameWriter> halves = new DeficitRoundRobin<>(QUANTUM);

    LaneMerge(Lanes lanes) {
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

    /** Writes until the record is full, or no lane has anything to say now. */
    void fill(FrameWriter record) {
        lanes.begin();
        lanes.control(record);
        lanes.messages(record, halves.isEmpty() ? FrameWriter.RECORD_TARGET : FrameWriter.RECORD_TARGET / 2);
        if (!record.isFull()) {
            halves.fill(record);
            lanes.controlBehindHalves(record);
        }
        lanes.messages(record, FrameWriter.RECORD_TARGET);
        lanes.complete(record);
    }

    /** The last record was filled. */
    boolean isFinished() {
        return lanes.isFinished();
    }
}
