package io.weir.core.message;

import io.weir.core.list.IntrusiveList;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one {@link SendLane} that may still be lost: those that are written to their end, and of which the peer is not
 * known to have all; and those of which packets are to be written again. Empty on carriers that lose nothing.
 */
final class Unconfirmed {

    private final IntrusiveList<Outgoing> written = new IntrusiveList<>();
    /** Of which packets were lost; null until there was one. */
    private @Nullable ArrayDeque<Delivery> lossy;

    private int inParts;

    /** All of it is written. */
    void add(Outgoing message) {
        written.add(message);
        inParts += message.isWhole() ? 0 : 1;
    }

    /** The peer has all of it; false if it is not here. */
    boolean remove(Outgoing message) {
        if (!written.remove(message)) {
            return false;
        }
        inParts -= message.isWhole() ? 0 : 1;
        Delivery delivery = message.delivery();
        if (delivery != null) {
            delivery.end();
        }
        return true;
    }

    /** Packets of a message were lost, of which none was to be written again. */
    void onLost(Delivery delivery) {
        ArrayDeque<Delivery> waits = lossy;
        if (waits == null) {
            waits = new ArrayDeque<>();
            lossy = waits;
        }
        waits.add(delivery);
    }

    /** The next of which packets are to be written again. */
    @Nullable
    Delivery firstLossy() {
        ArrayDeque<Delivery> waits = lossy;
        Delivery first = waits == null ? null : waits.peek();
        while (waits != null && first != null && !first.hasLost()) {
            waits.remove();
            first = waits.peek();
        }
        return first;
    }

    /** Those that are written; the lane's end lets go of them. */
    IntrusiveList<Outgoing> written() {
        return written;
    }

    /** How many of those that are written came in more than one packet. */
    int inParts() {
        return inParts;
    }

    /** The session is over. */
    void close() {
        lossy = null;
        inParts = 0;
    }
}
