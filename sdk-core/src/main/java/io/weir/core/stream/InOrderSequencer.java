package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The fragments of a RELIABLE half in the order of their offsets, each unit exactly once.
 *
 * <p>What has its turn is handed on in place; only what is ahead of it is copied. Repeats may be cut at other places than what
 * they repeat. Where two say different things of one unit that is still here, the half is to be ended; of what was handed on
 * nothing is kept to compare with. Confined to the session's loop.
 */
final class InOrderSequencer implements Sequencer {

    private static final int HEADER = OffsetBuffer.HEADER;

    private final Sink sink;
    private final OffsetBuffer ahead;
    private long next;
    private long highest;
    private boolean inProgress;
    /** Where the element in progress begins, and ends. */
    private long elementStart;

    private long elementEnd;
    private boolean wanted = true;

    InOrderSequencer(Sink sink) {
        this(sink, new OffsetBuffer());
    }

    /** @param ahead what has come before there was a sink; {@link #drain} hands it on */
    InOrderSequencer(Sink sink, OffsetBuffer ahead) {
        this.sink = sink;
        this.ahead = ahead;
        this.highest = ahead.end();
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
        if (end <= next) {
            return null; // all of it was handed on
        }
        long whole = first && last ? length : total;
        if (at > next) {
            return ahead.put(first, whole, at, array, offset, length) && endsWhere(last, end)
                    ? null
                    : ErrorCode.PROTOCOL_VIOLATION;
        }
        if (at < next) {
            // only an element in progress can have come in part
            boolean same = first ? at == elementStart && end(at, whole) == elementEnd : at >= elementStart + HEADER;
            if (!inProgress || !same) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            int known = (int) (next - at) - (first ? HEADER : 0);
            return inTurn(false, last, whole, array, offset + known, length - known, recordLength);
        }
        return inTurn(first, last, whole, array, offset, length, recordLength);
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
        return ahead.heldHeapBytes();
    }

    @Override
    public void clear() {
        wanted = false;
        ahead.clear(next);
    }

    /** A fragment that begins where the last one handed on has ended. */
    private @Nullable ErrorCode inTurn(
            boolean first, boolean last, long whole, byte[] array, int offset, int length, int recordLength) {
        if (first == inProgress || !ahead.agrees(first, whole, next, array, offset, length)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        long stop = first ? end(next, whole) : elementEnd;
        long end = next + (first ? HEADER : 0) + length;
        if (end > stop || last != (end == stop)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        handOn(first, last, whole, array, offset, length, recordLength);
        return drain();
    }

    /** Hands on what has waited for what came now. */
    @Nullable
    ErrorCode drain() {
        while (wanted && ahead.has(next)) {
            boolean first = !inProgress;
            if (ahead.isHeader(next) != first) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            long total = first ? ahead.total(next) : elementEnd - next;
            int length = ahead.run(next + (first ? HEADER : 0), total);
            byte[] copy = ahead.copy(next + (first ? HEADER : 0), length);
            handOn(first, length == total, total, copy, 0, length, length);
        }
        return null;
    }

    private void handOn(
            boolean first, boolean last, long whole, byte[] array, int offset, int length, int recordLength) {
        if (first) {
            elementStart = next;
            elementEnd = end(next, whole);
        }
        inProgress = !last;
        next += (first ? HEADER : 0) + length;
        ahead.advance(next);
        wanted &= sink.onFragment(first, last, whole, array, offset, length, recordLength);
    }

    /** What follows a fragment that is its element's last is a header, where it is here. */
    private boolean endsWhere(boolean last, long end) {
        return !last || !ahead.has(end) || ahead.isHeader(end);
    }

    private static long end(long start, long total) {
        return start + HEADER + total;
    }
}
