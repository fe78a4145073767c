package io.weir.core.stream;

import io.weir.core.credit.SendCredit;
import io.weir.core.wire.FrameWriter;

/**
 * The control frames of one sending half: OPEN, and behind it BLOCKED, CLOSE and RESET, of which the one that says most is
 * written and stands for the others. Writes those that the half owes, and tells which of those that were written still say
 * what is true. PROTOCOL section 4, "Ends".
 */
final class SendFrames {

    /** All but OPEN, which is before them. */
    static final int BEHIND_OPEN = ControlNode.BLOCKED | ControlNode.CLOSE | ControlNode.RESET;

    private final SendHalf half;
    private final SendCredit credit;
    private final Outlet outlet;
    /** Of CLOSE or RESET, whichever is to be written next or was written last. */
    private long code;
    /** Whether OPEN answers the peer's: a repeat says what the first has said. */
    private boolean answer;

    SendFrames(SendHalf half, SendCredit credit, Outlet outlet) {
        this.half = half;
        this.credit = credit;
        this.outlet = outlet;
    }

    /** What CLOSE or RESET says if one is to be written. */
    void code(long raw) {
        code = raw;
    }

    long code() {
        return code;
    }

    /** Writes OPEN for the first time; false if the record has no room for it. */
    boolean writeOpen(FrameWriter out, long number) {
        answer = half.stream().answers();
        return writeOpenAgain(out, number);
    }

    /** Writes those that are due; false if the record has no room for all. */
    boolean write(FrameWriter out) {
        return (!half.isDue(ControlNode.OPEN) || writeOpenAgain(out, half.handle()))
                && (!half.isDue(BEHIND_OPEN) || writeBehindOpen(out));
    }

    /** As {@link ControlNode#isCurrent}. */
    boolean isCurrent(int what, long argument) {
        if (what == ControlNode.BLOCKED) {
            return argument == credit.limit();
        }
        // CLOSE that was lost needs no repeat once RESET says more
        return what != ControlNode.CLOSE || !half.isDue(ControlNode.RESET) && !half.isUnacked(ControlNode.RESET);
    }

    private boolean writeOpenAgain(FrameWriter out, long number) {
        boolean room = out.write(half.stream().ownOpen(number, answer));
        if (room) {
            half.written(out, ControlNode.OPEN, 0);
        }
        return room;
    }

    private boolean writeBehindOpen(FrameWriter out) {
        int what = half.isDue(ControlNode.RESET)
                ? ControlNode.RESET
                : half.isDue(ControlNode.CLOSE) ? ControlNode.CLOSE : ControlNode.BLOCKED;
        boolean room = switch (what) {
            case ControlNode.RESET -> out.reset(half.handle(), code);
            case ControlNode.CLOSE -> out.close(half.handle(), credit.sent(), outlet.elements(), code);
            default -> out.blocked(half.handle(), credit.limit(), credit.sent());
        };
        if (room) {
            half.done(BEHIND_OPEN);
            half.written(out, what, what == ControlNode.BLOCKED ? credit.limit() : 0);
        }
        return room;
    }
}
