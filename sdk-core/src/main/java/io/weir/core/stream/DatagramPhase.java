package io.weir.core.stream;

import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.StreamFrame;

/**
 * How far a sending half goes by datagrams, on carriers that have them beside their streams: until an element does not fit one, and
 * then never again. The peer is told in the lane of control, in front of what counts the half's bytes, and in front of the half's
 * stream. Loop-confined. PROTOCOL section 4, "Order".
 *
 * <pre>
 *   NEVER: it is reliable, or there are none
 *   GOING --an element does not fit, or nobody takes one--&gt; LEFT --the first element of the stream--&gt; told there
 * </pre>
 */
final class DatagramPhase {

    private enum Phase {
        NEVER,
        GOING,
        LEFT
    }

    private final SendHalf half;
    private Phase phase = Phase.NEVER;
    private long limit = StreamFrame.Datagrams.OPEN_END;
    private boolean told;

    DatagramPhase(SendHalf half) {
        this.half = half;
    }

    /** Its elements go by datagrams, as long as they fit. */
    void begin() {
        phase = Phase.GOING;
        half.owe(ControlNode.DATAGRAMS);
    }

    boolean isGoing() {
        return phase == Phase.GOING;
    }

    /** From this offset on it uses its stream. */
    void leave(long offset) {
        phase = Phase.LEFT;
        limit = offset;
        half.oweDatagrams();
    }

    /** Says in the lane of control how far it goes; false if there is no room. */
    boolean write(FrameWriter out) {
        return out.write(new StreamFrame.Datagrams(half.handle(), limit));
    }

    /** Before an element goes into the half's stream: says there where it begins; false if there is no room. */
    boolean writeInStream(FrameWriter out) {
        boolean room = phase != Phase.LEFT || told || write(out);
        told |= room && phase == Phase.LEFT;
        return room;
    }
}
