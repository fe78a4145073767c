package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * What comes by datagrams of a half, on a carrier that has streams too: whole elements, each with its place, in increasing order. One
 * that is older than another that was handed on is dropped; what lies between two, and what is missing below where the peer says
 * that it has sent so much or goes on in the half's stream, is given back to the window as consumed. Loop-confined. PROTOCOL section
 * 4, "Order".
 *
 * <pre>
 *   by datagrams --DATAGRAMS in the half's stream--&gt; in the stream: complete, as where there are no datagrams
 * </pre>
 */
final class DatagramIntake {

    private final Intake intake;
    private long limit = StreamFrame.Datagrams.OPEN_END;
    private boolean inStream;

    DatagramIntake(Intake intake) {
        this.intake = intake;
    }

    /** Whether the peer has gone over to the half's stream, and all of it that came by datagrams was taken. */
    boolean isInStream() {
        return inStream;
    }

    /**
     * How far the peer goes by datagrams. What it returns other than null ends the session: it can say an end only once.
     *
     * @param here whether it says so in the half's stream, where the next element is the one behind that end
     */
    @Nullable
    ErrorCode onLimit(long offset, boolean here) {
        boolean open = offset == StreamFrame.Datagrams.OPEN_END;
        if (open && !here) {
            return null; // what was decided meanwhile has come another way
        }
        boolean decided = limit != StreamFrame.Datagrams.OPEN_END;
        boolean possible = decided ? offset == limit && !(here && inStream) : offset >= intake.received();
        if (open || !possible || here && offset > intake.limit()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        limit = offset;
        if (here) {
            settle(offset);
            inStream = true;
        }
        return null;
    }

    /** Whether an element that begins there is not too late; what was skipped for it is lost. False beyond the end, too. */
    boolean reaches(long at) {
        settle(at);
        return at == intake.received();
    }

    /** Whether one that ends there can be of a datagram. */
    boolean isBelowLimit(long at, int length) {
        return at + Cost.of(length) <= limit;
    }

    /** All that was sent by datagrams below this offset, and has not come, is lost. */
    void settle(long offset) {
        long missing = Math.min(offset, limit) - intake.received();
        if (missing > 0) {
            intake.onLost(missing);
        }
    }
}
