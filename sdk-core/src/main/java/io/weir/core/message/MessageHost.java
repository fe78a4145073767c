package io.weir.core.message;

import io.weir.core.wire.MessageType;

/** What a {@link MessageTable} tells its session. Called on the loop. */
public interface MessageHost {

    /**
     * There is something to write where there was nothing: call {@link MessageTable#writeControl} and {@link
     * MessageTable#write} soon, not from here, and until neither has anything more.
     */
    void onMessagesPending();

    /**
     * Whether a handler takes messages of this type and name, so that they need a place. What needs none is handed on at
     * once.
     */
    default boolean needsPlace(MessageType type, String name) {
        return false;
    }

    /**
     * Takes a place for a message that is handled now.
     *
     * @return false if there is none; then {@link MessageTable#onPlaceFree} is to be called when there may be one
     */
    default boolean tryPlace(MessageType type) {
        return true;
    }

    /** A message that had a place is done with: a one-way one was taken, a request's answer written or given up. */
    default void releasePlace(MessageType type) {}

    /** A number that no peer knows, the same for the life of the table: ids that peers choose are spread by it. */
    default long hashSeed() {
        return 0;
    }

    /** A request of the peer is complete. It must be answered, now or later, once. */
    void onRequest(IncomingRequest request);

    /**
     * The peer waits for a larger window, for which there is no memory: call {@link MessageTable#onMemoryFreed} when some
     * may have become free. Called while writing, or from inside that.
     */
    default void onMemoryShort() {}

    /** A one-way message of the peer is complete. {@link IncomingMessage#taken}, now or later, gives the credit back. */
    void onOneWay(IncomingMessage message);
}
