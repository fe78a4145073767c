package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.map.LongMap;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a half's offset space ahead of its turn: each unit once, whatever repeats. A payload byte is one unit; the
 * {@value #HEADER} that an element costs beside its payload are units too, and hold what its FIRST fragment says.
 *
 * <pre>
 *   base                                              end        at most the half's limit
 *   |- - -|=====================|- - - - |============|- - - - - - - - -|
 *          here: bytes and headers  gap
 *   |        page        |        page        |        page        |
 * </pre>
 *
 * <p>Pages of {@value #PAGE} bytes, and two bits for each, made where something has to wait: so it holds at most 1.25 times of
 * what the half has reserved, and of two pages more, whoever cuts fragments how small; nothing once nothing waits; and what one
 * fragment costs goes by its own length, not by how far ahead it lies. Not thread safe; confined to the session's loop.
 */
final class OffsetBuffer {

    /** Units of an element's header. */
    static final int HEADER = Cost.ELEMENT_OVERHEAD;

    /** About a packet, so that most fragments touch one or two. */
    static final int PAGE = 1_024;

    /** Pages lie side by side within a window, and there is nothing to gain for who chooses among them. */
    private static final long NO_SECRET = 0;

    private static final class Page {
        final byte[] units = new byte[PAGE];
        final BitSet here = new BitSet(PAGE);
        final BitSet headers = new BitSet(PAGE);
    }

    private final byte[] header = new byte[HEADER];
    /** By offset / {@link #PAGE}; null until something has waited. */
    private @Nullable LongMap<Page> pages;

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
        return pages == null ? 0 : pages.size() * (PAGE + 2L * PAGE / Byte.SIZE);
    }

    /**
     * Takes a fragment that begins at or behind the base, and ends within what the half has reserved.
     *
     * @param total bytes of the whole element if the fragment is its first, with {@code first}
     * @return false if it contradicts what is here; then the buffer's content means nothing any more
     */
    boolean put(boolean first, long total, long at, byte[] array, int offset, int length) {
        int head = first ? HEADER : 0;
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
        Page page = at >= base && at < end ? page(at) : null;
        return page != null && page.here.get(index(at));
    }

    /** Whether it is one of a header, where it is here. */
    boolean isHeader(long at) {
        Page page = page(at);
        return page != null && page.headers.get(index(at));
    }

    /** The total that the header at this offset tells, which is here. */
    long total(long at) {
        long total = 0;
        for (byte each : copy(at, Long.BYTES)) {
            total = total << Byte.SIZE | each & 0xFF;
        }
        return total;
    }

    /** Payload bytes here without a gap from this offset on, at most so many. */
    int run(long at, long most) {
        long stop = Math.min(end, most > Long.MAX_VALUE - at ? Long.MAX_VALUE : at + most);
        long position = at;
        while (position < stop) {
            Page page = page(position);
            int from = index(position);
            int to = (int) Math.min(PAGE, from + (stop - position));
            int behind = page == null ? from : Math.min(payloadEnd(page, from), to);
            position += behind - from;
            if (behind < to) {
                break;
            }
        }
        return (int) Math.max(0, position - at);
    }

    private static int payloadEnd(Page page, int from) {
        int gap = page.here.nextClearBit(from);
        int head = page.headers.nextSetBit(from);
        return head >= 0 && head < gap ? head : gap;
    }

    /** Copies units that are here. */
    byte[] copy(long at, int length) {
        byte[] copy = new byte[length];
        int done = 0;
        while (done < length) {
            Page page = page(at + done);
            if (page == null) {
                throw new IllegalStateException("unit " + (at + done) + " is not here");
            }
            int from = index(at + done);
            int count = Math.min(length - done, PAGE - from);
            System.arraycopy(page.units, from, copy, done, count);
            done += count;
        }
        return copy;
    }

    /** Everything below this offset is done with. */
    void advance(long to) {
        LongMap<Page> here = pages;
        if (to >= end || here == null) {
            clear(to);
            return;
        }
        long first = base / PAGE;
        long stop = to / PAGE;
        if (stop - first <= here.size()) {
            for (long number = first; number < stop; number++) {
                here.remove(number);
            }
        } else {
            for (long number : here.keys()) {
                if (number < stop) {
                    here.remove(number);
                }
            }
        }
        base = to;
    }

    /** Drops everything; what comes lies at or behind this offset. */
    void clear(long newBase) {
        base = newBase;
        end = newBase;
        if (pages != null && !pages.isEmpty()) {
            pages.clear();
        }
    }

    /** Writes units where there are none, and compares where there are; or only compares. */
    private boolean each(boolean write, boolean ofHeader, long at, byte[] array, int offset, int length) {
        int done = 0;
        while (done < length) {
            int from = index(at + done);
            int to = Math.min(PAGE, from + length - done);
            Page page = write ? pageToWrite(at + done) : page(at + done);
            if (page != null && !agreeOrFill(page, write, ofHeader, from, to, array, offset + done - from)) {
                return false;
            }
            if (page != null && write) {
                page.here.set(from, to);
                page.headers.set(from, to, ofHeader);
            }
            done += to - from;
        }
        return true;
    }

    /** @param shift what is added to an index of the page to have that of the array */
    private static boolean agreeOrFill(
            Page page, boolean write, boolean ofHeader, int from, int to, byte[] array, int shift) {
        for (int at = from; at < to; ) {
            int set = page.here.nextSetBit(at);
            int known = set < 0 || set > to ? to : set;
            if (write) {
                System.arraycopy(array, at + shift, page.units, at, known - at);
            }
            int unknown = Math.min(page.here.nextClearBit(known), to);
            int otherKind = ofHeader ? page.headers.nextClearBit(known) : page.headers.nextSetBit(known);
            boolean sameKind = otherKind < 0 || otherKind >= unknown;
            if (!sameKind || !Arrays.equals(page.units, known, unknown, array, known + shift, unknown + shift)) {
                return false;
            }
            at = unknown;
        }
        return true;
    }

    private @Nullable Page page(long at) {
        return pages == null ? null : pages.get(at / PAGE);
    }

    private Page pageToWrite(long at) {
        LongMap<Page> known = pages;
        if (known == null) {
            known = new LongMap<>(NO_SECRET);
            pages = known;
        }
        Page page = known.get(at / PAGE);
        if (page == null) {
            page = new Page();
            known.put(at / PAGE, page);
        }
        return page;
    }

    private static int index(long at) {
        return (int) (at % PAGE);
    }

    private void fillHeader(long total) {
        for (int i = 0; i < Long.BYTES; i++) {
            header[i] = (byte) (total >>> Byte.SIZE * (Long.BYTES - 1 - i));
        }
    }
}
