package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import org.jspecify.annotations.Nullable;

/** Whether either side has said GOAWAY, after which nothing new begins, and what that ends. PROTOCOL section 4, "GOAWAY". */
final class GoingAway {

    private final OpenCredit opens;
    private final ControlLane lane;
    private final EpochBook epochs;
    private boolean here;
    /** The highest handle of the peer that was accepted when this side said it first. */
    private long lastTaken;

    private boolean there;

    GoingAway(OpenCredit opens, ControlLane lane, EpochBook epochs) {
        this.opens = opens;
        this.lane = lane;
        this.epochs = epochs;
    }

    /** Whether this side takes nothing new, and this handle of the peer is. */
    boolean refuses(long handle) {
        return here && handle > lastTaken;
    }

    /** Whether nothing new begins, because either side has said so. */
    boolean isAnywhere() {
        return here || there;
    }

    /** This side says it; returns the highest handle of the peer that was accepted, 0 if none. */
    long begin() {
        if (!here) {
            here = true;
            lastTaken = opens.highest();
        }
        return opens.highest();
    }

    /** The peer has said it: what it has not accepted of this side's streams ends. */
    @Nullable
    ErrorCode onPeer(long lastHandle) {
        if (lastHandle != 0 && lastHandle < Frame.FIRST_HANDLE || lastHandle >= lane.nextHandle()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        there = true;
        for (StreamEpoch epoch : epochs.all()) {
            if (epoch.isBeyond(lastHandle)) {
                epoch.fail(ErrorCode.GOING_AWAY);
            }
        }
        return null;
    }
}
