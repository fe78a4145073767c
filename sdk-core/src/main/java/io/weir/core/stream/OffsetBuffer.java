package io.weir.core.stream;

import io.weir.core.credit.Cost;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What has come of a half's offset space ahead of its turn: each unit once, whatever repeats. A payload byte is one unit; the
 * {@value #HEADER} that an element costs beside its payload are units too, and hold what its FIRST fragment says.
 *
 * <pre>
 *   base                                              end        at most the limit
 *   |- - -|=====================|- - - - |============|- - - - - - - - -|
 *          here: bytes and headers  gap
 * </pre>
 *
 * <p>A ring of at most {@code limit - base} bytes, made when something has to wait, and two bits for each: so it holds at most
 * 1.25 times of what the half has reserved, whoever cuts fragments how small, and nothing once nothing waits. Not thread
 * safe; confined to the session's loop.
 */
final class OffsetBuffer {

    /** Units of an element's header. */
    static final int HEADER = Cost.ELEMENT_OVERHEAD;

    private static final byte[] NONE = {};
    private static final int GRAIN = 64;

    private final byte[] header = new byte[HEADER];
    private byte[] ring = NONE;
    private BitSet here = new BitSet(0);
    private BitSet headers = new BitSet(0);
    private long base;
    private long end;

    OffsetBuffer() {
        for (int i = Long.BYTES; i < HEADER; i++) {
            header[i] = (byte) i; // so that a header is never taken for one that begins elsewhere
        }
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return end <= base;
    }

    /** Offset behind the last that is here. */
    long end() {
        return end;
    }

    /** Heap of what waits, in bytes, without this object. */
    long heldHeapBytes() {
        return ring.length == 0 ? 0 : ring.length + (here.size() + headers.size()) / Byte.SIZE;
    }

    /**
     * Takes a fragment that begins at or behind the base.
     *
     * @param total bytes of the whole element if the fragment is its first, with {@code first}
     * @param limit what the half has reserved up to; the fragment ends at most there
     * @return false if it contradicts what is here; then the buffer's content means nothing any more
     */
    boolean put(boolean first, long total, long at, byte[] array, int offset, int length, long limit) {
        int head = first ? HEADER : 0;
        makeRoom(at + head + length, limit);
        if (first) {
            fillHeader(total);
        }
        boolean fits = (!first || each(true, true, at, header, 0, HEADER))
                && each(true, false, at + head, array, offset, length);
        end = Math.max(end, at + head + length);
        return fits;
    }

    /** Whether a fragment contradicts nothing that is here. */
    boolean agrees(boolean first, long total, long at, byte[] array, int offset, int length) {
        if (isEmpty()) {
            return true;
        }
        int head = first ? HEADER : 0;
        if (first) {
            fillHeader(total);
        }
        return (!first || each(false, true, at, header, 0, (int) Math.min(HEADER, Math.max(0, end - at))))
                && each(false, false, at + head, array, offset, (int) Math.min(length, Math.max(0, end - at - head)));
    }

    /** Whether the unit at this offset is here. */
    boolean has(long at) {
        return at >= base && at < end && here.get(index(at));
    }

    /** Whether it is one of a header, where it is here. */
    boolean isHeader(long at) {
        return headers.get(index(at));
    }

    /** The total that the header at this offset tells. */
    long total(long at) {
        long total = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            total = total << Byte.SIZE | ring[index(at + i)] & 0xFF;
        }
        return total;
    }

    /** Payload bytes here without a gap from this offset on, at most so many. */
    int run(long at, long most) {
        long stop = Math.min(end, most > Long.MAX_VALUE - at ? Long.MAX_VALUE : at + most);
        long position = at;
        while (position < stop) {
            int from = index(position);
            int to = (int) Math.min(ring.length, from + (stop - position));
            int gap = Math.min(here.nextClearBit(from), to);
            int head = headers.nextSetBit(from);
            int behind = head >= 0 && head < gap ? head : gap;
            position += behind - from;
            if (behind < to) {
                break;
            }
        }
        return (int) Math.max(0, position - at);
    }

    /** Copies payload bytes that are here. */
    byte[] copy(long at, int length) {
        byte[] copy = new byte[length];
        int done = 0;
        while (done < length) {
            int from = index(at + done);
            int count = Math.min(length - done, ring.length - from);
            System.arraycopy(ring, from, copy, done, count);
            done += count;
        }
        return copy;
    }

    /** Everything below this offset is done with. */
    void advance(long to) {
        if (to >= end) {
            clear(to);
            return;
        }
        for (long at = base; at < to; ) {
            int from = index(at);
            int count = (int) Math.min(to - at, ring.length - from);
            here.clear(from, from + count);
            headers.clear(from, from + count);
            at += count;
        }
        base = to;
    }

    /** Drops everything; what comes lies at or behind this offset. */
    void clear(long newBase) {
        base = newBase;
        end = newBase;
        if (ring.length > 0) {
            ring = NONE;
            here = new BitSet(0);
            headers = new BitSet(0);
        }
    }

    /** Writes units where there are none, and compares where there are; or only compares. */
    private boolean each(boolean write, boolean ofHeader, long at, byte[] array, int offset, int length) {
        int done = 0;
        while (done < length) {
            int from = index(at + done);
            int count = Math.min(length - done, ring.length - from);
            if (!agreeOrFill(write, ofHeader, from, from + count, array, offset + done - from)) {
                return false;
            }
            if (write) {
                here.set(from, from + count);
                headers.set(from, from + count, ofHeader);
            }
            done += count;
        }
        return true;
    }

    /** @param shift what is added to an index of the ring to have that of the array */
    private boolean agreeOrFill(boolean write, boolean ofHeader, int from, int to, byte[] array, int shift) {
        for (int at = from; at < to; ) {
            int set = here.nextSetBit(at);
            int known = set < 0 || set > to ? to : set;
            if (write) {
                System.arraycopy(array, at + shift, ring, at, known - at);
            }
            int unknown = Math.min(here.nextClearBit(known), to);
            int otherKind = ofHeader ? headers.nextClearBit(known) : headers.nextSetBit(known);
            boolean sameKind = otherKind < 0 || otherKind >= unknown;
            if (!sameKind || !Arrays.equals(ring, known, unknown, array, known + shift, unknown + shift)) {
                return false;
            }
            at = unknown;
        }
        return true;
    }

    /** A ring for twice of what is needed now, but for no more than can come. */
    private void makeRoom(long to, long limit) {
        long needed = to - base;
        if (needed <= ring.length) {
            return;
        }
        long wanted = Math.max(needed, Math.min(2 * needed, limit - base));
        OffsetBuffer larger = new OffsetBuffer();
        larger.base = base;
        larger.ring = new byte[(int) ((wanted + GRAIN - 1) / GRAIN * GRAIN)];
        larger.here = new BitSet(larger.ring.length);
        larger.headers = new BitSet(larger.ring.length);
        moveTo(larger);
        ring = larger.ring;
        here = larger.here;
        headers = larger.headers;
    }

    private void moveTo(OffsetBuffer larger) {
        for (long at = base; at < end; ) {
            int from = index(at);
            int stop = (int) Math.min(ring.length, from + (end - at));
            if (here.get(from)) {
                boolean head = headers.get(from);
                int other = head ? headers.nextClearBit(from) : headers.nextSetBit(from);
                int behind = Math.min(Math.min(here.nextClearBit(from), stop), other < 0 ? stop : other);
                larger.each(true, head, at, ring, from, behind - from);
                at += behind - from;
            } else {
                int next = here.nextSetBit(from);
                at += (next < 0 || next > stop ? stop : next) - from;
            }
        }
    }

    private int index(long at) {
        return (int) (at % ring.length);
    }

    private void fillHeader(long total) {
        for (int i = 0; i < Long.BYTES; i++) {
            header[i] = (byte) (total >>> Byte.SIZE * (Long.BYTES - 1 - i));
        }
    }
}
