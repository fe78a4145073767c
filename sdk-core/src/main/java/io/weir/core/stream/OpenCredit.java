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
 * Little is promised before it is used, as thousands of idle sessions may share the node's memory:
 *
 * <ul>
 *   <li>at first {@value #FIRST_PROMISES}, as long as three quarters of the memory are free;
 *   <li>as streams live, as many again, out of the free half, so that promises do not keep windows from growing;
 *   <li>to a peer that says BLOCKED as many as it needs, up to {@value #ASKED_PROMISES} that take no more than a 16th of
 *       what is free; one as long as there is room for it. Where there is none, {@link #starved} tells to try again
 *       later.
 * </ul>
 *
 * <p>A place returns when its stream's last frame has been written, never earlier: an OPEN and RESET in a loop costs the
 * peer its places until it has read the answers.
 *
 * <p>Nothing is promised before somebody asks for the limit, which HELLO does: a peer that only shakes hands costs no
 * budget.
 */
final class OpenCredit {

    static final int FIRST_PROMISES = 2;
    static final int ASKED_PROMISES = 16;

    /** What is free is this many times what a peer that asks is promised. */
    private static final int SHARE = 16;

    private final long window;
    private final int most;
    private final MemoryBudget budget;

    /** Behind as many handles as were opened; the next to be opened where that is in order. */
    private long next = Frame.FIRST_HANDLE;

    private long returned;
    private long promised;
    private long announced;
    private boolean begun;
    /** Which handles were opened, where that is in any order; null where it is one after the other. */
    private final @Nullable HandleSet used;

    /** The limit that the peer is known to have been told by a WINDOW; and whether the last WINDOW was lost. */
    private long acked;

    private boolean lost;

    /** The limit that the peer needs, as it said since it was told one; 0 if it did not. */
    private long wanted;

    OpenCredit(long window, int most, MemoryBudget budget) {
        this(window, most, budget, false);
    }

    /** @param anyOrder whether OPENs come in any order, and again */
    OpenCredit(long window, int most, MemoryBudget budget, boolean anyOrder) {
        this.used = anyOrder ? new HandleSet() : null;
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
        if (used == null && handle != next) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        return handle >= announced ? ErrorCode.STREAM_LIMIT : null;
    }

    /** Whether an OPEN of this handle, which has not come, is allowed: then a window is reserved for it. */
    boolean isAllowed(long handle) {
        return begun && handle >= Frame.FIRST_HANDLE && handle < announced && !isUsed(handle);
    }

    /** Whether this handle was opened. */
    boolean isUsed(long handle) {
        return handle >= Frame.FIRST_HANDLE && (used == null ? handle < next : used.contains(handle));
    }

    /** Whether an OPEN of this handle repeats one that has come; never where none is repeated. */
    boolean isRepeat(long handle) {
        return used != null && used.contains(handle);
    }

    /** The highest handle that was opened, 0 if none. */
    long highest() {
        if (used != null) {
            return used.highest();
        }
        return next > Frame.FIRST_HANDLE ? next - 1 : 0;
    }

    /** Takes an OPEN that was allowed: its window, reserved until now by the promise, is its stream's. */
    void take(long handle) {
        if (used != null) {
            used.add(handle);
        }
        next++;
        promised--;
        promise();
    }

    /** The resources of one opened stream are free. */
    void onReturned() {
        returned++;
        promise();
    }

    /** Takes BLOCKED(0); one that needs no more than the limit has come late, and is of no interest. */
    void onBlocked(long wantedLimit) {
        if (begun && wantedLimit > announced) {
            wanted = wantedLimit;
            promise();
        }
    }

    /** Whether the peer waits for a promise for which there is no memory. */
    boolean starved() {
        return wanted > announced && limit() <= announced && inUse() < most;
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

    /** Streams opened and not returned. */
    long inUse() {
        return next - Frame.FIRST_HANDLE - returned;
    }

    boolean due() {
        return begun && (lost || limit() > announced);
    }

    /** Writes WINDOW(0) if it is due; false if the record has no room. */
    boolean write(FrameWriter out) {
        if (due()) {
            if (!out.window(0, Frame.FIRST_HANDLE + returned, limit())) {
                return false;
            }
            announced = limit();
            wanted = 0;
            lost = false;
        }
        return true;
    }

    /** The limit that the peer was told last. */
    long announced() {
        return announced;
    }

    /** The peer has a WINDOW(0) with this limit. */
    void onAcked(long limit) {
        acked = Math.max(acked, limit);
        lost &= acked < announced;
    }

    /** A WINDOW(0) with this limit was lost: of no interest if the peer has it, or a later one was written. */
    void onLost(long limit) {
        lost |= limit == announced && limit > acked;
    }

    /** Promises as many opens as are wanted and can be paid for. May be tried again whenever memory was released. */
    void promise() {
        while (promised < most - inUse()
                && isTellable()
                && (mayPromiseAsked() || mayPromiseUnasked())
                && budget.tryReserve(window)) {
            promised++;
        }
    }

    /** Whether the next promise is of a handle that can be told apart from those before. */
    private boolean isTellable() {
        return used == null || next + promised < used.end();
    }

    private boolean mayPromiseAsked() {
        return promised < Math.min(ASKED_PROMISES, wanted - next)
                && (promised == 0 || SHARE * promised * window <= budget.free());
    }

    private boolean mayPromiseUnasked() {
        long inUse = inUse();
        return promised < Math.max(FIRST_PROMISES, inUse) && budget.leaves(inUse == 0 ? 3 : 2, window);
    }

    @Override
    public String toString() {
        return next + " of " + (next + promised);
    }
}
