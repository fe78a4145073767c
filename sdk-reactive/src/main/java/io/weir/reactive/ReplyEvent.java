package io.weir.reactive;

import io.weir.core.error.CloseReason;
import java.time.Duration;

/** How one of this side's requests ended: exactly one of the two for each request. */
public sealed interface ReplyEvent {

    /** What was asked for. */
    String route();

    /** The request's number on the wire; 0 if it was never sent. */
    long requestId();

    /**
     * The peer replied.
     *
     * @param route what was asked for
     * @param requestId the request's number on the wire
     * @param elapsed from the moment the request was made until the reply was here
     * @param bytes of the reply
     */
    record Reply(String route, long requestId, Duration elapsed, int bytes) implements ReplyEvent {}

    /**
     * There is no reply and none will come: the peer answered with an error, or the request was refused here, timed out
     * or was cancelled, or the session ended.
     *
     * @param route what was asked for
     * @param requestId the request's number on the wire; 0 if it was never sent
     * @param reason as that of {@link io.weir.core.error.ReplyMissingException}
     */
    record ReplyMissing(String route, long requestId, CloseReason reason) implements ReplyEvent {}
}
