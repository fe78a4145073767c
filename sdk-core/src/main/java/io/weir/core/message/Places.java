package io.weir.core.message;

import io.weir.core.wire.MessageType;

/**
 * The places for messages that are handled, which the host shares among all sessions of a node: who needs one, who takes
 * one, and that what waits hears of one that is free again. Confined to the session's loop.
 */
final class Places {

    private final MessageHost host;
    private final Runnable onFree;

    /** @param onFree run when there may be a place for a message that waits */
    Places(MessageHost host, Runnable onFree) {
        this.host = host;
        this.onFree = onFree;
    }

    /** Whether messages of this type and name need a place. */
    boolean needed(MessageType type, String name) {
        return host.needsPlace(type, name);
    }

    /** Takes a place; false if there is none. */
    boolean tryTake(MessageType type) {
        return host.tryPlace(type);
    }

    /** What had a place is done with: another may take it. */
    void leave(MessageType type) {
        host.releasePlace(type);
        onFree.run();
    }

    /** The session is over: what had a place is done with, and nothing of this session waits for it. */
    void leaveAtEnd(MessageType type) {
        host.releasePlace(type);
    }
}
