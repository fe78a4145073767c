package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * WINDOW and BLOCKED of handles 1 and 2, both ways. Confined to the session's loop.
 *
 * <pre>
 *   MessageCredit  &lt;--WINDOW--  MessageWindow of the peer
 *                  --BLOCKED-->
 *   of requests and of answers, each
 * </pre>
 */
final class MessageControl implements FrameOwner {

    private static final int REQUEST_WINDOW = 1;
    private static final int REPLY_WINDOW = 2;
    private static final int REQUESTS_BLOCKED = 3;
    private static final int ANSWERS_BLOCKED = 4;

    private final MessageHost host;
    private final SendLane requests;
    private final SendLane answers;
    private final MessageWindow requestWindow;
    private final MessageWindow replyWindow;
    private final Wake wake;

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
            MessageWindow replyWindow,
            Wake wake) {
        this.wake = wake;
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
        boolean all = writeGrant(out, REQUEST_WINDOW, requestWindow)
                && writeGrant(out, REPLY_WINDOW, replyWindow)
                && writeBlocked(out, REQUESTS_BLOCKED, requests)
                && writeBlocked(out, ANSWERS_BLOCKED, answers);
        tellIfStarved();
        return all;
    }

    @Override
    public void onAcked(int what, long limit) {
        switch (what) {
            case REQUEST_WINDOW -> requestWindow.onAcked(limit);
            case REPLY_WINDOW -> replyWindow.onAcked(limit);
            case REQUESTS_BLOCKED -> requests.credit().onBlockedAcked(limit);
            default -> answers.credit().onBlockedAcked(limit);
        }
    }

    @Override
    public void onLost(int what, long limit) {
        switch (what) {
            case REQUEST_WINDOW -> requestWindow.onLost(limit);
            case REPLY_WINDOW -> replyWindow.onLost(limit);
            case REQUESTS_BLOCKED -> requests.credit().onBlockedLost(limit);
            default -> answers.credit().onBlockedLost(limit);
        }
        wake.wake();
    }

    /** The session is over: what the windows have grown is free. */
    void close() {
        requestWindow.close();
        replyWindow.close();
    }

    private boolean writeGrant(FrameWriter out, int what, MessageWindow window) {
        int before = out.position();
        boolean room = window.writeGrant(out);
        if (out.position() > before) {
            out.note(this, what, window.limit());
        }
        return room;
    }

    private boolean writeBlocked(FrameWriter out, int what, SendLane lane) {
        int before = out.position();
        boolean room = lane.writeBlocked(out);
        if (out.position() > before) {
            out.note(this, what, lane.credit().limit());
        }
        return room;
    }

    private void tellIfStarved() {
        if (requestWindow.starved() || replyWindow.starved()) {
            host.onMemoryShort();
        }
    }
}
