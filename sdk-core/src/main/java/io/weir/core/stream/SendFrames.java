package io.weir.core.stream;

import io.weir.core.credit.SendCredit;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.StreamFrame;

/**
 * The control frames of one sending half: OPEN, and behind it BLOCKED, CLOSE and RESET, of which the one that says most is
 * written and stands for the others. Writes those that the half owes, and tells which of those that were written still say
 * what is true. PROTOCOL section 4, "Ends".
 */
final class SendFrames {

    /** All but OPEN, which is before them. */
    static final int BEHIND_OPEN = ControlNode.BLOCKED | ControlNode.CLOSE | ControlNode.RESET | ControlNode.DATAGRAMS;

    /** Room for DATA that a packet must have beside a repeated OPEN. */
    private static final int ROOM_BESIDE_OPEN = 64;

    private final SendHalf half;
    private final SendCredit credit;
    private final Outlet outlet;
    private final DatagramPhase datagrams;
    /** Of CLOSE or RESET, whichever is to be written next or was written last. */
    private long code;
    /** Of CLOSE, and whether its credit was spent, which it is once, however often CLOSE is written. */
    private ErrorDetail detail = ErrorDetail.NONE;

    private boolean paid;
    /** Whether OPEN answers the peer's: a repeat says what the first has said. */
    private boolean answer;
    /** Bytes of OPEN, once it was written. */
    private int openBytes;

    SendFrames(SendHalf half, SendCredit credit, Outlet outlet, DatagramPhase datagrams) {
        this.half = half;
        this.credit = credit;
        this.outlet = outlet;
        this.datagrams = datagrams;
    }

    /** What CLOSE or RESET says if one is to be written. */
    void code(long raw) {
        code = raw;
    }

    long code() {
        return code;
    }

    /** What CLOSE says beyond its code. */
    void detail(ErrorDetail said) {
        detail = said;
    }

    /** Whether CLOSE may have to wait for credit. */
    boolean hasToPay() {
        return !paid && detail.cost() > 0;
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

    /** Writes OPEN again, in front of DATA; false if there is no room for both. */
    boolean writeOpenBeside(FrameWriter out) {
        int from = out.position();
        boolean written = out.remaining() >= openBytes + ROOM_BESIDE_OPEN && writeOpenAgain(out, half.handle());
        out.markCompanion(from);
        return written;
    }

    private boolean writeOpenAgain(FrameWriter out, long number) {
        int before = out.position();
        boolean room = out.write(half.stream().ownOpen(number, answer));
        if (room) {
            openBytes = out.position() - before;
            half.written(out, ControlNode.OPEN, 0);
        }
        return room;
    }

    private boolean writeBehindOpen(FrameWriter out) {
        if (half.isDue(ControlNode.RESET)) {
            return written(out, out.reset(half.handle(), code), ControlNode.RESET);
        }
        if (half.isDue(ControlNode.DATAGRAMS)) {
            if (!datagrams.write(out)) {
                return false; // it belongs in front of what counts the half's bytes
            }
            half.written(out, ControlNode.DATAGRAMS, 0);
        }
        if (half.isDue(ControlNode.CLOSE) && canPay()) {
            return written(out, writeClose(out), ControlNode.CLOSE);
        }
        boolean room = !half.isDue(ControlNode.BLOCKED) || out.blocked(half.handle(), credit.limit(), credit.sent());
        if (room && half.isDue(ControlNode.BLOCKED)) {
            half.written(out, ControlNode.BLOCKED, credit.limit());
        }
        return room;
    }

    /** It stands for BLOCKED too, and RESET for CLOSE. */
    private boolean written(FrameWriter out, boolean room, int what) {
        if (room) {
            half.done(BEHIND_OPEN);
            half.settled(ControlNode.BLOCKED);
            half.written(out, what, 0);
        }
        return room;
    }

    /** Whether there is credit for the detail; one that exceeds the whole window is left out, else BLOCKED is due. */
    private boolean canPay() {
        if (!hasToPay() || credit.fits(detail.cost())) {
            return true;
        }
        if (detail.cost() > credit.window()) {
            detail = detail.withoutContent();
            return true;
        }
        half.isBlockedAnew();
        return false;
    }

    private boolean writeClose(FrameWriter out) {
        int cost = paid ? 0 : detail.cost();
        long finalOffset = credit.sent() + cost;
        if (out.write(new StreamFrame.Close(half.handle(), finalOffset, outlet.elements(), code, detail))) {
            credit.spend(cost);
            paid = true;
            return true;
        }
        if (cost == 0 || !out.isBare()) {
            return false;
        }
        detail = detail.withoutContent(); // no record has room for it
        return writeClose(out);
    }
}
