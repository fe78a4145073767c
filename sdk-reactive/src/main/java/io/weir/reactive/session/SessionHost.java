package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What sessions tell the node that owns them. Called on the session's loop. */
public interface SessionHost {

    /** Why an inbound session with this peer cannot be had now, or null. Asked before admission. */
    @Nullable
    ErrorCode refusal(PeerId peer);

    /** Both sides have proved who they are and said HELLO. */
    void onReady(Session session);

    /**
     * A session that was ready has ended.
     *
     * @param clean an authenticated END was said by either side
     * @param silence how long nothing had been heard from the peer
     */
    void onEnd(Session session, CloseReason reason, boolean clean, Duration silence);
}
