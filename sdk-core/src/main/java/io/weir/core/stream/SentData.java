package io.weir.core.stream;

import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.FrameOverhead;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;

/**
 * DATA of a RELIABLE half that the peer is not known to have, where packets may be lost: what was lost is written again, as it
 * was, in its turn before anything new.
 *
 * <pre>
 *   keep() --&gt; under way --acked--&gt; forgotten
 *               ^     | lost            ^
 *               |     v                 | acked, late
 *               +-- due again ----------+
 * </pre>
 *
 * <p>It holds what the carrier has under way or has lost, and so no more than the carrier's congestion window lets out
 * without an acknowledgement; each piece goes as soon as it is acknowledged, whatever lies before it. Loop-confined.
 * PROTOCOL section 4, "Order".
 */
final class SentData extends IntrusiveList.Node<SentData> {

    /** Room in a packet from which on it is worth to cut what is written again. */
    private static final int WORTH_CUTTING = 256;

    private final SendHalf half;
    private final ControlLane lane;
    private final IntrusiveList<SentFragments> underWay = new IntrusiveList<>();
    private final IntrusiveList<SentFragments> lost = new IntrusiveList<>();
    private final SpareArrays arrays;
    /** What was kept last; more of the same packet is added to it. */
    private SentFragments last = new SentFragments(this, new byte[0]);

    SentData(SendHalf half, ControlLane lane) {
        this.half = half;
        this.lane = lane;
        arrays = lane.arrays();
    }

    /** Keeps the DATA that was written into the packet from this position on. */
    void keep(FrameWriter out, int from) {
        if (last.end != from || !out.hasNoted(last, 0)) {
            last = keepNew(out);
        }
        last.append(out.array(), from, out.position(), out.remaining());
        last.end = out.position();
    }

    /** Writes what was lost, each with the half's OPEN as long as the peer may lack it; false if the packet has no room for all. */
    boolean write(FrameWriter out) {
        for (SentFragments again = lost.first(); again != null; again = lost.first()) {
            boolean bare = out.isBare();
            if (!half.writeOpenBeside(out)) {
                return false;
            }
            if (out.copy(again.frames, 0, again.length)) {
                sent(again, out);
            } else if (!bare && out.remaining() < WORTH_CUTTING || !writePart(again, out)) {
                return false;
            }
        }
        return true;
    }

    /** The peer needs none of it any more. */
    void clear() {
        clear(underWay);
        clear(lost);
        IntrusiveList.<SentData>leave(this);
    }

    boolean isDue() {
        return !lost.isEmpty();
    }

    /** Bytes of frames that are kept. */
    long heldBytes() {
        return bytes(underWay) + bytes(lost);
    }

    void onAcked(SentFragments known) {
        if (underWay.remove(known) || lost.remove(known)) {
            arrays.giveBack(known.release());
        }
        if (lost.isEmpty()) {
            IntrusiveList.<SentData>leave(this);
        }
    }

    void onLost(SentFragments missing) {
        if (!lane.isClosed() && underWay.remove(missing)) {
            missing.end = SentFragments.SEALED; // the lost packet may come yet, and had no more than this
            lost.add(missing);
            lane.dueAgain(this);
        }
    }

    private void sent(SentFragments again, FrameWriter out) {
        lost.remove(again);
        underWay.add(again);
        out.note(again, 0, 0);
    }

    /** Writes as much as there is room for, which is a piece of its own from now on. */
    private boolean writePart(SentFragments again, FrameWriter out) {
        int from = out.position();
        FrameReader reader = new FrameReader();
        reader.reset(again.frames, 0, again.length);
        reader.next();
        int behind = reader.payloadOffset() + reader.payloadLength();
        if (behind > out.remaining()) {
            if (!cutFirst(again, reader, out)) {
                return false;
            }
        } else {
            int whole = 0;
            while (behind <= out.remaining()) {
                whole = behind;
                reader.next();
                behind = reader.payloadOffset() + reader.payloadLength();
            }
            out.copy(again.frames, 0, whole);
            again.keepFrom(whole);
        }
        keepNew(out).append(out.array(), from, out.position(), out.remaining());
        return true;
    }

    /** Cuts a fragment for which there is no room in two, and writes the first. */
    private static boolean cutFirst(SentFragments again, FrameReader fragment, FrameWriter out) {
        long handle = fragment.handle();
        boolean first = fragment.first();
        boolean last = fragment.last();
        int payload = fragment.payloadOffset();
        int length = fragment.payloadLength();
        long whole = first && last ? length : fragment.total();
        long at = fragment.dataOffset();
        out.place(at, -1);
        int room = out.remaining() - FrameOverhead.fragment(handle, first, false, whole, length) - out.placeOverhead();
        if (room < 1) {
            return false;
        }
        out.beginFragment(handle, first, false, whole, room);
        out.payload().put(again.frames, payload, room);
        out.endData();
        int behind = payload + length;
        FrameWriter rest = SentFragments.writer(again.length);
        rest.place(at + (first ? OffsetBuffer.HEADER : 0) + room, -1);
        rest.beginFragment(handle, false, last, -1, length - room);
        rest.payload().put(again.frames, payload + room, length - room);
        rest.endData();
        rest.copy(again.frames, behind, again.length - behind);
        again.become(rest);
        return true;
    }

    private SentFragments keepNew(FrameWriter out) {
        SentFragments kept = new SentFragments(this, arrays.take());
        underWay.add(kept);
        out.note(kept, 0, 0);
        return kept;
    }

    private static long bytes(IntrusiveList<SentFragments> list) {
        long bytes = 0;
        for (SentFragments kept = list.first(); kept != null; kept = list.after(kept)) {
            bytes += kept.length;
        }
        return bytes;
    }

    private void clear(IntrusiveList<SentFragments> list) {
        for (SentFragments kept = list.first(); kept != null; kept = list.first()) {
            list.remove(kept);
            arrays.giveBack(kept.release());
        }
    }
}
