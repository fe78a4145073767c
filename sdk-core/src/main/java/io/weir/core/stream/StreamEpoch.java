package io.weir.core.stream;

import io.weir.core.credit.SendCredit;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * One life of a stream: its two independent halves between the first OPEN of either side and the confirmed end of both.
 *
 * <pre>
 *    StreamTable.open                     OPEN of the peer
 *          |                                    |
 *          v         OPEN (same epoch)          v            accept
 *     opened here -------------------+      unclaimed ------------------+
 *          |                         |          | refuse, 16 others,    |
 *          | evict, or retract,      |          | higher epoch          |
 *          | before OPEN is written  v          |                       v
 *          |                      both halves, each ends by itself (SendHalf, ReceiveHalf)
 *          |                         |          |
 *          |                         |          | STOP that refuses, no OPEN
 *          v                         v          v
 *        over                 both confirmed: the id forgets the epoch
 *                                    |
 *                                    | last frame about it is written
 *                                    v
 *                                   over: onEnded
 * </pre>
 *
 * <p><b>Refusal.</b> A STOP that says so refuses the whole epoch in place of the answering OPEN: the opener's receiving half
 * ends with it. It holds for a half that has ended or been stopped already, so no OPEN is ever needed to say no.
 *
 * <p><b>Confirmed</b> means that all frames of the peer about that half have come and all of this side's are written or
 * stand before any later OPEN in the control lane. On an ordered link the peer has then confirmed it too by the time it
 * reads that OPEN, so epochs of an id start at 1 again without confusion.
 *
 * <p>Loop-confined, but {@link #stats} and the getters of what never changes.
 */
public final class StreamEpoch {

    private final StreamContext context;
    private final SessionView session;
    private final Opening opening;
    private final SendHalf sending;
    private final ReceiveHalf receiving;
    private long epoch;

    private @Nullable StreamListener listener;
    private StreamConfig config = StreamConfig.defaults();
    private boolean peerReliable;
    private boolean claimed;
    private boolean withdrawn;
    private boolean placeTaken;
    private boolean forgotten;
    private boolean over;
    private long lastActivityNanos;

    StreamEpoch(StreamContext context, Opening opening, long epoch) {
        this.context = context;
        this.session = context.session();
        this.opening = opening;
        this.epoch = epoch;
        this.sending = new SendHalf(this, new SendCredit(session.peerInitialWindow()), context.lane());
        this.receiving = new ReceiveHalf(this, session, context.lane());
        this.lastActivityNanos = session.nowNanos();
    }

    // ---- commands

    /**
     * Ends everything on this side now: RESET and STOP, or nothing if the peer never heard of the stream, or a refusal if
     * the peer's OPEN was not answered. The listener hears of both ends when they are confirmed. Idempotent.
     */
    public void evict(ErrorCode code) {
        sending.reset(code);
        receiving.stop(code);
    }

    // ---- queries

    /** The name that both sides chose for the stream. */
    public StreamId id() {
        return opening.id();
    }

    /** Number of this life of the stream, from 1. Final once OPEN is written or the stream is the peer's. */
    public long epoch() {
        return epoch;
    }

    /** The name in the OPEN of the side that opened it. */
    public String name() {
        return opening.name();
    }

    /** The headers in the OPEN of the side that opened it. */
    public Headers headers() {
        return opening.headers();
    }

    /** Whether its opener asked for a handler: if none takes it, it is to be refused and not to wait to be claimed. */
    public boolean handlerOnly() {
        return opening.handlerOnly();
    }

    /** Whether the peer's sending half is RELIABLE; false before its OPEN has come. */
    public boolean peerReliable() {
        return peerReliable;
    }

    /** The half that this side sends on. */
    public SendHalf sending() {
        return sending;
    }

    /** The half that the peer sends on. */
    public ReceiveHalf receiving() {
        return receiving;
    }

    /** Whether it is claimed and at least one half can still be used: {@link StreamTable#live} joins it. */
    public boolean isOpen() {
        return claimed && !(sending.ended() && receiving.ended());
    }

    /** Whether the peer opened it and it is neither accepted nor refused yet. */
    public boolean isUnclaimed() {
        return !claimed && !withdrawn;
    }

    /** A weakly consistent snapshot, without the times, which whoever sends takes. Any thread. */
    public StreamStats stats() {
        SendCredit credit = sending.credit();
        return new StreamStats(
                sending.elementsSent(),
                receiving.elementsReceived(),
                sending.bytesSent(),
                receiving.bytesReceived(),
                receiving.pending(),
                lastActivityNanos,
                isOpen(),
                sending.backpressureEvents(),
                credit.available(),
                credit.window(),
                credit.grantsReceived(),
                receiving.grantsSent(),
                sending.opened() && !sending.ended(),
                SendTimes.NONE);
    }

    @Override
    public String toString() {
        return "stream " + id() + " epoch " + epoch + (claimed ? "" : withdrawn ? " refused" : " unclaimed") + " ("
                + sending + ", " + receiving + ")";
    }

    // ---- for the table and the halves

    @Nullable
    StreamListener listener() {
        return listener;
    }

    StreamConfig config() {
        return config;
    }

    /** Whether the peer understands the errors of applications. */
    boolean peerTakesApplicationErrors() {
        return session.peerTakesApplicationErrors();
    }

    /** This side's OPEN: one that the peer began repeats neither name nor headers, an answer asks for nothing more. */
    StreamFrame.Open ownOpen(long handle, boolean answer) {
        return new StreamFrame.Open(
                handle,
                id().value(),
                epoch,
                config.reliability() == Reliability.RELIABLE,
                announcedWindow(answer),
                !answer && handlerOnly(),
                answer,
                openedHere() ? name() : "",
                openedHere() ? headers() : Headers.empty());
    }

    void tellSendable() {
        StreamListener told = listener;
        if (told != null) {
            told.onSendable();
        }
    }

    void tellSettled(@Nullable ErrorCode stopCode, long raw) {
        StreamListener told = listener;
        if (told != null) {
            told.onSendSettled(stopCode, raw);
        }
    }

    /** Whether the peer's OPEN has come, so that this side's, if it is not written yet, will be an answer. */
    boolean answers() {
        return receiving.handle() != 0;
    }

    /**
     * What this side's OPEN says of the peer's half: a smaller window than HELLO's, if the stream wants one and the peer cannot
     * have begun to use HELLO's.
     *
     * @param answer whether this side's OPEN answers
     */
    long announcedWindow(boolean answer) {
        long asked = config.windowBytes();
        boolean smaller =
                asked != StreamConfig.GROW_FREELY && asked < session.settings().initialWindowBytes();
        return smaller && !answer ? asked : StreamFrame.Open.NO_WINDOW;
    }

    /**
     * The window with which the peer's half begins: what this side's OPEN announced, if the peer's OPEN answers that one and
     * does not cross it.
     */
    private long firstWindow(StreamFrame.Open f) {
        long announced = announcedWindow(answers());
        return f.answer() && sending.opened() && announced != StreamFrame.Open.NO_WINDOW
                ? announced
                : session.settings().initialWindowBytes();
    }

    boolean openedHere() {
        return opening.here();
    }

    boolean isOver() {
        return over;
    }

    /** Nobody but this side knows of it: no OPEN has been written or seen. */
    boolean isPrivate() {
        return openedHere() && !sending.opened() && receiving.awaiting();
    }

    /** Whether the peer never heard of it, whatever has become of it here. */
    boolean isUnheardOf() {
        return openedHere() && !sending.opened() && receiving.handle() == 0;
    }

    /** Over without a frame and without a word to the listener. */
    void retract() {
        sending.retract();
        receiving.retract();
        forgotten = true;
        context.epochs().remove(this);
        over = true;
        context.epochs().onOver(this);
    }

    void rebind(long newEpoch) {
        epoch = newEpoch;
    }

    void claim(StreamConfig newConfig, StreamListener newListener) {
        claimed = true;
        config = newConfig;
        listener = newListener;
        if (session.mayLose()) {
            sending.repeatsLost(context.lane());
        } else if (session.sendsDatagrams()) {
            sending.usesDatagrams();
        }
        receiving.claimed();
    }

    void withdraw() {
        withdrawn = true;
    }

    /** The peer's OPEN of this epoch; the window of HELLO is reserved for it. */
    void attach(StreamFrame.Open f) {
        peerReliable = f.reliable();
        placeTaken = true;
        if (!sending.opened() && f.hasWindow()) {
            sending.credit().restrictTo(f.window());
        }
        long window = firstWindow(f);
        receiving.attach(f.handle(), window);
        session.budget().release(session.settings().initialWindowBytes() - window);
        if (claimed) {
            receiving.claimed();
        }
        settle();
    }

    @Nullable
    ErrorCode onStop(boolean refuses, long raw) {
        if (refuses && receiving.handle() != 0) {
            return ErrorCode.PROTOCOL_VIOLATION; // its OPEN has come
        }
        sending.onStop(raw);
        if (refuses) {
            receiving.onRefused(raw);
        }
        settle();
        return null;
    }

    void onReset(long raw) {
        receiving.onReset(raw);
        settle();
    }

    @Nullable
    ErrorCode onClose(HalfEnd end) {
        if (session.mayLose() && receiving.hasEnded()) {
            return null; // repeated, or behind RESET
        }
        ErrorCode violation = receiving.onClose(end);
        settle();
        return violation;
    }

    /**
     * Ends both halves for a reason that the listener does not know yet. Both codes are decided before it hears of either:
     * one half's end makes users give up the other.
     */
    void fail(ErrorCode why) {
        context.unclaimed().withdraw(this);
        evict(why);
        sending.tell(why.number());
        receiving.tell();
    }

    void touch() {
        lastActivityNanos = session.nowNanos();
    }

    /** Whether this side opened it, and a peer that has accepted handles up to that one does not know it. */
    boolean isBeyond(long lastHandle) {
        return openedHere() && receiving.awaiting() && (!sending.opened() || sending.handle() > lastHandle);
    }

    /** Whether both halves have ended as far as the peer's view goes. */
    boolean isConfirmed() {
        return sending.confirmed() && receiving.confirmed();
    }

    /** Whether the peer has all of this side's frames, so that it has confirmed both halves as well. */
    private boolean isAcknowledged() {
        return sending.isAcknowledged() && receiving.isAcknowledged();
    }

    /** Whether this side's OPEN will never be written, so that its STOP refuses the peer's. */
    boolean isRefused() {
        return !sending.opened() && sending.confirmed();
    }

    /** Draws the conclusions of what has changed in either half. Idempotent; every change is followed by it. */
    void settle() {
        if (!sending.opened() && sending.isReset() && receiving.ended()) {
            boolean known = !receiving.awaiting();
            sending.abandon();
            if (known) {
                receiving.refuse(sending.code());
            } else {
                receiving.abandon();
            }
        }
        if (!forgotten && isConfirmed() && (!session.mayLose() || isAcknowledged())) {
            forgotten = true;
            context.epochs().remove(this);
        }
        if (sending.over() && sending.opened() && !receiving.awaiting()) {
            context.handles().remove(sending);
        }
        if (receiving.over() && receiving.handle() != 0) {
            context.handles().remove(receiving);
            if (openedHere()) {
                returnPlace();
            }
        }
        if (!over && sending.over() && receiving.over()) {
            over = true;
            returnPlace();
            context.epochs().onOver(this);
            StreamListener l = listener;
            if (l != null) {
                l.onEnded();
            }
        }
    }

    /** A streams's place is the peer's again: its answers are written, so a peer that never reads gets none. */
    private void returnPlace() {
        if (placeTaken) {
            placeTaken = false;
            context.lane().onPlaceReturned();
        }
    }
}
