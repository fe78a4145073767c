package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.ReceiveWindow;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.VarInt;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a stream, on an ordered link: takes DATA within the window, offers each element to the listener
 * and queues what it does not take, grants credit as elements are consumed.
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
 * The memory of the window goes back when the half is STOPPED or ENDED. A STOP waits until this side's own OPEN is
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
    private final ElementQueue queue = new ElementQueue();
    private final LargePayload large;
    private Phase phase = Phase.AWAITING;
    /** 0 until the peer's OPEN has come. */
    private long handle;

    private @Nullable ReceiveWindow window;
    private long elements;
    private boolean demand;
    /** The peer has exceeded its credit: its offsets mean nothing any more. */
    private boolean offended;

    private boolean windowDue;
    private boolean stopDue;
    private boolean noticeDue;
    private boolean told;
    /** What {@link StreamListener#onReceiveEnded} is to tell, {@link #CLEAN} or a code. */
    private long outcome = CLEAN;

    private long stopCode;
    /** After the session's end: what the queue still holds of the budget. */
    private long retained;

    ReceiveHalf(StreamEpoch stream) {
        this.stream = stream;
        this.large = new LargePayload(stream);
    }

    // ---- commands

    /**
     * The next queued element, read only; null if there is none. It counts as held until {@link #consumed}. Works after
     * the session's end too, until the queue is empty.
     */
    public @Nullable ByteBuffer poll() {
        return queue.poll();
    }

    /**
     * An element that {@link #poll} gave has been consumed: its onNext has returned. Elements are reported in order. May
     * call {@link StreamListener#onReceiveEnded}, after the last one.
     *
     * @param length of the payload
     */
    public void consumed(int length) {
        ReceiveWindow w = window;
        if (w != null && (phase == Phase.LIVE || phase == Phase.DRAINING)) {
            consume(w, Cost.of(length));
        }
        if (retained > 0) {
            release(Math.min(retained, Cost.of(length)));
        }
    }

    /**
     * Tells whether the subscriber has asked for more than it was given. Windows grow, and payloads larger than a window
     * pass, only under demand.
     */
    public void demand(boolean outstanding) {
        demand = outstanding;
        if (outstanding) {
            admitLarge();
        }
    }

    /**
     * Large payload: {@link StreamTable.Host#reservePayload} had answered false, and the memory is reserved now. If the
     * half has ended meanwhile the memory goes back at once.
     */
    public void onPayloadReserved() {
        ReceiveWindow w = window;
        large.onReserved();
        if (phase == Phase.LIVE && w != null) {
            raise(w);
            admitLarge();
        }
    }

    /** Ends the half now: STOP; what is queued and what still comes is discarded. Without effect on one already over. */
    public void stop(ErrorCode code) {
        if (retained > 0) {
            queue.clear();
            release(retained);
        }
        if (ended()) {
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
        return queue.size();
    }

    /** Whether no more elements will be delivered: stopped or reset, or closed and everything consumed. */
    public boolean ended() {
        return phase == Phase.STOPPED || phase == Phase.ENDED;
    }

    /** Elements received, those being put together included. */
    public long elementsReceived() {
        return elements;
    }

    /** WINDOWs that raised the limit. */
    public long grantsSent() {
        ReceiveWindow w = window;
        return w == null ? 0 : w.grantsSent();
    }

    /** Bytes reserved in the session's budget by this half's window. */
    public long reservedBytes() {
        ReceiveWindow w = window;
        return w == null ? 0 : w.reserved();
    }

    // ---- frames in

    @Nullable
    ErrorCode onData(boolean first, boolean last, long total, byte[] array, int offset, int length, int record) {
        ReceiveWindow w = window;
        if (phase != Phase.LIVE || w == null) {
            return absorb(first, length);
        }
        stream.touch();
        if (!(first & last)) {
            return fragment(w, first, last, total, array, offset, length);
        }
        if (large.elements().inProgress()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        long cost = Cost.of(length);
        if (!received(w, cost)) {
            return null;
        }
        elements++;
        if (length > stream.table().maxPayloadBytes()) {
            refuseLarge();
        } else {
            deliver(w, array, offset, length, record);
        }
        return null;
    }

    @Nullable
    ErrorCode onBlocked(long limit, long sent) {
        ReceiveWindow w = window;
        if (w != null && phase == Phase.LIVE) {
            StreamTable.Host host = stream.table().host();
            if (w.onBlocked(limit, sent, demand, host.nowNanos(), host.rttNanos())) {
                grant();
            }
        }
        return null;
    }

    @Nullable
    ErrorCode onClose(long finalOffset, long count) {
        ReceiveWindow w = window;
        if (phase == Phase.DRAINING || phase == Phase.ENDED || w == null) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        // the link is ordered: everything up to the final offset has come, and nothing beyond it can
        boolean exact = finalOffset == w.received()
                && count == elements
                && !large.elements().inProgress();
        if (phase == Phase.STOPPED) {
            phase = Phase.ENDED;
            tell();
            return offended || finalOffset == w.received() ? null : ErrorCode.PROTOCOL_VIOLATION;
        }
        if (!exact) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        phase = Phase.DRAINING;
        finishIfDrained(w);
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

    /** The table had to end this half: tells the listener at once. */
    void fail(ErrorCode why) {
        stop(why);
        tell();
    }

    // ---- frames out

    @Override
    boolean writeDue(FrameWriter out) {
        ReceiveWindow w = window;
        if (out.remaining() < MOST_BYTES_DUE) {
            return false;
        }
        if (windowDue && w != null) {
            windowDue = false;
            long limit = w.grant(stream.table().nowNanos(), !large.elements().inProgress());
            out.window(handle, w.consumed(), limit);
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

    // ---- for the epoch

    StreamEpoch stream() {
        return stream;
    }

    /** The peer's OPEN has come; its window was reserved when the open was allowed. */
    void attach(long peerHandle, long initialWindow) {
        MemoryBudget budget = stream.table().budget();
        ReceiveWindow w = new ReceiveWindow(initialWindow, initialWindow, budget);
        handle = peerHandle;
        window = w;
        if (phase == Phase.STOPPED) {
            w.releaseAll();
            stopDue = true;
            permitStop();
        } else {
            phase = Phase.LIVE;
        }
    }

    /** The stream is claimed: its configuration and listener are known. */
    void claimed() {
        ReceiveWindow w = window;
        if (w == null) {
            return;
        }
        StreamConfig config = stream.config();
        if (phase == Phase.LIVE && w.configure(config.windowBytes(), config.maxWindowBytes())) {
            grant();
        }
        if (phase == Phase.ENDED && !told) {
            noticeDue = true;
            stream.table().lane().due(this);
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
            stream.table().lane().due(this);
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
            stream.table().lane().due(this);
        }
    }

    /** The session is over. Queued elements may still be polled, and keep their memory until consumed. */
    void onSessionClosed() {
        ReceiveWindow w = window;
        if (w == null || ended()) {
            return;
        }
        phase = Phase.ENDED;
        long held = (large.elements().inProgress() ? large.elements().start() : w.received()) - w.consumed();
        large.discard();
        w.releaseAll();
        if (!queue.isEmpty() && stream.table().budget().tryReserve(held)) {
            retained = held;
        }
    }

    /** All of its state, for messages and for telling states apart in tests. */
    @Override
    public String toString() {
        ReceiveWindow w = window;
        return "receiving " + handle + " " + phase + (told ? " told" : "") + (windowDue ? " windowDue" : "")
                + (stopDue ? " stopDue" : "") + (noticeDue ? " noticeDue" : "") + (demand ? " demand" : "")
                + " code " + stopCode + " outcome " + outcome + " elements " + elements + " pending " + pending()
                + (w == null ? "" : " consumed " + w.consumed() + " of " + w.received() + " limit " + w.limit());
    }

    // ---- elements

    private @Nullable ErrorCode fragment(
            ReceiveWindow w, boolean first, boolean last, long total, byte[] array, int offset, int length) {
        Reassembly parts = large.elements();
        if (first == parts.inProgress()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        long start = w.received();
        if (!received(w, first ? Cost.of(length) : length)) {
            return null;
        }
        if (first) {
            elements++;
            if (total > stream.table().maxPayloadBytes()) {
                refuseLarge();
                return null;
            }
            parts.begin((int) total, start);
        }
        long reserved = large.isReserved() ? parts.end() : w.limit();
        if (!parts.append(array, offset, length, last, reserved)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (last) {
            large.onComplete();
            byte[] whole = parts.take();
            deliver(w, whole, 0, whole.length, whole.length);
        } else {
            admitLarge();
        }
        return null;
    }

    /** Accounts what arrived; false if it is more than the peer was allowed, which ends the stream. */
    private boolean received(ReceiveWindow w, long cost) {
        if (!w.onReceived(cost)) {
            offended = true;
            stream.fail(ErrorCode.FLOW_CONTROL);
            return false;
        }
        if (w.rttSampleDue()) {
            w.sampleRtt(stream.table().host().nowNanos());
        }
        return true;
    }

    private void deliver(ReceiveWindow w, byte[] array, int offset, int length, int record) {
        StreamListener listener = stream.listener();
        boolean taken = listener != null && queue.isEmpty() && listener.onElement(array, offset, length);
        if (phase != Phase.LIVE) {
            return; // the listener has ended the half
        }
        if (taken) {
            consume(w, Cost.of(length));
        } else {
            queue.add(array, offset, length, record);
        }
    }

    private void consume(ReceiveWindow w, long cost) {
        w.onConsumed(cost);
        large.onConsumed();
        if (phase == Phase.DRAINING) {
            finishIfDrained(w);
        } else {
            if (!windowDue && w.grantDue(!queue.isEmpty())) {
                grant();
            }
            if (large.elements().inProgress()) {
                admitLarge();
            }
        }
    }

    /** DATA for a half that takes none: up to the last limit it was on its way when STOP was sent. */
    private @Nullable ErrorCode absorb(boolean first, int length) {
        ReceiveWindow w = window;
        if (phase != Phase.STOPPED || w == null) {
            return ErrorCode.PROTOCOL_VIOLATION; // beyond CLOSE or RESET
        }
        if (first) {
            elements++;
        }
        return w.onReceived(first ? Cost.of(length) : length) ? null : ErrorCode.FLOW_CONTROL;
    }

    /** The next element is larger than the window: lets it pass as soon as its memory is reserved. */
    private void admitLarge() {
        ReceiveWindow w = window;
        Reassembly parts = large.elements();
        if (w == null || phase != Phase.LIVE || !demand || !parts.inProgress() || parts.end() <= w.limit()) {
            return;
        }
        if (w.consumed() == parts.start() && large.reserve()) {
            raise(w);
        }
    }

    private void raise(ReceiveWindow w) {
        if (large.isReserved()) {
            w.raiseForPayload(large.elements().end());
            grant();
        }
    }

    private void refuseLarge() {
        fail(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    private void grant() {
        windowDue = true;
        stream.table().lane().due(this);
    }

    // ---- ends

    private void finishIfDrained(ReceiveWindow w) {
        if (w.consumed() == w.received()) {
            phase = Phase.ENDED;
            w.releaseAll();
            grant();
            tell();
            stream.settle();
        }
    }

    /** Discards everything; STOP if the peer has opened its half. */
    private void end(long raw) {
        phase = phase == Phase.DRAINING ? Phase.ENDED : Phase.STOPPED;
        stopCode = raw;
        queue.clear();
        large.discard();
        windowDue = false;
        ReceiveWindow w = window;
        if (w != null) {
            w.releaseAll();
            stopDue = true;
            permitStop();
        }
    }

    private void release(long bytes) {
        retained -= bytes;
        stream.table().budget().release(bytes);
    }

    private void tell() {
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
}
