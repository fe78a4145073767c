package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import java.net.SocketAddress;
import java.time.Duration;

/** What sessions tell the node that owns them. Called on the session's loop. */
public interface SessionHost {

    /** Both sides have proved who they are and said HELLO. */
    void onReady(Session session);

    /** A session that was ready drains. */
    void onDraining(Session session);

    /** A session that was ready closes; its end follows. */
    void onClosing(Session session, boolean hasDrained);

    /** The peer of a session that was ready has moved: {@link Session#remoteAddress} tells where it is now. */
    void onMoved(Session session, SocketAddress before);

    /** The peer of a session that was ready seemed to have moved, and was not proved to have. */
    void onMoveUnproven(Session session);

    /** The deadline of a drain has cut off so many streams and requests; the session's end follows. */
    void onCutOff(Session session, int streams, int requests);

    /**
     * A session that was ready has ended.
     *
     * @param clean an authenticated END was said by either side
     * @param silence how long nothing had been heard from the peer
     */
    void onEnd(Session session, CloseReason reason, boolean clean, Duration silence);
}
