package io.weir.core.message;

import io.weir.core.error.CloseReason;

/**
 * Hears how a request ended: exactly one of these, once, unless the request was cancelled before. Called on the loop; may
 * give any command.
 */
public interface RequestListener {

    /**
     * The reply.
     *
     * @param array holds it and is never written again; to keep it pins the array, which may be that of a whole record
     */
    void onReply(byte[] array, int offset, int length);

    /** There will be no reply: the peer answered with an error, or takes nothing new, or the session is over. */
    void onMissing(CloseReason reason);
}
