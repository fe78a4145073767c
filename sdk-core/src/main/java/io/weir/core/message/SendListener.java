package io.weir.core.message;

import io.weir.core.error.CloseReason;

/** Hears how a one-way message fared: exactly one of these, once. Called on the loop; may give any command. */
public interface SendListener {

    /** All of it was written; nobody says whether it arrives. */
    void onWritten();

    /** It was not written, or not accepted: the peer takes nothing new, or the session is over. */
    void onFailed(CloseReason reason);
}
