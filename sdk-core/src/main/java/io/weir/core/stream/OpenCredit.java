package io.weir.core.stream;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * How many streams the peer may open: handles below a limit that only rises, like any credit (PROTOCOL section 4).
 *
 * <pre>
 *   3        3 + returned               next expected              limit
 *   |-------------|==========================|- - - - - - - - - - - -|
 *    streams over   in use                    promised: the initial window of each is reserved
 * </pre>
 *
 * A promise reserves the initial window that comes with an OPEN, so that no number of OPENs can exceed the memory budget.
 * {@value #BASE_PROMISES} are kept as long as the budget has room; as streams live their number doubles that of the live
 * ones, but only out of the free half of the budget, so that promises do not keep windows from growing. A place returns
 * when its stream's last frame has been written, never earlier: an OPEN and RESET in a loop costs the peer its places
 * until it has read the answers.
 *
 * <p>Nothing is promised before somebody asks for the limit, which HELLO does: a peer that only shakes hands costs no
 * budget.
 */
final class OpenCredit {

    static final int BASE_PROMISES = 16;

    private final long window;
    private final int most;
    private final MemoryBudget budget;

    private long next = Frame.FIRST_HANDLE;
    private long returned;
    private long promised;
    private long announced;
    private boolean begun;

    OpenCredit(long window, int most, MemoryBudget budget) {
        this.window = window;
        this.most = most;
        this.budget = budget;
    }

    private void begin() {
        if (!begun) {
            begun = true;
            promise();
            announced = next + promised; // by HELLO
        }
    }

    /** Null if an OPEN of this handle is allowed. Nothing is taken yet. */
    @Nullable
    ErrorCode check(long handle) {
        begin();
        if (handle != next) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        return handle >= announced ? ErrorCode.STREAM_LIMIT : null;
    }

    /** Takes an OPEN that was allowed: its window, reserved until now by the promise, is its stream's. */
    void take() {
        next++;
        promised--;
        promise();
    }

    /** The resources of one opened stream are free. */
    void onReturned() {
        returned++;
        promise();
    }

    /** The session is over. */
    void releaseAll() {
        begun = true;
        budget.release(promised * window);
        promised = 0;
    }

    /** First handle that the peer may not open, as promised; may not have been told yet. */
    long limit() {
        begin();
        return next + promised;
    }

    /** First handle that was never opened. */
    long next() {
        return next;
    }

    /** Streams opened and not returned. */
    long inUse() {
        return next - Frame.FIRST_HANDLE - returned;
    }

    boolean due() {
        return begun && limit() > announced;
    }

    /** Writes WINDOW(0) if it is due; false if the record has no room. */
    boolean write(FrameWriter out) {
        if (due()) {
            if (!out.window(0, Frame.FIRST_HANDLE + returned, limit())) {
                return false;
            }
            announced = limit();
        }
        return true;
    }

    /** Promises as many opens as are wanted and can be paid for. May be tried again whenever memory was released. */
    void promise() {
        long inUse = inUse();
        long wanted = Math.min(Math.max(BASE_PROMISES, inUse), most - inUse);
        while (promised < wanted && (promised < BASE_PROMISES || halfIsFree()) && budget.tryReserve(window)) {
            promised++;
        }
    }

    @Override
    public String toString() {
        return next + " of " + (next + promised);
    }

    private boolean halfIsFree() {
        return budget.available() - window >= budget.maxBytes() / 2;
    }
}
