package io.weir.core.message;

import io.weir.core.credit.Cost;
import io.weir.core.wire.FrameWriter;

/**
 * What the peer may send of one kind of message, requests and one-way ones or answers: a window of fixed size, whose
 * memory the session has reserved. {@code consumed} is a sum, not a place: messages are finished in any order.
 *
 * <p>A grant is due when the limit can move by a quarter of the window, or by anything at all once the peer has said
 * BLOCKED at the limit.
 */
final class MessageWindow {

    private final long handle;
    private final long windowBytes;
    private long received;
    private long consumed;
    private long limit;
    private long grantedConsumed;
    private boolean blocked;

    /** @param handle of WINDOW, {@link io.weir.core.wire.Frame#REQUESTS_HANDLE} or the one of replies */
    MessageWindow(long handle, long windowBytes) {
        this.handle = handle;
        this.windowBytes = windowBytes;
        this.limit = windowBytes;
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
    }

    /** Takes a BLOCKED of the peer; one at another limit than the last one is of no interest. */
    void onBlocked(long atLimit) {
        blocked |= atLimit == limit;
    }

    boolean grantDue() {
        long moved = consumed - grantedConsumed;
        return moved >= Math.max(1, windowBytes >> 2) || blocked && moved > 0;
    }

    /** Writes WINDOW if it is due; false if it does not fit. */
    boolean writeGrant(FrameWriter out) {
        if (!grantDue()) {
            return true;
        }
        long next = Math.min(consumed + windowBytes, Cost.MAX_OFFSET);
        if (!out.window(handle, consumed, next)) {
            return false;
        }
        limit = next;
        grantedConsumed = consumed;
        blocked = false;
        return true;
    }

    /** Offset up to which the peer has sent. */
    long received() {
        return received;
    }

    /** Offset up to which it was finished here. */
    long consumed() {
        return consumed;
    }
}
