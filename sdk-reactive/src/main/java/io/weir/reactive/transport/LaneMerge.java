package io.weir.reactive.transport;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * Merges the lanes of a session, for a {@link Carrier} that carries all of them in records or packets. What controls goes first; then
 * messages take half of a record where halves have data too, all of it otherwise; the halves share the rest in turn, by weight. A
 * message that begins in the first half may end beyond it, which in a packet is most of it: once messages are ahead by half a record,
 * the halves have the next one first. Loop-confined.
 */
public final class LaneMerge {

    private final DeficitRoundRobin<FrameWriter> halves;

    /** Null before the start, and once the session is over. */
    private @Nullable Lanes lanes;

    /** Bytes that messages have had more than halves, since halves have had data: up to a record, either way. */
    private int messagesAhead;

    /** @param quantum cost that a stream of weight 1 may send before the next one's turn */
    public LaneMerge(int quantum) {
        halves = new DeficitRoundRobin<>(quantum);
    }

    /** The session has something to say from now on. */
    public void start(Lanes source) {
        lanes = source;
    }

    /** The session has nothing to say any more. */
    public void close() {
        lanes = null;
    }

    /** This half may have elements. */
    public void join(HalfLane half) {
        halves.activate(half);
    }

    /** This half has ended. */
    public void leave(HalfLane half) {
        halves.remove(half);
    }

    /** Writes until the record is full, or no lane has anything to say now. */
    public void fill(FrameWriter record) {
        Lanes source = lanes;
        if (source == null) {
            return;
        }
        int full = record.target();
        source.begin();
        source.control(record);
        boolean shared = !halves.isEmpty();
        if (!shared) {
            messagesAhead = 0;
        }
        if (messagesAhead < full / 2) {
            messages(source, record, shared ? full / 2 : full);
        }
        if (!record.isFull()) {
            int from = record.position();
            halves.fill(record);
            lead(from - record.position(), full);
            source.controlBehindHalves(record);
        }
        messages(source, record, full);
        source.complete(record);
    }

    private void messages(Lanes source, FrameWriter record, int upToPosition) {
        int from = record.position();
        source.messages(record, upToPosition);
        lead(record.position() - from, record.target());
    }

    private void lead(int bytes, int most) {
        messagesAhead = Math.max(-most, Math.min(messagesAhead + bytes, most));
    }

    /** END was written, in the last record or before. */
    public boolean isFinished() {
        Lanes source = lanes;
        return source != null && source.isFinished();
    }
}
