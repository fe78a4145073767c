package io.weir.core.stream;

import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.VarInt;

/**
 * The frames of one receiving half: WINDOW, with what may be granted, and STOP. Writes those that the half owes, and tells
 * which of those that were written still say what is true. PROTOCOL section 4, "Grants" and "Ends".
 */
final class ReceiveFrames {

    /** Room that a record must have for {@link #write}. */
    static final int MOST_BYTES = 2 + 6 * VarInt.MAX_LENGTH;

    private final ReceiveHalf half;
    private long stopCode;

    ReceiveFrames(ReceiveHalf half) {
        this.half = half;
    }

    // ---- what is due

    /** WINDOW with what may be granted by then. */
    void grant() {
        if (!half.isDueAnew(ControlNode.WINDOW)) {
            half.owe(ControlNode.WINDOW);
            half.queue();
        }
    }

    /** STOP in place of all grants, as soon as the peer has opened its half. */
    void stop(long raw) {
        stopCode = raw;
        half.done(ControlNode.WINDOW);
        half.settled(ControlNode.WINDOW);
        if (half.handle() != 0) {
            stop();
        }
    }

    /** The STOP of a half that was stopped before the peer had opened it. */
    void stop() {
        half.owe(ControlNode.STOP);
        half.queue();
    }

    /** STOP with this code, unless one is due already. */
    void refuse(long raw) {
        if (!half.isDue(ControlNode.STOP)) {
            stopCode = raw;
            half.owe(ControlNode.STOP);
        }
        half.queue();
    }

    // ---- what is written

    /**
     * Writes those that are due, in a record with room for both.
     *
     * @return by how much WINDOW has raised the limit
     */
    long write(FrameWriter out) {
        long granted = 0;
        if (half.isDue(ControlNode.WINDOW)) {
            Intake intake = half.intake();
            long before = intake.limit();
            half.written(out, ControlNode.WINDOW, intake.writeWindow(out, half.handle()));
            granted = intake.limit() - before;
        }
        if (half.isDue(ControlNode.STOP)) {
            out.stop(half.handle(), half.stream().isRefused(), stopCode);
            half.written(out, ControlNode.STOP, refusal());
        }
        return granted;
    }

    /** As {@link ControlNode#isCurrent}. */
    boolean isCurrent(int what, long argument) {
        return argument == (what == ControlNode.STOP ? refusal() : half.intake().toldWindow());
    }

    long stopCode() {
        return stopCode;
    }

    /** Tells a STOP that refuses the stream from one that does not. */
    private int refusal() {
        return half.stream().isRefused() ? 1 : 0;
    }
}
