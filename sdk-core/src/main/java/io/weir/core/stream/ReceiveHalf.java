package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.VarInt;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a stream, on an ordered link: its life from OPEN to the confirmed end. Its elements and their
 * credit are the {@link Intake}'s.
 *
 * <pre>
 *            OPEN of the peer          CLOSE                   all consumed: WINDOW(consumed = final)
 *  AWAITING -----------------&gt; LIVE ----------&gt; DRAINING ---------------------------------------------&gt; ENDED
 *     | |                       |  |               |  |    stop(): STOP; RESET: STOP                     ^ ^ ^
 *     | |                       |  |               |  +--------------------------------------------------+ | |
 *     | |                       |  |     RESET: STOP                                                       | |
 *     | | refused by STOP       |  +-----------------------------------------------------------------------+ |
 *     | +-----------------------|----------------------------------------------------------------------------+
 *     | stop()                  | stop(): STOP                                                               |
 *     |                         v                   CLOSE or RESET of the peer, refused by STOP              |
 *     +-------------------&gt; STOPPED -------------------------------------------------------------------------+
 *        (STOP when OPEN comes)   (DATA up to the last limit is absorbed)
 * </pre>
 *
 * How the half ends after CLOSE's last element is told by CLOSE's code: 0 is completion. The memory of the window goes back when the half is STOPPED or ENDED. A STOP waits until this side's own OPEN is
 * written, since a STOP without one refuses the whole stream (see {@link StreamEpoch}). Loop-confined. PROTOCOL
 * section 4, "Cost", "Grants" and "Ends"; DESIGN section 4.
 */
public final class ReceiveHalf extends ControlNode {

    private enum Phase {
        AWAITING,
        LIVE,
        DRAINING,
        STOPPED,
        ENDED
    }

    /** WINDOW and STOP. */
    private static final int MOST_BYTES_DUE = 2 + 5 * VarInt.MAX_LENGTH;

    private static final long CLEAN = -1;

    private final StreamEpoch stream;
    private final SessionView session;
    private final ControlLane lane;
    private Phase phase = Phase.AWAITING;
    /** 0 until the peer's OPEN has come. */
    private long handle;
    /** Null until the peer's OPEN has come. */
    private @Nullable Intake intake;

    private boolean demand;
    private boolean windowDue;
    private boolean stopDue;
    private boolean noticeDue;
    private boolean told;
    /** What {@link StreamListener#onReceiveEnded} is to tell, {@link #CLEAN} or a code. */
    private long outcome = CLEAN;

    /** CLOSE has come. */
    private boolean closed;
    /** CLOSE's code. */
    private long closeCode;

    private long stopCode;

    ReceiveHalf(StreamEpoch stream, SessionView session, ControlLane lane) {
        this.stream = stream;
        this.session = session;
        this.lane = lane;
    }

    // ---- commands

    /**
     * The next queued element, read only; null if there is none. It counts as held until {@link #consumed}. Works after
     * the session's end too, until the queue is empty.
     */
    public @Nullable ByteBuffer poll() {
        Intake in = intake;
        return in == null ? null : in.poll();
    }

    /**
     * An element that {@link #poll} gave has been consumed: its onNext has returned. Elements are reported in order. May
     * call {@link StreamListener#onReceiveEnded}, after the last one.
     *
     * @param length of the payload
     */
    public void consumed(int length) {
        Intake in = intake;
        if (in == null) {
            return;
        }
        if (phase == Phase.LIVE || phase == Phase.DRAINING) {
            in.consume(Cost.of(length));
        } else {
            in.consumeRetained(Cost.of(length));
        }
    }

    /**
     * Tells whether the subscriber has asked for more than it was given. Windows grow, and payloads larger than a window
     * pass, only under demand.
     */
    public void demand(boolean outstanding) {
        demand = outstanding;
        Intake in = intake;
        if (in != null) {
            in.demand(outstanding);
        }
    }

    /**
     * Large payload: {@link StreamTable.Host#reservePayload} had answered false, and the memory is reserved now. If the
     * half has ended meanwhile the memory goes back at once.
     */
    public void onPayloadReserved() {
        Intake in = intake;
        if (in != null) {
            in.onPayloadReserved();
        }
    }

    /**
     * Bytes that have come of the payload for which memory is reserved by {@link StreamTable.Host#reservePayload}; -1 if
     * none is reserved, or all of it is here.
     */
    public long payloadGained() {
        Intake in = intake;
        return in == null ? -1 : in.payloadGained();
    }

