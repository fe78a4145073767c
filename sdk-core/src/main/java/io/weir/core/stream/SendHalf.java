package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a stream, on an ordered link. Elements go straight into records under credit; everything else it
 * has to tell are flags that {@link StreamTable#writeControl} turns into frames.
 *
 * <pre>
 *  unopened --OPEN written--&gt; (the same phase, opened)
 *
 *            close(code)          CLOSE written             WINDOW(consumed = final), STOP
 *    LIVE ------------&gt; CLOSING ----------------&gt; CLOSED --------------------------------&gt; OVER
 *     |                    |                         |                                      ^ ^
 *     | reset(), STOP      | reset(), STOP           | reset()                              | |
 *     v                    v                         v                                      | |
 *    RESETTING &lt;-----------+-------------------------+       WINDOW(consumed = final)       | |
 *     |   |                                                  if CLOSE was written           | |
 *     |   +---------------------------------------------------------------------------------+ |
 *     |  RESET written, STOP came before                                                      |
 *     +---------------------------------------------------------------------------------------+
 *     |  RESET written                   STOP, or WINDOW(consumed = final) if CLOSE was written
 *     +----------------&gt; RESET -----------------------------------------------------------&gt; OVER
 * </pre>
 *
 * CLOSE carries a code, 0 for completion; with any other the peer tells an error where it would have told completion, and
 * nothing else is different. A half that is reset before its OPEN was written goes OVER without a frame if nobody waits for it any more: the peer
 * never heard of the stream, or it is refused by STOP instead (see {@link StreamEpoch}). A STOP is answered by RESET with
 * the same code, unless CLOSE or RESET was written before. Loop-confined. PROTOCOL section 4, "Ends".
 */
public final class SendHalf extends ControlNode {

    private enum Phase {
        LIVE,
        CLOSING,
        CLOSED,
        RESETTING,
        RESET,
        OVER
    }

    private final StreamEpoch stream;
    private final SendCredit credit;
    private final ControlLane lane;
    private Phase phase = Phase.LIVE;
    /** 0 until OPEN is written. */
    private long handle;
    /** OPEN is written and the half is LIVE. */
    private boolean writable;

    private final Fragments fragments = new Fragments();
    /** The element begun last, for {@link #abortElement}. */
    private long begunCost;

    private @Nullable FrameWriter begunIn;
    private long elements;
    private long backpressureEvents;

    private boolean blockedDue;
    private boolean noticeDue;
    private boolean closeWritten;
    private boolean stopped;
    private boolean told;
    /** Of CLOSE or RESET, whichever is to be written next or was written last. */
    private long code;

    SendHalf(StreamEpoch stream, SendCredit credit, ControlLane lane) {
        this.stream = stream;
        this.credit = credit;
        this.lane = lane;
    }

    // ---- elements, the hot path

    /**
     * Begins a whole element. After {@link Write#OK} put exactly {@code length} bytes into {@link FrameWriter#payload()}
     * and call {@link FrameWriter#endData()}, or {@link #abortElement}. Allocates nothing.
     *
     * @param length bytes of the element, 0 or more
     * @return OK; NO_CREDIT, then BLOCKED is sent once per limit; RECORD_FULL; NEEDS_FRAGMENTS if the element is larger
     *     than a record or than the peer's window
     * @throws IllegalStateException if the half is not {@link #writable}, or an element in fragments is not done
     */
    public Write begin(FrameWriter out, int length) {
        if (!writable || fragments.inProgress()) {
            throw notWritable();
        }
        long cost = Cost.of(length);
        if (!credit.fits(cost)) {
            return cost > credit.window() ? Write.NEEDS_FRAGMENTS : noCredit();
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

    /** Forgets the element that {@link #begin} has begun and gives its credit back: it could not be encoded. */
    public void abortElement() {
        FrameWriter out = begunIn;
        if (out == null || begunCost == 0) {
            throw new IllegalStateException("no element was begun");
        }
        out.cancelData();
        credit.refund(begunCost);
        elements--;
        begunCost = 0;
    }

    /**
     * Writes one fragment of the element: as much as credit and this record allow. Call again with the same buffer, whose
     * position tells the progress, until DONE. Fragments of one half are never interleaved; other halves may write between
     * them.
     *
     * <p>An element that fits the peer's window waits until all of it has credit; a larger one goes as far as it can, and
     * the peer lets the rest pass when it has reserved the memory.
     *
     * @return DONE; RECORD_FULL: go on in the next record; NO_CREDIT: go on at onSendable. Something may have been written
     *     in each case
     * @throws IllegalStateException if the half is not {@link #writable}
     */
    public Write write(FrameWriter out, ByteBuffer payload) {
        if (!writable) {
            throw notWritable();
        }
        boolean first = !fragments.inProgress();
        Write result = fragments.write(out, handle, credit, payload);
        if (first && (result == Write.DONE || fragments.inProgress())) {
            elements++;
        }
        return result == Write.NO_CREDIT ? noCredit() : result;
    }

    /**
     * There would be something to send if there were credit: BLOCKED goes out, once per limit. Done by {@link #begin} and
     * {@link #write} already; needed when nothing was asked of a publisher for lack of credit.
     */
    public void blocked() {
        if (writable) {
            noCredit();
        }
    }

    // ---- ends, commands

    /** Completes the half after what has been written, as {@link #close(ErrorCode)} with NONE. */
    public void close() {
        close(ErrorCode.NONE);
    }

    /**
     * Ends the half after what has been written: CLOSE. Without effect if it has been ended before.
     *
     * @param why NONE: the half is complete. Otherwise what the peer tells its subscriber after the last element
     * @throws IllegalStateException if an element in fragments is not done
     */
    public void close(ErrorCode why) {
        if (phase != Phase.LIVE) {
            return;
        }
        if (fragments.inProgress()) {
            throw new IllegalStateException("an element is partly sent: finish it, or reset the half");
        }
        code = why.number();
        enter(Phase.CLOSING);
        due();
    }

    /** Ends the half now: RESET, which discards what the peer has not delivered. Without effect on one already over. */
    public void reset(ErrorCode why) {
        if (phase == Phase.LIVE || phase == Phase.CLOSING || phase == Phase.CLOSED) {
            code = why.number();
            enter(Phase.RESETTING);
            due();
            stream.settle();
        }
    }

    // ---- queries

    /** Whether elements may be written: OPEN is written, and neither side has ended the half. */
    public boolean writable() {
        return writable;
    }

    /** Whether OPEN is written; until then it waits for the peer to allow it, or for the link. */
    public boolean opened() {
        return handle != 0;
    }

    /** The credit of this half; fixed for its life. */
    public SendCredit credit() {
        return credit;
    }

    /** Elements written, or begun in fragments. */
    public long elementsSent() {
        return elements;
    }

    /** Whether nothing more can be written: this side has closed or reset the half, or the peer stopped it. */
    public boolean ended() {
        return phase != Phase.LIVE;
    }

    /** How often the half ran out of credit with something to send, once per limit. */
    public long backpressureEvents() {
        return backpressureEvents;
    }

    // ---- frames in

    @Nullable
    ErrorCode onWindow(long consumed, long limit) {
        if (phase == Phase.OVER) {
            return null;
        }
        long before = credit.limit();
        long windowBefore = credit.window();
        ErrorCode violation = credit.onWindow(consumed, limit);
        if (violation != null) {
            return violation;
        }
        if (closeWritten && credit.consumed() == credit.sent()) {
            boolean wasReset = phase != Phase.CLOSED;
            enter(Phase.OVER);
            leaveList();
            tellClean();
            if (!wasReset) {
                tellSettled(null, 0);
            }
            stream.settle();
        } else if ((credit.limit() > before || credit.window() < windowBefore) && phase == Phase.LIVE) {
            // a window that has shrunk below an element says that it must go in fragments
            blockedDue &= credit.limit() == before;
            StreamListener listener = stream.listener();
            if (listener != null) {
                listener.onSendable();
            }
        }
        return null;
    }

    void onStop(long raw) {
        if (stopped || phase == Phase.OVER) {
            return;
        }
        stopped = true;
        boolean closed = phase == Phase.CLOSED;
        switch (phase) {
            case LIVE, CLOSING -> {
                code = raw;
                enter(Phase.RESETTING);
                due();
            }
            // "every RESET is answered by STOP": and the receiver has, or gets, CLOSE or RESET, so it will be done too
            case CLOSED, RESET -> enter(Phase.OVER);
            case RESETTING -> {
                if (closeWritten) {
                    enter(Phase.OVER);
                    leaveList();
                }
            }
            case OVER -> {}
        }
        tell(raw);
        if (closed) {
            tellSettled(ErrorCode.of(raw), raw);
        }
    }

    // ---- frames out

    boolean writeOpen(FrameWriter out, long newHandle) {
        Frame.Open open = new Frame.Open(
                newHandle,
                stream.id().value(),
                stream.epoch(),
                reliable(),
                stream.announcedWindow(),
                stream.asksForHandler(),
                stream.answers(),
                stream.ownName(),
                stream.ownHeaders());
        if (!out.open(open)) {
            return false;
        }
        leaveList();
        handle = newHandle;
        writable = phase == Phase.LIVE;
        due();
        return true;
    }

    /** After OPEN was written and everything about it noted. */
    void onOpened() {
        stream.receiving().permitStop();
        StreamListener listener = stream.listener();
        if (writable && listener != null) {
            listener.onSendable();
        }
    }

    @Override
    boolean writeDue(FrameWriter out) {
        if (blockedDue) {
            if (!out.blocked(handle, credit.limit(), credit.sent())) {
                return false;
            }
            blockedDue = false;
        }
        boolean written = true;
        if (phase == Phase.CLOSING) {
            written = out.close(handle, credit.sent(), elements, code);
            if (written) {
                closeWritten = true;
                enter(Phase.CLOSED);
            }
        } else if (phase == Phase.RESETTING) {
            written = out.reset(handle, code);
            if (written) {
                enter(stopped ? Phase.OVER : Phase.RESET);
            }
        }
        if (!written) {
            return false;
        }
        leaveList();
        if (phase == Phase.CLOSED && !reliable()) {
            tellClean();
        }
        if (noticeDue) {
            noticeDue = false;
            tell(code);
        }
        stream.settle();
        return true;
    }

    // ---- for the epoch

    StreamEpoch stream() {
        return stream;
    }

    long handle() {
        return handle;
    }

    boolean resetting() {
        return phase == Phase.RESETTING;
    }

    /** Ended as far as the peer's view goes, but for a RESET that is on its way out. */
    boolean confirmed() {
        return stopped || phase == Phase.OVER;
    }

    /** Confirmed, and nothing is left to write or to tell. */
    boolean over() {
        return phase == Phase.OVER && !noticeDue;
    }

    long code() {
        return code;
    }

    /** Never to be opened: no frame, and the listener is told by the next writeControl. */
    void abandon() {
        leaveList();
        enter(Phase.OVER);
        if (!told && stream.listener() != null) {
            noticeDue = true;
            lane.due(this);
        }
    }

    /** Never to be opened, and nobody is told. */
    void retract() {
        leaveList();
        enter(Phase.OVER);
        told = true;
    }

    /** All of its state, for messages and for telling states apart in tests. */
    @Override
    public String toString() {
        return "sending " + handle + " " + phase + (told ? " told" : "") + (stopped ? " stopped" : "")
                + (closeWritten ? " closeWritten" : "") + (blockedDue ? " blockedDue" : "")
                + (noticeDue ? " noticeDue" : "") + " code " + code + " sent " + credit.sent() + " of "
                + credit.limit() + " consumed " + credit.consumed() + " elements " + elements;
    }

    /** Tells the listener that the half is over with this code, unless it knows of its end. */
    void tell(long raw) {
        if (!told) {
            told = true;
            StreamListener listener = stream.listener();
            if (listener != null) {
                listener.onSendEnded(ErrorCode.of(raw), raw);
            }
        }
    }

    // ---- private

    private boolean reliable() {
        return stream.config().reliability() == Reliability.RELIABLE;
    }

    private void enter(Phase next) {
        phase = next;
        writable = false;
        fragments.clear();
        blockedDue = false;
    }

    /** Puts the half on the control lane if it has something to write there; before OPEN nothing is. */
    private void due() {
        if (handle != 0 && (phase == Phase.CLOSING || phase == Phase.RESETTING || blockedDue)) {
            lane.due(this);
        }
    }

    private Write noCredit() {
        if (credit.pollBlocked()) {
            backpressureEvents++;
            blockedDue = true;
            due();
        }
        return Write.NO_CREDIT;
    }

    private void tellClean() {
        if (!told) {
            told = true;
            StreamListener listener = stream.listener();
            if (listener != null) {
                listener.onSendEnded(null, 0);
            }
        }
    }

    private void tellSettled(@Nullable ErrorCode stopCode, long raw) {
        StreamListener listener = stream.listener();
        if (listener != null) {
            listener.onSendSettled(stopCode, raw);
        }
    }

    private IllegalStateException notWritable() {
        return new IllegalStateException(
                fragments.inProgress()
                        ? "an element is partly sent in fragments"
                        : "the sending half is not open: " + phase);
    }
}
