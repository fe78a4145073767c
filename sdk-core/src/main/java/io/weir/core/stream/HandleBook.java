package io.weir.core.stream;

import io.weir.core.map.LongMap;
import org.jspecify.annotations.Nullable;

/**
 * The halves of a session by their handles, each from its OPEN until it is over. Each side numbers its own, so there is a
 * book for each direction. Bounded by what is opened: the peer's by open credit, this side's by the table's limit.
 */
final class HandleBook {

    private final LongMap<SendHalf> senders;
    private final LongMap<ReceiveHalf> receivers;
    /** Of the last element: those of one half mostly come together. */
    private @Nullable ReceiveHalf lastReceiver;

    /** @param hashSeed of the handles, half of which the peer chooses */
    HandleBook(long hashSeed) {
        senders = new LongMap<>(hashSeed);
        receivers = new LongMap<>(hashSeed);
    }

    /** This side's half; null if it is not open. */
    @Nullable
    SendHalf sender(long handle) {
        return senders.get(handle);
    }

    /** The peer's half; null if it is not open. */
    @Nullable
    ReceiveHalf receiver(long handle) {
        return receivers.get(handle);
    }

    /** The same, fast for the half of the last call. */
    @Nullable
    ReceiveHalf receiverOfElement(long handle) {
        ReceiveHalf half = lastReceiver;
        if (half == null || half.handle() != handle) {
            half = receivers.get(handle);
            if (half != null) {
                lastReceiver = half;
            }
        }
        return half;
    }

    void add(SendHalf opened) {
        senders.put(opened.handle(), opened);
    }

    void add(ReceiveHalf opened) {
        receivers.put(opened.handle(), opened);
    }

    void remove(SendHalf over) {
        senders.remove(over.handle());
    }

    void remove(ReceiveHalf over) {
        receivers.remove(over.handle());
        if (lastReceiver == over) {
            lastReceiver = null;
        }
    }

    /** This side's halves that are open. */
    int senders() {
        return senders.size();
    }

    /** Halves remembered. */
    int size() {
        return senders.size() + receivers.size();
    }

    /** The session is over. */
    void close() {
        receivers.forEach(ReceiveHalf::onSessionClosed);
    }
}
