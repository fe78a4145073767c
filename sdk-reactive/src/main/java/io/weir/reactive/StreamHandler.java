package io.weir.reactive;

import org.reactivestreams.Publisher;

/**
 * Answers the streams that peers open under one name. Called on the session's loop, before any element of the stream is
 * dispatched; it must not block.
 *
 * <p>The returned publisher is the stream's work. When it completes, what it left open of the stream is closed: an
 * unused sending half with CLOSE, a receiving half that is not subscribed with STOP. When it fails, or the call itself
 * throws, the sending half ends with {@code APPLICATION_ERROR} behind what it had accepted, and the receiving half is stopped;
 * with {@code GOING_AWAY} if that is what it failed with, {@link io.weir.core.error.GoingAwayException}.
 */
@FunctionalInterface
public interface StreamHandler {

    /** The work to do for one stream; subscribed at once, on the session's loop. */
    Publisher<Void> handle(PeerStream stream);
}
