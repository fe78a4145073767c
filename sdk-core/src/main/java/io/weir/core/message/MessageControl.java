package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * WINDOW and BLOCKED of handles 1 and 2, both ways. Confined to the session's loop.
 *
 * <pre>
 *   SendLane  &lt;--WINDOW--  MessageWindow of the peer
 *             --BLOCKED-->
 *   of requests and of answers, each
 * </pre>
 */
final class MessageControl {

    private final MessageHost host;
    private final SendLane requests;
    private final SendLane answers;
    private final MessageWindow requestWindow;
    private final MessageWindow replyWindow;

    /**
     * @param requests that this side sends
     * @param answers that this side sends
     * @param requestWindow of what the peer sends
     * @param replyWindow of what the peer answers
     */
    MessageControl(
            MessageHost host,
            SendLane requests,
            SendLane answers,
            MessageWindow requestWindow,
            MessageWindow replyWindow) {
        this.host = host;
        this.requests = requests;
        this.answers = answers;
        this.requestWindow = requestWindow;
        this.replyWindow = replyWindow;
    }

    /** What it returns other than null ends the session. */
    @Nullable
    ErrorCode onWindow(CreditFrame.Window f) {
        SendLane lane = f.handle() == CreditFrame.REQUESTS_HANDLE ? requests : answers;
        return lane.onWindow(f.consumed(), f.limit());
    }

    /** @param asked whether an answer is due: BLOCKED of the answers is of no interest before, so that nothing is reserved */
    void onBlocked(CreditFrame.Blocked f, boolean asked) {
        if (f.handle() == CreditFrame.REQUESTS_HANDLE) {
            requestWindow.onBlocked(f.limit());
        } else if (asked) {
            replyWindow.onBlocked(f.limit());
        }
    }

    /** Memory may have become free: the windows grow as the peer wanted, or the host hears that they still cannot. */
    void onMemoryFreed() {
        requestWindow.onMemoryFreed();
        replyWindow.onMemoryFreed();
        tellIfStarved();
    }

    /** Whether {@link #write} has something to write. */
    boolean isDue() {
        return requestWindow.grantDue() || replyWindow.grantDue() || requests.blockedDue() || answers.blockedDue();
    }

    /** Writes all that is due; false if the record has no room for it. */
    boolean write(FrameWriter out) {
        boolean all = requestWindow.writeGrant(out)
                && replyWindow.writeGrant(out)
                && requests.writeBlocked(out)
                && answers.writeBlocked(out);
        tellIfStarved();
        return all;
    }

    /** The session is over: what the windows have grown is free. */
    void close() {
        requestWindow.close();
        replyWindow.close();
    }

    private void tellIfStarved() {
        if (requestWindow.starved() || replyWindow.starved()) {
            host.onMemoryShort();
        }
    }
}