    /** What comes of that payload comes too slowly, while others wait for the memory: ends the half. */
    public void payloadTooSlow() {
        if (payloadGained() >= 0) {
            fail(ErrorCode.PAYLOAD_TIMEOUT);
        }
    }

    /**
     * Ends the half now: STOP; what is queued and what still comes is discarded. After the session's end it discards
     * what is queued; otherwise without effect on a half already over.
     */
    public void stop(ErrorCode code) {
        if (ended()) {
            discard();
            return;
        }
        outcome = code.number();
        end(outcome);
        if (phase == Phase.ENDED && stream.listener() != null) {
            noticeDue = true; // CLOSE has come before, so no frame of the peer will answer
        }
        stream.settle();
    }

    // ---- queries

    /** Elements queued. */
    public int pending() {
        Intake in = intake;
        return in == null ? 0 : in.pending();
    }

    /** Whether no more elements will come: stopped or reset, or closed and everything consumed, or the session is over. */
    public boolean ended() {
        return phase == Phase.STOPPED || phase == Phase.ENDED;
    }

    /** Whether the peer has closed its half: what is queued is the rest of it, also after the session's end. */
    public boolean closed() {
        return closed;
    }

    /** What the peer has closed its half with, 0 for completion: how it ends after what is queued. 0 if it has not. */
    public long closeCode() {
        return closeCode;
    }

    /** Elements received, those being put together included. */
    public long elementsReceived() {
        Intake in = intake;
        return in == null ? 0 : in.elementsReceived();
    }

    /** WINDOWs that raised the limit. */
    public long grantsSent() {
        Intake in = intake;
        return in == null ? 0 : in.grantsSent();
    }

    /** Bytes reserved in the session's budget by this half's window. */
    public long reservedBytes() {
        Intake in = intake;
        return in == null ? 0 : in.reservedBytes();
    }

    // ---- frames in

    @Nullable
    ErrorCode onData(boolean first, boolean last, long total, byte[] array, int offset, int length, int record) {
        Intake in = intake;
        if (phase == Phase.LIVE && in != null) {
            stream.touch();
            return in.onData(first, last, total, array, offset, length, record);
        }
        // beyond CLOSE or RESET nothing can come
        return phase == Phase.STOPPED && in != null ? in.absorb(first, length) : ErrorCode.PROTOCOL_VIOLATION;
    }

    void onBlocked(long limit, long sent) {
        Intake in = intake;
        if (phase == Phase.LIVE && in != null && in.onBlocked(limit, sent)) {
            grant();
        }
    }

    @Nullable
    ErrorCode onClose(long finalOffset, long count, long code) {
        Intake in = intake;
        boolean stopped = phase == Phase.STOPPED;
        if (in == null || !stopped && phase != Phase.LIVE || !in.agrees(finalOffset, count, stopped)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (stopped) {
            phase = Phase.ENDED;
            tell();
        } else {
            phase = Phase.DRAINING;
            closed = true;
            closeCode = code;
            if (code != ErrorCode.NONE.number()) {
                outcome = code;
            }
            finishIfDrained();
        }
        return null;
    }

    void onReset(long raw) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (phase != Phase.STOPPED) {
            outcome = raw;
            end(raw);
        }
        phase = Phase.ENDED;
        tell();
    }

    /** The peer's STOP came before its OPEN: there will be no OPEN. */
    void refused(long raw) {
        if (awaiting()) {
            if (phase == Phase.AWAITING) {
                outcome = raw;
            }
            phase = Phase.ENDED;
            tell();
        }
    }

    /** This side had to end this half alone: tells the listener at once. */
    void fail(ErrorCode why) {
        stop(why);
        tell();
    }

    // ---- frames out

    @Override
    boolean writeDue(FrameWriter out) {
        if (out.remaining() < MOST_BYTES_DUE) {
            return false;
        }
        Intake in = intake;
        if (windowDue && in != null) {
            windowDue = false;
            in.writeWindow(out, handle);
        }
        if (stopDue && stream.mayStop()) {
            stopDue = false;
            out.stop(handle, stopCode);
        }
        leaveList();
        if (noticeDue) {
            noticeDue = false;
            tell();
        }
        stream.settle();
        return true;
    }

