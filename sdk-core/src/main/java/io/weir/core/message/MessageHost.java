package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What a {@link MessageTable} tells its session. Called on the loop. */
public interface MessageHost {

    /**
     * There is something to write where there was nothing: call {@link MessageTable#writeControl} and {@link
     * MessageTable#write} soon, not from here, and until neither has anything more.
     */
    void onMessagesPending();

    /**
     * Whether a request of the peer, which is complete, may run now. Requests never wait: whoever asks can ask again.
     *
     * @param route that it asks for
     * @return null if it may: {@link #onRequest} is called next. Else what it is answered with, unprocessed, without an object
     *     that stands for it: NO_HANDLER, BUSY
     */
    default @Nullable ErrorCode admitRequest(String route) {
        return null;
    }

    /** Whether a handler takes one-way messages of this name, so that they need a place. What needs none is handed on at once. */
    default boolean needsPlace(String name) {
        return false;
    }

    /**
     * Takes a place for a one-way message, which is handed on next; the host gives it back by itself.
     *
     * @return false if there is none; the message waits, and {@link MessageTable#onPlaceFree} is to be called when there may be
     *     one
     */
    default boolean tryPlace() {
        return true;
    }

    /** When what is being handled came, by the loop's monotonic clock. */
    default long nowNanos() {
        return 0;
    }

    /** A number that no peer knows, the same for the life of the table: ids that peers choose are spread by it. */
    default long hashSeed() {
        return 0;
    }

    /** A request of the peer is complete and admitted. It must be answered, now or later, once. */
    void onRequest(IncomingRequest request);

    /**
     * The peer waits for a larger window, for which there is no memory: call {@link MessageTable#onMemoryFreed} when some
     * may have become free. Called while writing, or from inside that.
     */
    default void onMemoryShort() {}

    /** A one-way message of the peer is complete. {@link IncomingMessage#taken}, now or later, gives the credit back. */
    void onOneWay(IncomingMessage message);
}
