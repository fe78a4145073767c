package io.weir.spring.actuate;

import io.weir.core.error.CloseReason;
import io.weir.reactive.PeerState;
import org.jspecify.annotations.Nullable;

/** States of peers, in words. */
final class PeerStates {

    private PeerStates() {}

    /** Its name, as it stands in the documentation: Ready, BackingOff ... */
    static String word(PeerState state) {
        return state.getClass().getSimpleName();
    }

    /** Why it is so; null if nothing has failed. */
    static @Nullable CloseReason reason(PeerState state) {
        if (state instanceof PeerState.BackingOff backingOff) {
            return backingOff.reason();
        }
        if (state instanceof PeerState.GaveUp gaveUp) {
            return gaveUp.reason();
        }
        return state instanceof PeerState.Removed removed ? removed.reason() : null;
    }
}
