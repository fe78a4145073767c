package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
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

    private final SendCredit credit;
    private final Fragments fragments = new Fragments();
    /** The element begun last, for {@link #abort}. */
    private long begunCost;

    private @Nullable FrameWriter begunIn;
    private long elements;

    Outlet(SendCredit credit) {
        this.credit = credit;
    }

    /** As {@link SendHalf#begin}. */
    Write begin(FrameWriter out, long handle, int length) {
        long cost = Cost.of(length);
        if (!credit.fits(cost)) {
            return cost > credit.window() ? Write.NEEDS_FRAGMENTS : Write.NO_CREDIT;
        }
        if (!out.beginData(handle, length)) {
            return out.isEmpty() || length > FrameWriter.RECORD_MAX - FrameWriter.dataOverhead(handle, length)
                    ? Write.NEEDS_FRAGMENTS
                    : Write.RECORD_FULL;
        }
        credit.spend(cost);
        elements++;
        begunCost = cost;
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

    /** As {@link SendHalf#write}. */
    Write write(FrameWriter out, long handle, ByteBuffer payload) {
        boolean first = !fragments.inProgress();
        Write result = fragments.write(out, handle, credit, payload);
        if (first && (result == Write.DONE || fragments.inProgress())) {
            elements++;
        }
        return result;
    }

    /** Whether an element is partly sent in fragments. */
    boolean isPartlySent() {
        return fragments.inProgress();
    }

    /** The half is ended: the rest of an element that is partly sent is not. */
    void end() {
        fragments.clear();
    }

    /** Elements written, or begun in fragments. */
    long elements() {
        return elements;
    }
}
