package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What sessions tell the node that owns them. Called on the session's loop. */
public interface SessionHost {

    /** Why an inbound session with this peer cannot be had now, or null. Asked before admission, which costs more. */
    @Nullable
    ErrorCode refusal(PeerId peer);

    /**
     * Takes a place for an inbound session that is admitted, before HELLO promises it to the peer: it is held until
     * {@link #onEnd}, or {@link #leavePlace} if the session never becomes ready.
     *
     * @return why there is none, or null
     */
    @Nullable
    ErrorCode takePlace();

    /** Gives back the place of a session that ended before it was ready. */
    void leavePlace();

    /** Both sides have proved who they are and said HELLO. */
    void onReady(Session session);

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
