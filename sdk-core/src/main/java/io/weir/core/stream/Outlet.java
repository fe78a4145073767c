package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
import io.weir.core.wire.FrameOverhead;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one sending half: writes them into records under its credit, whole or in fragments. Its {@link SendHalf}
 * says whether any may be written, and tells the peer when credit has run out.
 *
 * <pre>
 *   begin() --&gt; credit --&gt; room in the record --&gt; endData(), or abort()
 *   write() --&gt; credit --&gt; a fragment in each record --&gt; DONE
 * </pre>
 */
final class Outlet {

    /** Room in a packet from which on an element is cut that would fit the next one whole. */
    private static final int WORTH_CUTTING = 256;

    private final SendCredit credit;
    private final Fragments fragments = new Fragments();
    /** The element begun last, for {@link #abort}. */
    private long begunCost;

    private @Nullable FrameWriter begunIn;
    /** Where it begins in the record. */
    private int begunAt;

    private long elements;
    /** What may have to be written again; null where nothing is lost, or the half is fire-and-forget. */
    private @Nullable SentData sent;

    private final DatagramPhase datagrams;

    Outlet(SendCredit credit, DatagramPhase datagrams) {
        this.credit = credit;
        this.datagrams = datagrams;
    }

    /** What is written into packets that may be lost is kept here. */
    void keepIn(SentData repeats) {
        sent = repeats;
    }

    /** As {@link SendHalf#begin}. */
    Write begin(FrameWriter out, SendHalf half, int length) {
        long cost = Cost.of(length);
        if (!credit.fits(cost)) {
            return cost > credit.window() ? Write.NEEDS_FRAGMENTS : Write.NO_CREDIT;
        }
        if (!entersStream(out)) {
            return Write.RECORD_FULL;
        }
        boolean bare = out.isBare();
        int most = FrameWriter.RECORD_MAX;
        if (out.isDatagram()) {
            out.place(credit.sent(), -1);
        } else if (out.isNoted()) {
            if (!half.writeOpenBeside(out)) {
                return Write.RECORD_FULL;
            }
            place(out, half, elements);
            most = out.position() + out.remaining() - out.placeOverhead();
        }
        int at = out.position();
        if (!out.beginData(half.handle(), length)) {
            if (out.isDatagram()) {
                return noDatagram(bare);
            }
            return bare || length > most - FrameOverhead.data(half.handle(), length) || isWorthCutting(out, half)
                    ? Write.NEEDS_FRAGMENTS
                    : Write.RECORD_FULL;
        }
        credit.spend(cost);
        elements++;
        begunCost = cost;
        begunAt = at;
        if (begunIn != out) {
            begunIn = out;
        }
        return Write.OK;
    }

    /** As {@link SendHalf#abortElement}. */
    void abort() {
        FrameWriter out = begunIn;
        if (out == null || begunCost == 0) {
            throw new IllegalStateException("no element was begun");
        }
        out.cancelData();
        credit.refund(begunCost);
        elements--;
        begunCost = 0;
    }

    /** As {@link SendHalf#endElement}. */
    void end(FrameWriter out) {
        out.endData();
        keep(out, begunAt);
    }

    /** As {@link SendHalf#write}. */
    Write write(FrameWriter out, SendHalf half, ByteBuffer payload) {
        boolean first = !fragments.inProgress();
        if (out.isDatagram()) {
            return noDatagram(true); // they have whole elements
        }
        if (!entersStream(out)) {
            return Write.RECORD_FULL;
        }
        if (out.isNoted()) {
            if (!fragments.mayWrite(credit, payload)) {
                return Write.NO_CREDIT;
            }
            if (!half.writeOpenBeside(out)) {
                return Write.RECORD_FULL;
            }
            place(out, half, first ? elements : elements - 1);
        }
        int from = out.position();
        Write result = fragments.write(out, half.handle(), credit, payload);
        if (out.position() > from) {
            keep(out, from);
        }
        if (first && (result == Write.DONE || fragments.inProgress())) {
            elements++;
        }
        return result;
    }

    /**
     * Where datagrams are behind, or nobody offers one any more, the element goes into the stream, in front of which stands where
     * that begins; false if there is no room for that.
     */
    private boolean entersStream(FrameWriter out) {
        if (out.isDatagram()) {
            return true;
        }
        if (datagrams.isGoing()) {
            datagrams.leave(credit.sent());
        }
        return datagrams.writeInStream(out);
    }

    /** An element does not fit here: the next datagram has room for it, or none ever has. */
    private Write noDatagram(boolean bare) {
        if (bare && datagrams.isGoing()) {
            datagrams.leave(credit.sent());
        }
        return Write.RECORD_FULL;
    }

    /** Whether an element is partly sent in fragments. */
    boolean isPartlySent() {
        return fragments.inProgress();
    }

    /** The half is ended: the rest of an element that is partly sent is not. */
    void end() {
        fragments.clear();
    }

    /** The peer needs nothing again of what was sent. */
    void forget() {
        SentData kept = sent;
        if (kept != null) {
            kept.clear();
        }
    }

    /** Elements written, or begun in fragments. */
    long elements() {
        return elements;
    }

    /** Bytes that are kept for that. */
    long heldBytes() {
        SentData kept = sent;
        return kept == null ? 0 : kept.heldBytes();
    }

    private void keep(FrameWriter out, int from) {
        SentData kept = sent;
        if (kept != null && out.isNoted()) {
            kept.keep(out, from);
        }
    }

    /** A packet costs more than putting an element together. One that is fire-and-forget is lost with any of its packets. */
    private static boolean isWorthCutting(FrameWriter out, SendHalf half) {
        return out.isNoted() && half.reliable() && out.remaining() - out.placeOverhead() >= WORTH_CUTTING;
    }

    private void place(FrameWriter out, SendHalf half, long seq) {
        out.place(credit.sent(), half.reliable() ? -1 : seq);
    }
}
