package io.weir.reactive.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.reactive.PeerState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no session with a peer, as far as this node knows.
 *
 * @param reason what kept it from being there: the last failure if there is one
 * @param state what is done about it, in words
 */
record Absence(CloseReason reason, String state) {

    /** Nobody wants the peer, so that it would have to dial by itself. */
    static final Absence UNWANTED =
            new Absence(CloseReason.local(ErrorCode.NOT_CONNECTED), "nobody here keeps it connected, see peers().add");

    /**
     * Of a peer that is wanted.
     *
     * @param lastFailure of a dial, or the end of the last session; null if there was none
     */
    static Absence of(PeerState state, @Nullable CloseReason lastFailure) {
        if (state instanceof PeerState.BackingOff off) {
            return new Absence(
                    off.reason(), "dialled again at " + off.until() + ", failures in a row: " + off.attempt());
        }
        if (state instanceof PeerState.GaveUp gaveUp) {
            return new Absence(gaveUp.reason(), "given up");
        }
        if (state instanceof PeerState.Removed removed) {
            return new Absence(removed.reason(), "wanted no more");
        }
        if (state instanceof PeerState.Ready) {
            return new Absence(CloseReason.local(ErrorCode.GOING_AWAY), "its session takes nothing new");
        }
        CloseReason known = lastFailure == null ? CloseReason.local(ErrorCode.NOT_CONNECTED) : lastFailure;
        return new Absence(known, state instanceof PeerState.AwaitingInbound ? "it is to dial" : "being dialled");
    }

    /** What a call fails with. */
    WeirException after(Duration waited, String who) {
        String time = waited.isZero() ? "now" : "within " + waited;
        return new ConnectException(reason).about("no session " + time + " with " + who + ": " + state);
    }
}