    // ---- for the elements

    /** Whether elements are taken: the half is open, and neither side has ended it. */
    boolean isLive() {
        return phase == Phase.LIVE;
    }

    /** A WINDOW is to be written. */
    void grant() {
        if (!windowDue) {
            windowDue = true;
            lane.due(this);
        }
    }

    /** Ends the half if CLOSE has come and everything is consumed. */
    void finishIfDrained() {
        Intake in = intake;
        if (phase == Phase.DRAINING && in != null && in.isDrained()) {
            phase = Phase.ENDED;
            in.discard();
            grant();
            tell();
            stream.settle();
        }
    }

    // ---- for the epoch

    StreamEpoch stream() {
        return stream;
    }

    /** The peer's OPEN has come; its window was reserved when the open was allowed. */
    void attach(long peerHandle, long initialWindow) {
        handle = peerHandle;
        intake = new Intake(this, session, initialWindow, demand);
        if (phase == Phase.STOPPED) {
            discard();
            stopDue = true;
            permitStop();
        } else {
            phase = Phase.LIVE;
        }
    }

    /** The stream is claimed: its configuration and listener are known. */
    void claimed() {
        Intake in = intake;
        if (phase == Phase.LIVE && in != null && in.configure(stream.config())) {
            grant();
        }
        if (phase == Phase.ENDED && !told) {
            noticeDue = true;
            lane.due(this);
        }
    }

    long handle() {
        return handle;
    }

    /** No OPEN of the peer has come, and it may still. */
    boolean awaiting() {
        return handle == 0 && phase != Phase.ENDED;
    }

    /** This side has decided to end it, or it has ended. */
    boolean given() {
        return phase == Phase.STOPPED || phase == Phase.ENDED;
    }

    /** Ended as far as the peer's view goes, but for a STOP or WINDOW that is on its way out. */
    boolean confirmed() {
        return phase == Phase.ENDED;
    }

    /** Confirmed, and nothing is left to write or to tell. */
    boolean over() {
        return phase == Phase.ENDED && !stopDue && !windowDue && !noticeDue;
    }

    /** A STOP that waited for this side's OPEN may go out. */
    void permitStop() {
        if (stopDue && stream.mayStop()) {
            lane.due(this);
        }
    }

    /** Refuses the peer's stream: STOP in place of this side's OPEN, even if this half is over. */
    void refuse(long raw) {
        if (!stopDue) {
            stopDue = true;
            stopCode = raw;
        }
        permitStop();
    }

    /** The peer never heard of the stream: no frame, and the listener is told by the next writeControl. */
    void abandon() {
        phase = Phase.ENDED;
        if (!told && stream.listener() != null) {
            noticeDue = true;
            lane.due(this);
        }
    }

    /** The peer never heard of the stream, and nobody is told. */
    void retract() {
        leaveList();
        phase = Phase.ENDED;
        told = true;
    }

    /** The session is over. Queued elements may still be polled, and keep their memory until consumed. */
    void onSessionClosed() {
        Intake in = intake;
        if (in != null && !ended()) {
            phase = Phase.ENDED;
            in.retainQueue();
        }
    }

    /** All of its state, for messages and for telling states apart in tests. */
    @Override
    public String toString() {
        return "receiving " + handle + " " + phase + (told ? " told" : "") + (windowDue ? " windowDue" : "")
                + (stopDue ? " stopDue" : "") + (noticeDue ? " noticeDue" : "") + (demand ? " demand" : "")
                + " code " + stopCode + " outcome " + outcome + (intake == null ? "" : " " + intake);
    }

    /** Tells the listener how the half has ended, unless it knows. */
    void tell() {
        StreamListener listener = stream.listener();
        if (!told && listener != null) {
            told = true;
            if (outcome == CLEAN) {
                listener.onReceiveEnded(null, 0);
            } else {
                listener.onReceiveEnded(ErrorCode.of(outcome), outcome);
            }
        }
    }

    // ---- private

    /** Discards everything; STOP if the peer has opened its half. */
    private void end(long raw) {
        phase = phase == Phase.DRAINING ? Phase.ENDED : Phase.STOPPED;
        stopCode = raw;
        windowDue = false;
        discard();
        if (handle != 0) {
            stopDue = true;
            permitStop();
        }
    }

    private void discard() {
        Intake in = intake;
        if (in != null) {
            in.discard();
        }
    }
}
