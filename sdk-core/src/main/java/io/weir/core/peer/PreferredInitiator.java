package io.weir.core.peer;

import io.weir.core.identity.PeerId;
import org.jspecify.annotations.Nullable;

/** Which of two peers is to dial the other, and to dial again when their session is lost. The other one awaits that. */
public enum PreferredInitiator {
    /** Whoever wants to; after a loss, who dialled the lost session. */
    EITHER,
    /** This node. */
    SELF,
    /** The peer. */
    PEER,
    /** The peer with the lower key, so that both sides come to the same answer; this node while the peer is unknown. */
    LOWER_KEY;

    /**
     * Whether this node is to dial now, or to await the peer first.
     *
     * @param self this node
     * @param peer null if nobody knows yet who that is
     * @param dialledLast whether this node dialled the session that was lost; true if there was none
     */
    boolean dialsHere(PeerId self, @Nullable PeerId peer, boolean dialledLast) {
        return switch (this) {
            case EITHER -> dialledLast;
            case SELF -> true;
            case PEER -> false;
            case LOWER_KEY -> peer == null || self.compareTo(peer) < 0;
        };
    }
}
