package io.weir.core.message;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;

/**
 * Hears how a request ended: exactly one of {@link #onReply}, {@link #onError} and {@link #onMissing}, once, unless the request
 * was cancelled before. Called on the loop; may give any command.
 */
public interface RequestListener {

    /**
     * Until when it waits, by {@link MessageHost#nowNanos}; the peer is told how long that is when the request is written. {@link
     * IncomingRequest#NO_DEADLINE} for nothing to be told.
     */
    default long deadlineNanos() {
        return IncomingRequest.NO_DEADLINE;
    }

    /** It begins to be written: from now on the peer may know of it. */
    default void onBegun() {}

    /**
     * The reply.
     *
     * @param array holds it and is never written again; to keep it pins the array, which may be that of a whole record
     */
    void onReply(byte[] array, int offset, int length);

    /** The peer's application answered with an error of its own. */
    default void onError(ApplicationException error) {
        onMissing(error.reason());
    }

    /** There will be no reply: the peer answered with an error, or takes nothing new, or the session is over. */
    void onMissing(CloseReason reason);
}
