package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a stream. Elements go straight into records under credit, by its {@link Outlet};
 * everything else it has to tell is due until {@link StreamTable#writeControl} has its {@link SendFrames} make a frame of
 * it. {@link SendPhase} says what it may do, and what each event makes of it.
 *
 * <p>CLOSE carries a code, 0 for completion; with any other the peer tells an error where it would have told completion,
 * and nothing else is different, but that the detail of an application's error has to be paid for. A half that is reset before its OPEN was written goes OVER without a frame if nobody
 * waits for it any more: the peer never heard of the stream, or is told by a STOP that refuses it (see {@link StreamEpoch}). A
 * STOP is answered by RESET with the same code, unless CLOSE or RESET was written before. Loop-confined. PROTOCOL section
 * 4, "Ends".
 */
public final class SendHalf extends ControlNode {

    private final SendCredit credit;
    private final Outlet outlet;
    private final DatagramPhase datagrams = new DatagramPhase(this);
    private final SendFrames frames;
    private SendPhase phase = SendPhase.OPENING;
    private long backpressureEvents;

    SendHalf(StreamEpoch stream, SendCredit credit, ControlLane lane) {
        super(stream, lane);
        this.credit = credit;
        this.outlet = new Outlet(credit, datagrams);
        this.frames = new SendFrames(this, credit, outlet, datagrams);
    }

    /** The stream is claimed, so that it is known what is to be written again; where packets are lost. */
    void repeatsLost(ControlLane lane) {
        if (reliable()) {
            outlet.keepIn(new SentData(this, lane));
        }
    }

    /** The stream is claimed, so that it is known whether it may lose elements; where the carrier has datagrams beside its streams. */
    void usesDatagrams() {
        if (!reliable() && !opened() && !ended()) {
            datagrams.begin();
        }
    }

    /** How far datagrams go is to be said anew. */
    void oweDatagrams() {
        if (!phase.isEnded()) {
            owe(DATAGRAMS);
            queueFrames();
        }
    }

    // ---- elements, the hot path

    /**
     * Begins a whole element. After {@link Write#OK} put exactly {@code length} bytes into {@link FrameWriter#payload()}
     * and call {@link #endElement}, or {@link #abortElement}. Allocates nothing on an ordered link.
     *
     * @param length bytes of the element, 0 or more
     * @return OK; NO_CREDIT, then BLOCKED is sent once per limit; RECORD_FULL; NEEDS_FRAGMENTS if the element is larger
     *     than a record or than the peer's window
     * @throws IllegalStateException if the half is not {@link #writable}, or an element in fragments is not done
     */
    public Write begin(FrameWriter out, int length) {
        if (phase != SendPhase.LIVE || outlet.isPartlySent()) {
            throw notWritable();
        }
        Write result = outlet.begin(out, this, length);
        if (result == Write.OK) {
            stream().touch();
        }
        return result == Write.NO_CREDIT ? noCredit() : result;
    }

    /**
     * Takes the element over that {@link #begin} has begun into the same record; as {@link FrameWriter#endData()}, which
     * suffices where nothing is lost.
     */
    public void endElement(FrameWriter out) {
        outlet.end(out);
    }

    /** Forgets the element that {@link #begin} has begun and gives its credit back: it could not be encoded. */
    public void abortElement() {
        outlet.abort();
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
        if (phase != SendPhase.LIVE) {
            throw notWritable();
        }
        long before = credit.sent();
        Write result = outlet.write(out, this, payload);
        if (credit.sent() != before) {
            stream().touch();
        }
        return result == Write.NO_CREDIT ? noCredit() : result;
    }

    /**
     * There would be something to send if there were credit: BLOCKED goes out, once per limit. Done by {@link #begin} and
     * {@link #write} already; needed when nothing was asked of a publisher for lack of credit.
     */
    public void blocked() {
        if (phase == SendPhase.LIVE) {
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
        if (!phase.isEnded()) {
            close(why.number());
        }
    }

    /**
     * The same with an error of the application, whose text and payload cost credit as an element does: CLOSE waits for it. A
     * peer whose whole window they exceed gets the number alone, one that knows no such errors {@code APPLICATION_ERROR}.
     */
    public void close(ApplicationException why) {
        if (!stream().peerTakesApplicationErrors()) {
            close(ErrorCode.APPLICATION_ERROR);
        } else if (!phase.isEnded()) {
            frames.detail(ErrorDetail.of(why));
            close(why.reason().code());
        }
    }

    private void close(long code) {
        if (outlet.isPartlySent()) {
            throw new IllegalStateException("an element is partly sent: finish it, or reset the half");
        }
        end(SendPhase.CLOSING, CLOSE, code);
    }

    /** Ends the half now: RESET, which discards what the peer has not delivered. Without effect on one already over. */
    public void reset(ErrorCode why) {
        if (!phase.isEnded() || phase == SendPhase.CLOSING) {
            end(isCloseWritten() ? SendPhase.RECALLING : SendPhase.RESETTING, RESET, why.number());
            stream().settle();
        }
    }

    // ---- queries

    /** Whether elements may be written: OPEN is written, and neither side has ended the half. */
    public boolean writable() {
        return phase == SendPhase.LIVE;
    }

    /** Whether OPEN is written; until then it waits for the peer to allow it, or for the link. */
    public boolean opened() {
        return handle() != 0;
    }

    /** The credit of this half; fixed for its life. */
    public SendCredit credit() {
        return credit;
    }

    /**
     * Whether elements go by datagrams: {@link #begin} wants a writer that was {@linkplain FrameWriter#resetDatagram reset} for one. With
     * RECORD_FULL this may end, for good; then, as everywhere else, the half's own lane has the elements.
     */
    public boolean goesByDatagram() {
        return datagrams.isGoing();
    }

    /** Elements written, or begun in fragments. */
    public long elementsSent() {
        return outlet.elements();
    }

    /** Bytes written of their payloads. */
    public long bytesSent() {
        return credit().sent() - Cost.ELEMENT_OVERHEAD * elementsSent();
    }

    /** Bytes of DATA that are kept to be written again if they are lost; 0 where nothing is. */
    long heldBytes() {
        return outlet.heldBytes();
    }

    /** Whether nothing more can be written: this side has closed or reset the half, or the peer stopped it. */
    public boolean ended() {
        return phase.isEnded();
    }

    /** How often the half ran out of credit with something to send, once per limit. */
    public long backpressureEvents() {
        return backpressureEvents;
    }

    // ---- frames in

    @Nullable
    ErrorCode onWindow(long consumed, long limit) {
        settled(OPEN);
        if (phase == SendPhase.OVER) {
            stream().settle();
            return null;
        }
        long before = credit.limit();
        long windowBefore = credit.window();
        ErrorCode violation = credit.onWindow(consumed, limit);
        if (violation != null) {
            return violation;
        }
        if (isCloseWritten() && credit.consumed() == credit.sent()) {
            boolean closed = phase == SendPhase.CLOSING;
            confirm(); // CLOSE may have crossed this and be lost
            tell(CLEAN);
            if (closed) {
                stream().tellSettled(null, 0);
            }
            stream().settle();
        } else if (phase == SendPhase.LIVE && (credit.limit() > before || credit.window() < windowBefore)) {
            // a window that has shrunk below an element says that it must go in fragments
            if (credit.limit() != before) {
                done(BLOCKED);
            }
            stream().tellSendable();
        } else if (phase == SendPhase.CLOSING && !isCloseWritten()) {
            queueFrames(); // its detail may have the credit now
        }
        return null;
    }

    void onStop(long raw) {
        settled(OPEN);
        if (confirmed()) {
            return;
        }
        boolean closed = phase == SendPhase.CLOSING && isCloseWritten();
        if (isCloseWritten() || phase == SendPhase.RESETTING && (!isDue(RESET) || isUnacked(RESET))) {
            // "every RESET is answered by STOP": and the receiver has, or gets, CLOSE or RESET, so it will be done too
            confirm();
        } else if (phase == SendPhase.RESETTING) {
            phase = SendPhase.STOPPED; // the RESET that is due answers it, with the code of this side
        } else {
            end(SendPhase.STOPPED, RESET, raw);
        }
        tell(raw);
        if (closed) {
            stream().tellSettled(ErrorCode.of(raw), raw);
        }
    }

    // ---- frames out

    boolean writeOpen(FrameWriter out, long newHandle) {
        if (!frames.writeOpen(out, newHandle)) {
            return false;
        }
        leaveList();
        handle(newHandle);
        if (phase == SendPhase.OPENING) {
            phase = SendPhase.LIVE;
        }
        queueFrames();
        return true;
    }

    /**
     * Every packet with DATA carries OPEN until the peer is known to have it: writes it where it is missing; false if the packet
     * has no room for it and some DATA.
     */
    boolean writeOpenBeside(FrameWriter out) {
        return !isUnacked(OPEN) || out.hasNoted(this, OPEN) || frames.writeOpenBeside(out);
    }

    /** After OPEN was written and everything about it noted. */
    void onOpened() {
        if (phase == SendPhase.LIVE) {
            stream().tellSendable();
        }
    }

    @Override
    boolean writeDue(FrameWriter out) {
        if (!frames.write(out)) {
            return false;
        }
        if (phase == SendPhase.STOPPED) {
            phase = SendPhase.OVER;
        }
        leaveList();
        if (phase == SendPhase.CLOSING && isCloseWritten() && !reliable()) {
            tell(CLEAN);
        }
        tellNotice(code());
        stream().settle();
        return true;
    }

    // ---- for the epoch

    /** Whether this side has reset it and CLOSE was not written, nor has the peer said STOP. */
    boolean isReset() {
        return phase == SendPhase.RESETTING;
    }

    /** Ended as far as the peer's view goes, but for a RESET that is on its way out. */
    boolean confirmed() {
        return phase == SendPhase.STOPPED || phase == SendPhase.OVER;
    }

    /** Confirmed, and nothing is left to write or to tell. */
    boolean over() {
        return phase == SendPhase.OVER && !isDue(NOTICE) && isAcknowledged();
    }

    @Override
    boolean isCurrent(int what, long argument) {
        return frames.isCurrent(what, argument);
    }

    @Override
    void onKnown(int what) {
        // a half that is confirmed needs the peer to have either
        settled(what == RESET || what == CLOSE && confirmed() ? CLOSE | RESET : what);
    }

    long code() {
        return frames.code();
    }

    /** Never to be opened: no frame, and the listener is told by the next writeControl. */
    void abandon() {
        confirm();
        queueNotice();
    }

    /** Never to be opened, and nobody is told. */
    void retract() {
        confirm();
        done(END);
    }

    /** All of its state, for messages and for telling states apart in tests. */
    @Override
    public String toString() {
        return "sending " + handle() + " " + phase + " due" + owed() + " code " + code() + " sent " + credit.sent()
                + " of " + credit.limit() + " consumed " + credit.consumed() + " elements " + outlet.elements();
    }

    @Override
    void tellEnd(StreamListener listener, @Nullable ErrorCode stopped, long raw) {
        listener.onSendEnded(stopped, raw);
    }

    // ---- private

    boolean reliable() {
        return stream().config().reliability() == Reliability.RELIABLE;
    }

    private boolean isCloseWritten() {
        return phase == SendPhase.RECALLING || phase == SendPhase.CLOSING && (!isDue(CLOSE) || isUnacked(CLOSE));
    }

    /** Either side ends the half, and this frame says so. */
    private void end(SendPhase next, int frame, long newCode) {
        frames.code(newCode);
        enter(next, frame == CLOSE && frames.hasToPay() ? BLOCKED : 0);
        owe(frame);
        queueFrames();
    }

    private void confirm() {
        // one that was lost is still owed to a peer that is not known to have either
        int kept = !isUnacked(CLOSE | RESET) ? 0 : isDue(RESET) ? RESET : CLOSE;
        if (!isDue(kept)) {
            leaveList();
        }
        enter(SendPhase.OVER, kept);
    }

    private void enter(SendPhase next, int kept) {
        phase = next;
        outlet.end();
        if (next != SendPhase.CLOSING) {
            outlet.forget();
        }
        done(SendFrames.BEHIND_OPEN & ~kept);
        settled(BLOCKED & ~kept);
    }

    /** Before OPEN nothing is written. */
    private void queueFrames() {
        if (handle() != 0 && isDue(SendFrames.BEHIND_OPEN)) {
            queue();
        }
    }

    private Write noCredit() {
        if (isBlockedAnew()) {
            queueFrames();
        }
        return Write.NO_CREDIT;
    }

    /** There is something to send and no credit: whether BLOCKED is due by that, once for each limit. */
    boolean isBlockedAnew() {
        boolean anew = credit.pollBlocked();
        if (anew) {
            backpressureEvents++;
            owe(BLOCKED);
        }
        return anew;
    }

    private IllegalStateException notWritable() {
        return new IllegalStateException(
                outlet.isPartlySent()
                        ? "an element is partly sent in fragments"
                        : "the sending half is not open: " + phase);
    }
}
