package io.weir.core.message;

import io.weir.core.error.CloseReason;

/**
 * Hears how a request ended: exactly one of {@link #onReply} and {@link #onMissing}, once, unless the request was cancelled
 * before. Called on the loop; may give any command.
 */
public interface RequestListener {

    /** It begins to be written: from now on the peer may know of it. */
    default void onBegun() {}

    /**
     * The reply.
     *
     * @param array holds it and is never written again; to keep it pins the array, which may be that of a whole record
     */
    void onReply(byte[] array, int offset, int length);

    /** There will be no reply: the peer answered with an error, or takes nothing new, or the session is over. */
    void onMissing(CloseReason reason);
}
