package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import org.jspecify.annotations.Nullable;

/** What stands between a session and its being ready: the setup that it comes from. Called on the session's loop. */
public interface Entrance {

    /** The peer's HELLO was heard. */
    void onPeerHello();

    /**
     * HELLO was said and heard. False if another session with the peer is ready instead: then this one has been ended, or
     * is about to be.
     */
    boolean mayBecomeReady();

    /** The session is ready (null), or ended before. Once. */
    void onSettled(@Nullable CloseReason reason);
}
