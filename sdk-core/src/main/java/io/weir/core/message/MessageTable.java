package io.weir.core.message;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.NameCache;
import org.jspecify.annotations.Nullable;

/**
 * All messages of one session: this side's requests and one-way messages, the peer's, and the answers both ways. PROTOCOL
 * section 4, "Messages". It joins the parts, which know each other as the arrows go, and ends them together.
 *
 * <pre>
 *   request(), send()
 *          |
 *          v
 *        Outbox ---&gt; SendLane ---&gt; MESSAGE ... ---&gt; Inbox ---&gt; Reception ---&gt; OneWayBook ---&gt; MessageHost
 *          |                                                        |
 *          v                                                        v
 *     RequestBook &lt;--- MESSAGE ... &lt;--- SendLane &lt;------------- AnswerBook ---&gt; MessageHost
 *
 *   MessageTurns: whose packet is written next. MessageControl: WINDOW and BLOCKED. Wake: that there is something to write
 * </pre>
 *
 * <p><b>Frame handlers</b> ({@code onX}) return null, or the error with which to end the session; a peer's misbehaviour
 * never throws. What only repeats is dropped and counted; what cannot be ends the session.
 *
 * <p><b>Bounds.</b> What the peer sends: the two windows, of which no byte is given again before its message is finished.
 * Its messages that are handled: what the host admits. Other requests are answered with what the host says, BUSY mostly, and
 * other one-way messages wait, as bytes. What waits to be sent: {@link
 * MessageSettings#maxQueuedBytes} of this side's messages, and as many of its replies, all reserved in the pools of their
 * sender. Requests without an answer: {@link
 * MessageSettings#maxOutstanding}. Beyond these, commands return an error and do nothing.
 *
 * <p><b>Callbacks</b>, of {@link MessageHost} and of listeners, may give any command, but must not write. Confined to the
 * session's loop.
 */
public final class MessageTable {

    private final MessageSettings settings;
    private final MessageCounters counters = new MessageCounters();
    private final Wake wake;
    private final SendLane requests;
    private final SendLane answers;
    private final RequestBook requestBook;
    private final AnswerBook answerBook;
    private final Reception reception;
    private final Inbox inbox;
    private final Outbox outbox;
    private final MessageControl control;
    private final MessageTurns turns;

    private @Nullable CloseReason closed;

    /** A table without messages, for windows that do not grow. The session has reserved the memory of both. */
    public MessageTable(MessageSettings settings, MessageHost host) {
        this(settings, new MemoryBudget(Long.MAX_VALUE, MemoryPool.unbounded()), host);
    }

    /**
     * A table without messages.
     *
     * @param budget the session's share of memory. It has reserved both windows as they begin; the table reserves what they
     *     grow, and gives that back
     */
    public MessageTable(MessageSettings settings, MemoryBudget budget, MessageHost host) {
        this(settings, budget, MemoryPool.unbounded(), MemoryPool.unbounded(), host);
    }

    /**
     * A table without messages.
     *
     * @param requestPool where this side's requests and one-way messages are reserved from the time when they are taken until
     *     they are written: what they hold, {@link io.weir.core.credit.HeldBytes#ofMessage}
     * @param replyPool the same of its replies
     */
    public MessageTable(
            MessageSettings settings,
            MemoryBudget budget,
            MemoryPool requestPool,
            MemoryPool replyPool,
            MessageHost host) {
        this.settings = settings;
        NameCache names = new NameCache();
        MessageWindow requestWindow = new MessageWindow(
                CreditFrame.REQUESTS_HANDLE, settings.requestWindow(), settings.largestRequest(), budget);
        MessageWindow replyWindow =
                new MessageWindow(CreditFrame.REPLIES_HANDLE, settings.replyWindow(), settings.largestReply(), budget);
        long hashSeed = host.hashSeed();
        wake = new Wake(host, settings.isOrdered(), this::hasControl, this::hasMessages);

        requests = new SendLane(CreditFrame.REQUESTS_HANDLE, settings, requestPool, true, wake);
        answers = new SendLane(CreditFrame.REPLIES_HANDLE, settings, replyPool, false, wake);
        requestBook = new RequestBook(requests, replyWindow, counters, wake, settings, host);
        outbox = new Outbox(names, requests, requestBook, settings.maxOutstanding(), wake);

        answerBook = new AnswerBook(host, answers, requestWindow, counters, wake);
        OneWayBook oneWayBook = new OneWayBook(host, requestWindow, wake);
        reception = new Reception(host, oneWayBook, answerBook, names);
        inbox = new Inbox(reception, requestWindow, counters, wake, settings, hashSeed);

        control = new MessageControl(host, requests, answers, requestWindow, replyWindow, wake);
        turns = new MessageTurns(requestBook, answerBook, answers, requests);
    }

