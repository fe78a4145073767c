package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a FIRE_AND_FORGET half as they come, in increasing order: one that is older than another that was handed on
 * is dropped, and what lies between two that were handed on is given back to the window as consumed.
 *
 * <p>One element in fragments is put together at a time, the newest: a fragment of a newer one gives it up. Whole elements that
 * are newer than the last one handed on do not. One for which the peer lacks credit is larger than the window: what is here of
 * it is passed on, so that the window is raised for it, and so is the rest as it comes in order, until something of it is lost.
 *
 * <pre>
 *   putting together --the peer is blocked, nothing is missing--&gt; passing on --its last fragment--&gt; handed on
 *         |                                                            |
 *         +--a newer one, or something is lost--&gt; given up &lt;-----------+
 * </pre>
 *
 * Confined to the session's loop.
 */
final class LossySequencer implements Sequencer {

    private static final int HEADER = OffsetBuffer.HEADER;
    private static final long NONE = -1;

    private final Sink sink;
    private final OffsetBuffer parts = new OffsetBuffer();
    private long next;
    private long highest;
    private long lastSeq = NONE;
    /** The element that is here in part, and where it begins if that is known. */
    private long partSeq = NONE;

    private long partStart = NONE;
    /** Of that one all up to {@link #next} was passed on. */
    private boolean passing;

    private long partEnd;
    private long elements;
    private boolean wanted = true;

    LossySequencer(Sink sink) {
        this.sink = sink;
    }

    @Override
    public @Nullable ErrorCode accept(
            boolean first,
            boolean last,
            long at,
            long seq,
            long total,
            byte[] array,
            int offset,
            int length,
            int recordLength,
            long limit) {
        long end = at + (first ? HEADER : 0) + length;
        if (end > limit) {
            return ErrorCode.FLOW_CONTROL;
        }
        highest = Math.max(highest, end);
        if (seq <= lastSeq || at < next) {
            return late(first);
        }
        if (first && last) {
            if (seq == partSeq) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            if (passing && seq < partSeq) {
                return late(true);
            }
            handOn(at, end, seq, array, offset, length, recordLength);
            return null;
        }
        if (seq < partSeq) {
            return late(first); // given up for a newer one
        }
        if (seq > partSeq) {
            giveUp();
            partSeq = seq;
        }
        return onPart(first, total, at, array, offset, length);
    }

    private @Nullable ErrorCode late(boolean first) {
        if (first) {
            sink.onLate();
        }
        return null;
    }

    /** All below this offset that has not come is lost: the peer says that it has sent so much, or that this is the end. */
    void settle(long offset) {
        if (offset <= next) {
            return;
        }
        if (passesOn(offset)) {
            pass();
        } else {
            giveUp();
            skipTo(offset);
        }
    }

    /** Whether an element in progress has all that was sent of it, so that only credit is missing. */
    private boolean passesOn(long offset) {
        if (partStart == NONE || partStart + HEADER > offset) {
            return false;
        }
        long from = passing ? next : partStart + HEADER;
        return from + parts.run(from, offset - from) == offset;
    }

    /** Hands on what has come of the element in progress without a gap. */
    private void pass() {
        boolean first = !passing;
        long whole = NONE;
        if (first) {
            skipTo(partStart);
            whole = parts.total(partStart);
            partEnd = partStart + HEADER + whole;
            passing = true;
            elements++;
            next = partStart + HEADER;
        }
        int length = parts.run(next, partEnd - next);
        byte[] run = parts.copy(next, length);
        next += length;
        boolean last = next == partEnd;
        if (last) {
            lastSeq = partSeq;
            passing = false;
            giveUp();
        } else {
            parts.advance(next);
        }
        if (first || length > 0) {
            wanted &= sink.onFragment(first, last, whole, run, 0, length, length);
        }
    }

    /** Elements handed on. */
    long elements() {
        return elements;
    }

    /** Elements that are older than the last one handed on and will never come. */
    long lost() {
        return lastSeq + 1 - elements;
    }

    @Override
    public long settled() {
        return next;
    }

    @Override
    public long highest() {
        return highest;
    }

    @Override
    public long heldHeapBytes() {
        return parts.heldHeapBytes();
    }

    @Override
    public void clear() {
        wanted = false;
        passing = false;
        giveUp();
    }

    private @Nullable ErrorCode onPart(boolean first, long total, long at, byte[] array, int offset, int length) {
        if (first && partStart != NONE && partStart != at || !parts.put(first, total, at, array, offset, length)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (first) {
            partStart = at;
        }
        if (partStart == NONE) {
            return null;
        }
        if (passing) {
            pass();
            return null;
        }
        long whole = parts.total(partStart);
        if (parts.run(partStart + HEADER, whole) == whole) {
            byte[] element = parts.copy(partStart + HEADER, (int) whole);
            handOn(partStart, partStart + HEADER + whole, partSeq, element, 0, element.length, element.length);
        }
        return null;
    }

    private void handOn(long at, long end, long seq, byte[] array, int offset, int length, int recordLength) {
        if (!wanted) {
            return;
        }
        abandon(); // before what lies behind it counts as lost
        skipTo(at);
        next = end;
        lastSeq = seq;
        elements++;
        if (partSeq <= seq || partStart != NONE && partStart < next) {
            giveUp();
        } else {
            parts.advance(next);
        }
        wanted = sink.onFragment(true, true, NONE, array, offset, length, recordLength);
    }

    private void skipTo(long offset) {
        long gap = offset - next;
        if (gap > 0) {
            next = offset;
            sink.onGap(gap);
        }
    }

    private void giveUp() {
        parts.clear(next);
        abandon();
        partSeq = NONE;
        partStart = NONE;
    }

    /** Of an element that was passed on in part the rest will not come. */
    private void abandon() {
        if (passing) {
            passing = false;
            elements--;
            sink.onAbandoned();
        }
    }
}
