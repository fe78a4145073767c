package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a stream: its life from OPEN to the confirmed end, as {@link ReceivePhase} shows it. Its elements
 * and their credit are the {@link Intake}'s; what it has to tell the peer is written by its {@link ReceiveFrames}.
 *
 * <p>How the half ends after CLOSE's last element is told by CLOSE's code: 0 is completion. The memory of the window goes
 * back when the half is STOPPED or ENDED. Where control frames may overtake DATA, CLOSE waits for what was sent before it,
 * and what comes behind an abrupt end is dropped. A STOP refuses the whole stream where this side's own OPEN will never be
 * written (see {@link StreamEpoch}). Loop-confined. PROTOCOL section 4, "Cost", "Grants", "Ends" and "Order"; DESIGN
 * section 4.
 */
public final class ReceiveHalf extends ControlNode {

    private final SessionView session;
    private final ReceiveFrames frames = new ReceiveFrames(this);
    private final Intake intake;
    private ReceivePhase phase = ReceivePhase.AWAITING;
    /** What {@link StreamListener#onReceiveEnded} is to tell, {@link #CLEAN} or a code. */
    private long outcome = CLEAN;

    ReceiveHalf(StreamEpoch stream, SessionView session, ControlLane lane) {
        super(stream, lane);
        this.session = session;
        this.intake = new Intake(this, session);
    }

    // ---- commands

    /**
     * The next queued element, read only; null if there is none. It counts as held until {@link #consumed}. Works after
     * the session's end too, until the queue is empty.
     */
    public @Nullable ByteBuffer poll() {
        return intake.poll();
    }

    /**
     * An element that {@link #poll} gave has been consumed: its onNext has returned. Elements are reported in order. May
     * call {@link StreamListener#onReceiveEnded}, after the last one.
     *
     * @param length of the payload
     */
    public void consumed(int length) {
        if (phase.isOver()) {
            intake.consumeRetained(Cost.of(length));
        } else if (phase != ReceivePhase.AWAITING) {
            intake.consume(Cost.of(length));
        }
    }

    /**
     * Tells whether the subscriber has asked for more than it was given. Windows grow, and payloads larger than a window
     * pass, only under demand.
     */
    public void demand(boolean outstanding) {
        intake.demand(outstanding);
    }

    /**
     * Large payload: {@link StreamHost#reservePayload} had answered false, and the memory is reserved now. If the
     * half has ended meanwhile the memory goes back at once.
     */
    public void onPayloadReserved() {
        intake.onPayloadReserved();
    }

