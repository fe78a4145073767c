package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * A half of a stream, for all that it owes: the frames that it has to write, and the word to its listener. It is a mask, so that nothing is queued
 * for each frame and a peer that never reads cannot make answers pile up (PROTOCOL section 4, "Answers have credit").
 *
 * <p>What is due waits until the half is put in its session's {@link ControlLane}: it may depend on this side's OPEN.
 *
 * <p>Where frames may be lost, the mask also tells which of them the peer is not known to have, and which are due only because
 * they were lost: an acknowledgement that comes late takes those back. A half is not over before the peer has all of its
 * frames that matter. Where nothing is lost these bits are never set.
 *
 * <pre>
 *   due --written--&gt; unacked --acked, or moot--&gt; done
 *    ^                  |  ^                       ^
 *    |             lost |  | written               | acked, late
 *    |                  v  |                       |
 *    +--owed anew--- repeated ---------------------+
 * </pre>
 */
abstract sealed class ControlNode extends IntrusiveList.Node<ControlNode> implements FrameOwner
        permits SendHalf, ReceiveHalf {

    /** BLOCKED at the present limit, of a sending half. */
    static final int BLOCKED = 1;
    /** CLOSE, of a sending half. */
    static final int CLOSE = 1 << 1;
    /** RESET, of a sending half. */
    static final int RESET = 1 << 2;
    /** WINDOW with what may be granted, of a receiving half. */
    static final int WINDOW = 1 << 3;
    /** STOP, of a receiving half. */
    static final int STOP = 1 << 4;
    /** The listener is told of the end when the half is next asked to write, for no frame of the peer will bring it. */
    static final int NOTICE = 1 << 5;
    /** The listener has not been told of the half's end. */
    static final int END = 1 << 6;
    /** OPEN, of a sending half that has written it: it was lost. */
    static final int OPEN = 1 << 7;

    /** DATAGRAMS, of a sending half: how far it goes by them. */
    static final int DATAGRAMS = 1 << 8;

    /** All that are frames. */
    private static final int FRAMES = BLOCKED | CLOSE | RESET | WINDOW | STOP | OPEN | DATAGRAMS;

    /** From a frame that is due to the same one that the peer is not known to have. */
    private static final int UNACKED = 9;

    /** From a frame that is due to the same one that is due only because it was lost. */
    private static final int REPEATED = 18;

    /** In place of the code with which a half ends: nothing went wrong. */
    static final long CLEAN = -1;

    private final StreamEpoch stream;
    private final ControlLane lane;
    private long handle;
    private int due = END;

    ControlNode(StreamEpoch stream, ControlLane lane) {
        this.stream = stream;
        this.lane = lane;
    }

    /** The stream of which it is a half. */
    final StreamEpoch stream() {
        return stream;
    }

    /** The number by which its frames name it; 0 until its OPEN is written, or has come. */
    final long handle() {
        return handle;
    }

    final void handle(long number) {
        handle = number;
    }

    /**
     * Writes the frames that are due. Once nothing is due it leaves its list, and only then calls out.
     *
     * @return false if the record has no room; then it stays in its list
     */
    abstract boolean writeDue(FrameWriter out);

    /** Whether any of these is due. */
    final boolean isDue(int any) {
        return (due & any) != 0;
    }

    /** Whether any of these is due, and not only because it was lost. */
    final boolean isDueAnew(int any) {
        return (due & ~(due >>> REPEATED) & any) != 0;
    }

    /** These are due from now on. */
    final void owe(int what) {
        due = due & ~(what << REPEATED) | what;
    }

    /** These are done, or not needed any more. */
    final void done(int what) {
        due &= ~(what | what << REPEATED);
    }

    // ---- where frames may be lost

    /** A frame was written, and is noted where it may be lost. */
    final void written(FrameWriter out, int what, long argument) {
        done(what);
        if (out.isNoted()) {
            due |= what << UNACKED;
            out.note(this, what, argument);
        }
    }

    /** Whether any of these was written, and the peer is not known to have it. */
    final boolean isUnacked(int any) {
        return (due >>> UNACKED & any) != 0;
    }

    /** The peer is known to have these, or to need them no more. */
    final void settled(int what) {
        int repeated = due >>> REPEATED & what;
        due &= ~(what << UNACKED | repeated | repeated << REPEATED);
        if (repeated != 0 && !isDue(FRAMES | NOTICE)) {
            leaveList();
        }
    }

    /** Whether nothing is left to write, and the peer has all that was written. */
    final boolean isAcknowledged() {
        return !isDue(FRAMES) && !isUnacked(FRAMES);
    }

    /** Whether this is the last of its kind that was written, and still true. */
    abstract boolean isCurrent(int what, long argument);

    /** The peer has this frame. */
    void onKnown(int what) {
        settled(what);
    }

    @Override
    public final void onAcked(int what, long argument) {
        if (!lane.isClosed() && isUnacked(what) && isCurrent(what, argument)) {
            onKnown(what);
            stream.settle();
        }
    }

    @Override
    public final void onLost(int what, long argument) {
        if (!lane.isClosed() && isUnacked(what) && isCurrent(what, argument) && !isDue(what)) {
            due |= what | what << REPEATED;
            lane.due(this);
        }
    }

    /** Asks to be told to write: {@link #writeDue} is called from the next {@link StreamTable#writeControl}. */
    final void queue() {
        lane.due(this);
    }

    /** Asks for the chance to tell the listener of the end, if there is a listener and it does not know. */
    final void queueNotice() {
        if (isDue(END) && stream.listener() != null) {
            owe(NOTICE);
            queue();
        }
    }

    /** The chance has come: tells it, if it was asked for. */
    final void tellNotice(long code) {
        if (isDue(NOTICE)) {
            done(NOTICE);
            tell(code);
        }
    }

    /** Tells the listener that the half is over with this code, or {@link #CLEAN}, unless it knows of its end. */
    final void tell(long code) {
        StreamListener listener = stream.listener();
        if (isDue(END) && listener != null) {
            done(END);
            if (code == CLEAN) {
                tellEnd(listener, null, 0);
            } else {
                tellEnd(listener, ErrorCode.of(code), code);
            }
        }
    }

    /** Tells the listener that a half of this kind is over; null: nothing went wrong. */
    abstract void tellEnd(StreamListener listener, @Nullable ErrorCode code, long raw);

    final void leaveList() {
        IntrusiveList.<ControlNode>leave(this);
    }

    /** What is due, by name. */
    final String owed() {
        return (isDue(BLOCKED) ? " BLOCKED" : "")
                + (isDue(CLOSE) ? " CLOSE" : "")
                + (isDue(RESET) ? " RESET" : "")
                + (isDue(WINDOW) ? " WINDOW" : "")
                + (isDue(STOP) ? " STOP" : "")
                + (isDue(OPEN) ? " OPEN" : "")
                + (isDue(DATAGRAMS) ? " DATAGRAMS" : "")
                + (isDue(NOTICE) ? " NOTICE" : "")
                + (isDue(END) ? " END" : "")
                + (due >>> UNACKED == 0 ? "" : " lossy " + Integer.toHexString(due >>> UNACKED));
    }
}
