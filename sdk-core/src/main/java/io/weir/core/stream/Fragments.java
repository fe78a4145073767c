package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
import io.weir.core.wire.FrameOverhead;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;

/** The element that one sending half is writing in fragments, record by record. */
final class Fragments {

    /** A shorter rest of a record is not worth a fragment. */
    private static final int SMALLEST = 1_024;

    /** A shorter rest of a packet, which may have 1,200 bytes in all. */
    private static final int SMALLEST_IN_PACKET = 64;

    /** Bytes of the element that is partly sent; -1 if there is none. */
    private int total = -1;

    boolean inProgress() {
        return total >= 0;
    }

    void clear() {
        total = -1;
    }

    /** Whether there is credit for a fragment. */
    boolean mayWrite(SendCredit credit, ByteBuffer payload) {
        if (inProgress()) {
            return credit.available() > 0;
        }
        long cost = Cost.of(payload.remaining());
        return credit.fits(cost) || cost > credit.window() && !credit.exhausted();
    }

    /** Writes one fragment, and spends its credit; as {@link SendHalf#write}. */
    Write write(FrameWriter out, long handle, SendCredit credit, ByteBuffer payload) {
        boolean first = !inProgress();
        int whole = first ? payload.remaining() : total;
        if (first && !credit.fits(Cost.of(whole)) && Cost.of(whole) <= credit.window()) {
            return Write.NO_CREDIT; // it will fit as a whole
        }
        int overhead = first ? Cost.ELEMENT_OVERHEAD : 0;
        int affordable = (int) Math.min(credit.available() - overhead, payload.remaining());
        // a window of 16 carries a first fragment without bytes: it tells the total, so that more may be granted
        if (affordable < 0 || affordable == 0 && !first) {
            return Write.NO_CREDIT;
        }
        int header = FrameOverhead.fragment(handle, first, false, whole, affordable) + out.placeOverhead();
        int room = room(out, header, affordable);
        if (room < 0 || room == 0 && affordable > 0) {
            return Write.RECORD_FULL;
        }
        int length = Math.min(affordable, room);
        boolean last = length == payload.remaining();
        if (!out.beginFragment(handle, first, last, whole, length)) {
            return Write.RECORD_FULL;
        }
        copy(payload, length, out);
        credit.spend(overhead + length);
        total = last ? -1 : whole;
        if (last) {
            return Write.DONE;
        }
        return credit.available() == 0 ? Write.NO_CREDIT : Write.RECORD_FULL;
    }

    /** Bytes of a fragment for which the record has room below its target; -1 if that is not worth it. */
    private static int room(FrameWriter out, int header, int wanted) {
        int free = Math.min(out.remaining(), FrameWriter.RECORD_TARGET - out.position()) - header;
        int smallest = out.isNoted() ? SMALLEST_IN_PACKET : SMALLEST;
        return free >= Math.min(wanted, smallest) || out.isBare() ? free : -1;
    }

    private static void copy(ByteBuffer payload, int length, FrameWriter out) {
        int end = payload.limit();
        payload.limit(payload.position() + length);
        out.payload().put(payload);
        payload.limit(end);
        out.endData();
    }
}