    /**
     * Bytes that have come of the payload for which memory is reserved by {@link StreamHost#reservePayload}; -1 if
     * none is reserved, or all of it is here.
     */
    public long payloadGained() {
        return intake.payloadGained();
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
            intake.discard();
            return;
        }
        outcome = code.number();
        end(outcome);
        if (phase == ReceivePhase.ENDED) {
            queueNotice(); // CLOSE has come before, so no frame of the peer will answer
        }
        stream().settle();
    }

    // ---- queries

    /** Elements queued. */
    public int pending() {
        return intake.pending();
    }

    /** Whether no more elements will come: stopped or reset, or closed and everything consumed, or the session is over. */
    public boolean ended() {
        return phase.isOver();
    }

    /**
     * Whether the peer has closed its half and all of it has come: what is queued is the rest of it, also after the
     * session's end.
     */
    public boolean closed() {
        return intake.hasAll();
    }

    /** What the peer has closed its half with, 0 for completion: how it ends after what is queued. 0 if it has not. */
    public long closeCode() {
        return closed() ? intake.end().code() : ErrorCode.NONE.number();
    }

    /**
     * What the peer's application says of the error with this code, with which its half has ended; {@link ErrorDetail#NONE} of
     * any other code.
     */
    public ErrorDetail detailOf(long code) {
        return code == closeCode() ? intake.end().detail() : ErrorDetail.NONE;
    }

    /** Elements received, those being put together included. */
    public long elementsReceived() {
        return intake.elementsReceived();
    }

    /** Bytes received of their payloads. */
    public long bytesReceived() {
        return intake.bytesReceived();
    }

    /** WINDOWs that raised the limit. */
    public long grantsSent() {
        return intake.grantsSent();
    }

    /** Bytes reserved in the session's budget by this half's window. */
    public long reservedBytes() {
        return intake.reservedBytes();
    }

    // ---- frames in

    @Nullable
    ErrorCode onData(boolean first, boolean last, long total, byte[] array, int offset, int length, int record) {
        if (phase.takesData()) {
            stream().touch();
            if (!intake.isInStream()) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            ErrorCode violation = intake.onData(first, last, total, array, offset, length, record);
            return violation == null ? closeWhenAllCame() : violation;
        }
        // on an ordered link nothing can come behind CLOSE or RESET
        boolean overtaken = phase == ReceivePhase.STOPPED || !session.isOrdered();
        return overtaken && handle() != 0 ? intake.absorb(first, length) : ErrorCode.PROTOCOL_VIOLATION;
    }

    /** An element that came by a datagram, at this offset. What was on its way when the half was ended is dropped. */
    @Nullable
    ErrorCode onDatagram(long at, byte[] array, int offset, int length, int record) {
        if (stream().peerReliable()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        DatagramIntake datagrams = intake.datagrams();
        if (!datagrams.isBelowLimit(at, length)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (!phase.takesData() || at < intake.received() || datagrams.isInStream()) {
            session.onLate();
            return null;
        }
        stream().touch();
        if (at + Cost.of(length) > intake.limit()) {
            stream().fail(ErrorCode.FLOW_CONTROL);
            return null;
        }
        if (!datagrams.reaches(at) || ended()) {
            return null;
        }
        ErrorCode violation = intake.onData(true, true, -1, array, offset, length, record);
        return violation == null ? closeWhenAllCame() : violation;
    }

    /** How far the peer's half goes by datagrams, as it says in the lane of control or in the half's stream. */
    @Nullable
    ErrorCode onDatagrams(long limit, boolean inStream) {
        if (stream().peerReliable()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        DatagramIntake datagrams = intake.datagrams();
        ErrorCode violation = phase.takesData() ? datagrams.onLimit(limit, inStream) : null;
        return violation == null && phase.takesData() ? closeWhenAllCame() : violation;
    }

    Intake intake() {
        return intake;
    }

    void onBlocked(long limit, long sent) {
        if (phase == ReceivePhase.LIVE && intake.onBlocked(limit, sent)) {
            grant();
        }
    }

    @Nullable
    ErrorCode onClose(HalfEnd end) {
        boolean stopped = phase == ReceivePhase.STOPPED && handle() != 0;
        if (!stopped && phase != ReceivePhase.LIVE || !intake.close(end, stopped)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (stopped) {
            phase = ReceivePhase.ENDED;
            tell();
            return null;
        }
        phase = ReceivePhase.CLOSING;
        return closeWhenAllCame();
    }

    void onReset(long raw) {
        if (phase == ReceivePhase.ENDED) {
            return;
        }
        if (phase != ReceivePhase.STOPPED) {
            outcome = raw;
            end(raw);
        }
        phase = ReceivePhase.ENDED;
        tell();
    }

    /** The peer has refused the stream: its OPEN will not come. */
    void onRefused(long raw) {
        if (awaiting()) {
            if (phase == ReceivePhase.AWAITING) {
                outcome = raw;
            }
            phase = ReceivePhase.ENDED;
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
        if (out.remaining() < ReceiveFrames.MOST_BYTES) {
            return false;
        }
        long granted = frames.write(out);
        leaveList();
        if (granted > 0) {
            session.host().onGranted(stream(), granted);
        }
        tellNotice(outcome);
        stream().settle();
        return true;
    }

    /** All of its state, for messages and for telling states apart in tests. */
    @Override
    public String toString() {
        return "receiving " + handle() + " " + phase + " due" + owed() + " code " + frames.stopCode() + " outcome "
                + outcome + " " + intake;
    }

    // ---- for the elements

    /** Whether it is open, and neither side has ended it: what is consumed is granted again. */
    boolean isLive() {
        return phase == ReceivePhase.LIVE;
    }

    /** A WINDOW is to be written. */
    void grant() {
        frames.grant();
    }

    /** Ends the half if CLOSE has come and everything is consumed. */
    void finishIfDrained() {
        if (phase == ReceivePhase.DRAINING && intake.isDrained()) {
            phase = ReceivePhase.ENDED;
            intake.finish();
            grant();
            tell();
            stream().settle();
        }
    }

    // ---- for the epoch

    /** The peer's OPEN has come; its window was reserved when the open was allowed. */
    void attach(long peerHandle, long initialWindow) {
        handle(peerHandle);
        intake.open(initialWindow);
        if (phase == ReceivePhase.STOPPED) {
            intake.discard();
            frames.stop();
        } else {
            phase = ReceivePhase.LIVE;
        }
    }

    /** The stream is claimed: its configuration and listener are known. */
    void claimed() {
        if (phase == ReceivePhase.LIVE && intake.configure(stream().config())) {
            grant();
        }
        if (phase == ReceivePhase.ENDED) {
            queueNotice();
        }
    }

    /** No OPEN of the peer has come, and it may still. */
    boolean awaiting() {
        return handle() == 0 && phase != ReceivePhase.ENDED;
    }

    /** Ended as far as the peer's view goes, but for a STOP or WINDOW that is on its way out. */
    boolean confirmed() {
        return phase == ReceivePhase.ENDED;
    }

    /** Whether the peer has ended it. */
    boolean hasEnded() {
        return phase == ReceivePhase.ENDED || intake.isClosed();
    }

    /** Confirmed, and nothing is left to write or to tell. */
    boolean over() {
        return phase == ReceivePhase.ENDED && !isDue(NOTICE) && isAcknowledged();
    }

    @Override
    boolean isCurrent(int what, long argument) {
        return frames.isCurrent(what, argument);
    }

    /** Refuses the peer's stream: STOP in place of this side's OPEN, even if this half is over, or was stopped before. */
    void refuse(long raw) {
        frames.refuse(raw);
    }

    /** The peer never heard of the stream: no frame, and the listener is told by the next writeControl. */
    void abandon() {
        phase = ReceivePhase.ENDED;
        queueNotice();
    }

    /** The peer never heard of the stream, and nobody is told. */
    void retract() {
        leaveList();
        phase = ReceivePhase.ENDED;
        done(END);
    }

    /** The session is over. Queued elements may still be polled, and keep their memory until consumed. */
    void onSessionClosed() {
        if (phase != ReceivePhase.AWAITING && !ended()) {
            phase = ReceivePhase.ENDED;
            intake.retainQueue();
        }
    }

    /** Tells the listener how the half has ended, unless it knows. */
    void tell() {
        tell(outcome);
    }

    @Override
    void tellEnd(StreamListener listener, @Nullable ErrorCode reset, long raw) {
        listener.onReceiveEnded(reset, raw);
    }

    // ---- private

    /** CLOSE has come: once all has come that was sent before it, what is here is the rest. */
    private @Nullable ErrorCode closeWhenAllCame() {
        if (phase == ReceivePhase.CLOSING && intake.reachesEnd()) {
            if (!intake.hasAll()) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            phase = ReceivePhase.DRAINING;
            outcome = intake.end().code() == ErrorCode.NONE.number()
                    ? CLEAN
                    : intake.end().code();
            finishIfDrained();
        }
        return null;
    }

    /** Discards everything; STOP if the peer has opened its half. */
    private void end(long raw) {
        phase = intake.isClosed() ? ReceivePhase.ENDED : ReceivePhase.STOPPED;
        intake.discard();
        frames.stop(raw);
    }
}