    // ---- HELLO

    /** This side's HELLO: the given one with what this table allows. */
    public Hello ownHello(Hello base) {
        return base.withRequestWindow(settings.requestWindow())
                .withReplyWindow(settings.replyWindow())
                .withLargestRequest(settings.largestRequest())
                .withLargestReply(settings.largestReply());
    }

    /** The peer's HELLO; nothing can be sent before it. */
    public void onPeerHello(Hello hello) {
        outbox.open();
        requestBook.onPeerHello(hello);
        answerBook.onPeerHello(hello);
    }

    // ---- commands

    /**
     * Asks. The listener is told the end, never from within this call.
     *
     * @return null if it was queued. Else nothing has happened, and the request may be given again: TOO_MANY_REQUESTS,
     *     PAYLOAD_TOO_LARGE (then {@link OutgoingRequest#cost} is above {@link #peerRequestWindow}, or it has too many
     *     packets), GOING_AWAY, or after the session's end the reason's code
     * @throws IllegalArgumentException if the name is longer than 255 bytes of UTF-8 or has a lone surrogate
     * @throws IllegalStateException before the peer's HELLO, or if the request was queued before
     */
    public @Nullable ErrorCode request(OutgoingRequest request) {
        return outbox.request(request);
    }

    /** Sends a one-way message; as {@link #request}. */
    public @Nullable ErrorCode send(OutgoingMessage message) {
        return outbox.send(message);
    }

    /**
     * Gives a request up: its listener is told nothing more. One of which nothing was written is forgotten; for another
     * the peer is told CANCEL, and what it answers is absorbed. Does nothing if the request has ended.
     */
    public void cancel(OutgoingRequest request) {
        if (closed == null) {
            requestBook.cancel(request);
        }
    }

    /**
     * Takes no new requests and messages of the peer, and none of this side; those that were begun go on. What the peer
     * sends under a higher id is dropped, and its credit given back.
     *
     * @return the highest id taken, 0 if none: GOAWAY's last message id
     */
    public long goAway() {
        outbox.goAway();
        return inbox.goAway();
    }

    /**
     * The session is over: each listener of an unanswered request or unwritten message is told this reason, and each
     * handler of an unanswered request that nobody wants the answer.
     */
    public void close(CloseReason reason) {
        if (closed == null) {
            closed = reason;
            outbox.close(reason.error());
            reception.clear();
            requestBook.close(reason);
            answerBook.close();
            inbox.close();
            requests.close();
            answers.close();
            control.close();
        }
    }

    /** Memory has become free elsewhere: the peer's windows grow as it wanted, or the host is asked to call again. */
    public void onMemoryFreed() {
        if (closed == null) {
            control.onMemoryFreed();
            wake.wake();
        }
    }

    /** There may be a place for a one-way message that waits. */
    public void onPlaceFree() {
        if (closed == null) {
            reception.onPlaceFree();
        }
    }

    // ---- frames in

    /** MESSAGE, in place. A payload that is handed on without a copy lies in the record's array, never written again. */
    public @Nullable ErrorCode onMessage(MessageFields packet) {
        if (closed != null) {
            return null;
        }
        return switch (packet.type()) {
            case ONE_WAY, REQUEST -> inbox.onPacket(packet);
            case REPLY, ERROR, CANCELLED -> requestBook.onPacket(packet);
            case CANCEL -> inbox.onCancel(packet);
        };
    }

    /** WINDOW of handle 1 or 2. */
    public @Nullable ErrorCode onWindow(CreditFrame.Window f) {
        ErrorCode error = control.onWindow(f);
        wake.wake();
        return error;
    }

    /** BLOCKED of handle 1 or 2. */
    public @Nullable ErrorCode onBlocked(CreditFrame.Blocked f) {
        control.onBlocked(f, requestBook.hasAsked());
        wake.wake();
        return null;
    }

