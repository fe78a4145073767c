package io.weir.test.datagram;

import io.weir.reactive.transport.SilentSession;
import org.jspecify.annotations.Nullable;

/** In place of a session: has nothing to say, and keeps what becomes of its carrier. */
final class KeptEnd extends SilentSession {

    boolean lost;

    @Nullable
    Throwable failure;

    @Override
    public void onLost(@Nullable Throwable cause) {
        lost = true;
        failure = cause;
    }
}
