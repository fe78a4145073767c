package io.weir.core.stream;

import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * The halves of a session that have something to tell, and the order in which they do.
 *
 * <p>Frames of open halves go before any new OPEN. So whatever this side has to say about an epoch is on the wire before
 * it opens another of the same id, and an id whose both halves are confirmed ended may start at epoch 1 again. OPENs that
 * answer the peer's go before those that start something, so that two sides full of new streams do not keep each other
 * waiting.
 */
final class ControlLane implements FrameOwner {

    private final StreamHost host;
    private final OpenCredit opens;
    private final HandleBook handles;
    private final IntrusiveList<ControlNode> due = new IntrusiveList<>();
    private final IntrusiveList<ControlNode> answering = new IntrusiveList<>();
    private final IntrusiveList<ControlNode> opening = new IntrusiveList<>();
    /** Halves of whose DATA something was lost. */
    private final IntrusiveList<SentData> repeating = new IntrusiveList<>();

    private final SpareArrays arrays = new SpareArrays();

    private long nextHandle = Frame.FIRST_HANDLE;
    private long handleLimit = Frame.FIRST_HANDLE;
    private long blockedAt;
    /** The limit at which the peer is known to have been told BLOCKED(0). */
    private long blockedAcked;

    private boolean writing;
    private boolean closed;

    ControlLane(StreamHost host, OpenCredit opens, HandleBook handles) {
        this.host = host;
        this.opens = opens;
        this.handles = handles;
    }

    /** This half has frames to write, or an end to tell. */
    void due(ControlNode half) {
        if (!closed) {
            boolean wake = due.isEmpty();
            due.add(half);
            wake(wake);
        }
    }

    /** For what halves keep of their DATA. */
    SpareArrays arrays() {
        return arrays;
    }

    /** DATA of this half was lost. */
    void dueAgain(SentData half) {
        if (!closed) {
            boolean wake = repeating.isEmpty();
            repeating.add(half);
            wake(wake);
        }
    }

    /** This half waits to be opened. */
    void open(SendHalf half, boolean answer) {
        if (!closed) {
            half.leaveList();
            (answer ? answering : opening).add(half);
            wake(nextHandle < handleLimit || blockedDue());
        }
    }

    /** The place of one of the peer's streams is free. */
    void onPlaceReturned() {
        if (!closed) {
            opens.onReturned();
            onPromised();
        }
    }

    /** The peer would open handles below this limit. */
    void onBlocked(long wantedLimit) {
        opens.onBlocked(wantedLimit);
        onPromised();
    }

    /** Memory has become free elsewhere. */
    void onMemoryFreed() {
        if (!closed) {
            opens.promise();
            onPromised();
        }
    }

    /** More opens may have been promised to the peer, or could not be. */
    void onPromised() {
        wake(opens.due());
        if (opens.starved() && !closed) {
            host.onMemoryShort();
        }
    }

    /** First handle of this side that was never opened. */
    long nextHandle() {
        return nextHandle;
    }

    /** The peer allows opens up to this handle. */
    void raiseLimit(long limit) {
        if (limit > handleLimit) {
            handleLimit = limit;
            wake(firstToOpen() != null);
        }
    }

    int waitingOpens() {
        return answering.size() + opening.size();
    }

    boolean isPending() {
        return !due.isEmpty()
                || !repeating.isEmpty()
                || opens.due()
                || nextHandle < handleLimit && firstToOpen() != null
                || blockedDue();
    }

    /** Writes until nothing is due, or the record has no room for the next frame. */
    void write(FrameWriter out) {
        if (writing) {
            throw new IllegalStateException("writeControl was entered from inside a callback");
        }
        if (closed) {
            return; // a promise would reserve memory that nobody gives back
        }
        writing = true;
        opens.promise(); // memory may have become free elsewhere
        try {
            while (writeDue(out) && writePlaces(out) && writeOpen(out)) {
                // callbacks may have made more due
            }
            writeBlocked(out);
            writeAgain(out);
        } finally {
            writing = false;
        }
    }

    /** WINDOW and BLOCKED of opens: by what, and the limit that they told. */
    @Override
    public void onAcked(int what, long limit) {
        if (what == ControlNode.WINDOW) {
            opens.onAcked(limit);
            return;
        }
        blockedAcked = Math.max(blockedAcked, limit);
        if (limit == handleLimit) {
            blockedAt = limit; // it was taken to be lost
        }
    }

    @Override
    public void onLost(int what, long limit) {
        if (what == ControlNode.WINDOW) {
            opens.onLost(limit);
            wake(opens.due());
        } else if (limit == handleLimit && blockedAcked < limit) {
            blockedAt = 0;
            wake(blockedDue());
        }
    }

    /** Whether the session is over. */
    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        clear(due);
        clear(answering);
        clear(opening);
        for (SentData half = repeating.first(); half != null; half = repeating.first()) {
            repeating.remove(half);
        }
    }

    @Override
    public String toString() {
        return "due" + due + " answering" + answering + " opening" + opening + " next " + nextHandle + " of "
                + handleLimit + " peer's " + opens;
    }

    private boolean writeDue(FrameWriter out) {
        for (ControlNode half = due.first(); half != null; half = due.first()) {
            if (!half.writeDue(out)) {
                return false;
            }
        }
        return true;
    }

    /** DATA that was lost, one half after the other in turn. */
    private void writeAgain(FrameWriter out) {
        boolean room = true;
        for (SentData half = repeating.first(); half != null && room; half = repeating.first()) {
            room = half.write(out);
            repeating.remove(half);
            if (half.isDue()) {
                repeating.add(half);
            }
        }
    }

    private boolean writePlaces(FrameWriter out) {
        int before = out.position();
        boolean room = opens.write(out);
        if (out.position() > before) {
            out.note(this, ControlNode.WINDOW, opens.announced());
        }
        return room;
    }

    /** Writes one OPEN; false if there is none to write or no room. */
    private boolean writeOpen(FrameWriter out) {
        SendHalf half = firstToOpen();
        if (half == null || nextHandle >= handleLimit || !half.writeOpen(out, nextHandle)) {
            return false;
        }
        nextHandle++;
        handles.add(half);
        half.onOpened();
        return true;
    }

    /** BLOCKED(0), with the limit that all that wait would need, is told once for each limit. */
    private boolean blockedDue() {
        return nextHandle >= handleLimit && blockedAt != handleLimit && firstToOpen() != null;
    }

    private void writeBlocked(FrameWriter out) {
        if (blockedDue() && out.blocked(0, nextHandle + waitingOpens(), nextHandle)) {
            blockedAt = handleLimit;
            out.note(this, ControlNode.BLOCKED, handleLimit);
        }
    }

    private @Nullable SendHalf firstToOpen() {
        ControlNode first = answering.isEmpty() ? opening.first() : answering.first();
        return (SendHalf) first;
    }

    private void wake(boolean changed) {
        if (changed && !writing && !closed) {
            host.onControlPending();
        }
    }

    private static void clear(IntrusiveList<ControlNode> list) {
        for (ControlNode half = list.first(); half != null; half = list.first()) {
            list.remove(half);
        }
    }
}