    /**
     * GOAWAY: own requests and messages that were not begun, or under an id above {@code lastId}, fail with GOING_AWAY, and
     * so do new ones; the others go on.
     *
     * @param lastId the highest of this side's ids that the peer has taken, 0 if none
     */
    public @Nullable ErrorCode onPeerGoaway(long lastId) {
        if (lastId >= requests.nextId()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (closed == null) {
            outbox.goAway();
            requestBook.onPeerGoaway(lastId, CloseReason.remote(ErrorCode.GOING_AWAY));
        }
        return null;
    }

    // ---- frames out

    /** Whether {@link #writeControl} has something to write. */
    public boolean hasControl() {
        return closed == null && control.isDue();
    }

    /**
     * Writes what is due of WINDOW and BLOCKED for handles 1 and 2.
     *
     * @return false if the record has no room for all of it
     */
    public boolean writeControl(FrameWriter out) {
        if (closed != null) {
            return true;
        }
        boolean all = control.write(out);
        wake.onControlWritten();
        return all;
    }

    /** Whether {@link #write} has something to write. */
    public boolean hasMessages() {
        return closed == null && turns.canWrite();
    }

    /**
     * Writes messages, answers and requests in turn, until there is nothing more to write now, or the record has reached a
     * position, or has no room for the next packet. Calls back.
     *
     * @param upToPosition no packet begins at or behind it; the last may end behind it
     */
    public void write(FrameWriter out, int upToPosition) {
        wake.onWriting();
        try {
            if (closed == null) {
                turns.write(out, upToPosition);
            }
        } finally {
            wake.onWritten();
        }
    }

    /**
     * Writes one packet, for a carrier with a lane for each message. Calls back.
     *
     * @return the number of its message's lane: of a request or one-way message and its cancel twice the id, of an answer one
     *     more; -1 if there is nothing to write now, or no room
     */
    public long writeOne(FrameWriter out) {
        wake.onWriting();
        try {
            return closed == null ? turns.writeOne(out) : MessageTurns.NONE;
        } finally {
            wake.onWritten();
        }
    }

    /** Whether something may still be written to the lane, by its number, of a message whose packets are all written. */
    public boolean mayFollow(long lane) {
        boolean answer = (lane & 1) != 0;
        return !answer && closed == null && requestBook.mayCancel(lane >>> 1);
    }

    /** Gives up memory that is not needed while nothing is under way; to be called now and then. */
    public void trim() {
        requestBook.trim();
        answerBook.trim();
        reception.trim();
        inbox.trim();
    }

    // ---- queries

    /** Requests of this side without an end, those given up whose answer has not come included. */
    public int outstanding() {
        return requestBook.outstanding();
    }

    /** Requests of the peer in work: handled, or answered and the answer not written. */
    public int inFlight() {
        return answerBook.inFlight();
    }

    /** One-way messages of the peer that wait for a place. */
    public int waitingOneWays() {
        return reception.waitingOneWays();
    }

    /**
     * Whether nothing is outstanding, waiting, in work, half received or unwritten, either way, nor taken by {@link #goAway}
     * and still to come.
     */
    public boolean isIdle() {
        return requestBook.outstanding() == 0
                && answerBook.isEmpty()
                && reception.isEmpty()
                && inbox.partial() == 0
                && !inbox.awaitsAccepted()
                && requests.isEmpty()
                && answers.isEmpty();
    }

    /** Cost of this side's requests and messages that are not written. */
    public long queuedBytes() {
        return requests.queuedBytes();
    }

    /** Most that a request or message to the peer may cost, from its HELLO. */
    public long peerRequestWindow() {
        return requests.credit().largest();
    }

    /** Most that a reply to the peer may cost, from its HELLO. */
    public long peerReplyWindow() {
        return answers.credit().largest();
    }

    /** Messages of the peer that were dropped because this side takes nothing new. */
    public long dropped() {
        return counters.dropped;
    }

    /** Packets of the peer that were dropped because they repeat what came before. */
    public long duplicates() {
        return counters.duplicates;
    }

    /** Requests of the peer that were answered BUSY. */
    public long refused() {
        return counters.refused;
    }

    @Override
    public String toString() {
        return outstanding() + " outstanding, " + inFlight() + " in flight, " + inbox.partial() + " partial";
    }

    // ---- private, and for tests

    Inbox inbox() {
        return inbox;
    }

    RequestBook requestBook() {
        return requestBook;
    }

    AnswerBook answerBook() {
        return answerBook;
    }

    SendLane requestLane() {
        return requests;
    }

    SendLane answerLane() {
        return answers;
    }
}
