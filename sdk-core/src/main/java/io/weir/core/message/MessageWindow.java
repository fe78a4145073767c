package io.weir.core.message;

import io.weir.core.credit.Cost;
import io.weir.core.credit.MemoryBudget;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameWriter;

/**
 * What the peer may send of one kind of message, requests and one-way ones or answers. {@code consumed} is a sum, not a
 * place: messages are finished in any order.
 *
 * <pre>
 *   consumed        received                        limit
 *      |===============|- - - - - - - - - - - - - - - -|
 *       held here       promised
 *      |&lt;------------- reserved, at least ------------&gt;|
 * </pre>
 *
 * <p>The window begins as small as its base, so that an idle peer holds next to nothing of the node's memory. A peer whose
 * messages need more says how much, by BLOCKED, and gets it at once, up to the largest message. That much is promised
 * once: as messages are finished the window falls back to the size that it keeps. Each such grant doubles that, or makes it
 * a quarter of what was granted, while half of the memory is free: a window of just what is needed would leave its peer
 * waiting for each grant. Each other grant halves it while less than a quarter is free. What is not needed any more is given
 * back.
 *
 * <p>Requests grow beyond {@value #MODEST_BYTES} bytes only out of what leaves a quarter of the memory free, which is for the
 * answers: otherwise two sides full of requests could have nothing left for the answers that end them.
 *
 * <p>A grant is due when the limit can move by a quarter of the size, or by anything at all once the peer has said BLOCKED.
 */
final class MessageWindow {

    /** So much is given as long as there is any memory: enough for a few small messages. */
    private static final long MODEST_BYTES = 4_096;

    private final long handle;
    private final int quartersLeft;
    private final long base;
    private final long largest;
    private final MemoryBudget budget;

    /** How far the limit is kept ahead of what is consumed. */
    private long size;

    /** Bytes reserved in the budget, beside the base. */
    private long extra;

    private long received;
    private long consumed;
    private long limit;
    private boolean blocked;

    /** The limit that the peer's messages need, as it said. */
    private long wanted;

    /** There was no memory for what is wanted. */
    private boolean refused;

    /** The limit that the peer is known to have been told by a WINDOW, and whether the last WINDOW was lost. */
    private long acked;

    private boolean lost;

    /**
     * @param handle of WINDOW, {@link CreditFrame#REQUESTS_HANDLE} or the one of replies
     * @param base bytes at first and at least, which the session has reserved
     * @param largest bytes at most
     * @param budget for what exceeds the base
     */
    MessageWindow(long handle, long base, long largest, MemoryBudget budget) {
        this.handle = handle;
        this.quartersLeft = handle == CreditFrame.REPLIES_HANDLE ? 0 : 1;
        this.base = base;
        this.largest = largest;
        this.budget = budget;
        this.size = base;
        this.limit = base;
    }

    /** Takes a packet that arrived; false, and nothing taken, if it lies beyond the limit. */
    boolean onReceived(long cost) {
        if (cost > limit - received) {
            return false;
        }
        received += cost;
        return true;
    }

    /** Takes the cost of a message that is finished here. */
    void onConsumed(long cost) {
        if (cost > received - consumed) {
            throw new IllegalStateException("consuming " + cost + " of " + (received - consumed) + " received");
        }
        consumed += cost;
        giveBack();
    }

    /**
     * Takes a BLOCKED of the peer. One that needs no more than the limit has come late, and is of no interest: in the place of
     * a later one it would be answered with nothing, and the peer says each but once. A late one that needs more does no
     * harm, as the grant that it gets lets the peer say again what it needs.
     */
    void onBlocked(long wantedLimit) {
        if (wantedLimit > limit) {
            blocked = true;
            wanted = wantedLimit;
            refused = false;
        }
    }

    /** Whether the peer waits for a window for which there was no memory. */
    boolean starved() {
        return blocked && refused;
    }

    /** Memory may have become free: reserves what the peer waits for, if there is some now. */
    void onMemoryFreed() {
        if (starved()) {
            reserveNeeded();
        }
    }

    /** The peer has a WINDOW with this limit. */
    void onAcked(long told) {
        acked = Math.max(acked, told);
        lost &= acked < limit;
    }

    /** A WINDOW with this limit was lost: of no interest if the peer has it, or a later one was written. */
    void onLost(long told) {
        lost |= told == limit && told > acked;
    }

    boolean grantDue() {
        if (lost) {
            return true;
        }
        if (blocked) {
            return consumed + reserved() > limit || !refused && needed() > reserved();
        }
        return consumed + size - limit >= Math.max(1, size >> 2);
    }

    /** Writes WINDOW if it is due, and there is memory; false if it does not fit. */
    boolean writeGrant(FrameWriter out) {
        if (!grantDue()) {
            return true;
        }
        if (blocked) {
            reserveNeeded();
        }
        long next = Math.min(consumed + (blocked ? reserved() : size), Cost.MAX_OFFSET);
        if (next <= limit && !lost) {
            return true;
        }
        if (!out.window(handle, consumed, Math.max(next, limit))) {
            return false;
        }
        lost = false;
        if (next <= limit) {
            return true;
        }
        limit = next;
        resize();
        blocked = false;
        return true;
    }

    /** The session is over: what exceeds the base is free. */
    void close() {
        budget.release(extra);
        extra = 0;
        blocked = false;
        lost = false;
        size = base;
        limit = consumed + base;
    }

    /** Offset up to which the peer has sent. */
    long received() {
        return received;
    }

    /** Offset up to which it was finished here. */
    long consumed() {
        return consumed;
    }

    /** Offset up to which the peer may send. */
    long limit() {
        return limit;
    }

    /** Bytes reserved for this window, its base included. */
    long reserved() {
        return base + extra;
    }

    private long needed() {
        return Math.min(largest, Math.max(size, wanted - consumed));
    }

    private void reserveNeeded() {
        long hoped = Math.min(largest, Math.max(2 * size, wanted - consumed)) - reserved();
        if (hoped > 0 && budget.leaves(2, hoped) && reserve(hoped)) {
            refused = false;
            return;
        }
        long missing = needed() - reserved();
        refused = missing > 0 && !(budget.leaves(quartersLeft, missing) && reserve(missing));
        if (refused) {
            long modest = Math.min(needed(), MODEST_BYTES) - reserved();
            refused = modest <= 0 || !reserve(modest);
        }
    }

    private boolean reserve(long bytes) {
        if (!budget.tryReserve(bytes)) {
            return false;
        }
        extra += bytes;
        return true;
    }

    private void resize() {
        if (!blocked) {
            size = budget.leaves(1, 0) ? size : Math.max(base, size / 2);
        } else if (budget.leaves(2, 0)) {
            size = Math.min(reserved(), Math.max(2 * size, reserved() / 4));
        }
        giveBack();
    }

    private void giveBack() {
        long unneeded = reserved() - Math.max(size, limit - consumed);
        if (unneeded > 0) {
            budget.release(unneeded);
            extra -= unneeded;
        }
    }
}
