package io.weir.core.message;

import io.weir.core.credit.SendCredit;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * What the peer allows one {@link SendLane} to send, and BLOCKED, which asks it for more: the counterpart of the peer's
 * {@link MessageWindow}.
 *
 * <p>BLOCKED is told once for each limit; where packets may be lost, again until the peer is known to have it or has raised
 * the limit.
 */
final class MessageCredit {

    private final long handle;
    private final SendCredit credit = new SendCredit(0);
    private long largest;
    /** The limit at which BLOCKED was told last; -1 if it is to be told again. */
    private long blockedAt = -1;
    /** The highest limit at which the peer is known to have BLOCKED. */
    private long blockedAcked = -1;

    /** @param handle of WINDOW and BLOCKED */
    MessageCredit(long handle) {
        this.handle = handle;
    }

    /** Takes the window of the peer's HELLO, and how far it grows; less than the window means that it does not. */
    void open(long windowBytes, long largestBytes) {
        largest = Math.max(windowBytes, largestBytes);
        credit.onWindow(0, windowBytes);
    }

    /**
     * Takes a WINDOW; what it returns other than null ends the session.
     *
     * @param unwritten cost that is spent already, for what is in no packet yet: the peer cannot have consumed that
     */
    @Nullable
    ErrorCode onWindow(long consumed, long limit, long unwritten) {
        return consumed > credit.sent() - unwritten ? ErrorCode.PROTOCOL_VIOLATION : credit.onWindow(consumed, limit);
    }

    /** Whether a message of this cost can begin now. */
    boolean fits(long cost) {
        return credit.fits(cost);
    }

    /** Uses credit that {@link #fits}. */
    void spend(long cost) {
        credit.spend(cost);
    }

    /** Takes back what was spent on what will not be written. */
    void refund(long cost) {
        credit.refund(cost);
    }

    /** What a message may cost at most: the peer's window when it has grown. */
    long largest() {
        return largest;
    }

    /** Offset up to which the peer allows sending. */
    long limit() {
        return credit.limit();
    }

    /** Offset after the last message begun. */
    long sent() {
        return credit.sent();
    }

    // ---- BLOCKED

    /** Whether BLOCKED is to be told for a message of this cost. */
    boolean blockedDue(long cost) {
        return blockedAt != credit.limit() && !credit.fits(cost);
    }

    /**
     * Writes BLOCKED with the limit that is needed; false if it does not fit.
     *
     * @param waitingBytes cost of all that waits: asked for as far as the window grows
     */
    boolean writeBlocked(FrameWriter out, long waitingBytes) {
        long wanted = Math.max(credit.limit(), credit.sent() + Math.min(waitingBytes, largest));
        if (!out.blocked(handle, wanted, credit.sent())) {
            return false;
        }
        blockedAt = credit.limit();
        return true;
    }

    /** The peer has BLOCKED that was told at this limit, and needs no repeat even if its loss was declared before. */
    void onBlockedAcked(long limit) {
        blockedAcked = Math.max(blockedAcked, limit);
        blockedAt = limit == credit.limit() ? limit : blockedAt;
    }

    /** BLOCKED was lost: due again unless the limit was raised, or the peer has it. */
    void onBlockedLost(long limit) {
        if (limit == credit.limit() && blockedAcked < limit) {
            blockedAt = -1;
        }
    }
}
