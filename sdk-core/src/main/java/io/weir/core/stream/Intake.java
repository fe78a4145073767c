package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.ReceiveWindow;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one receiving half: accounts them in its window, puts fragments together, offers each element to the
 * listener or queues it, and says when credit is to be granted. Its {@link ReceiveHalf} says whether it takes any.
 *
 * <pre>
 *   DATA --&gt; window --&gt; fragments --&gt; listener, taken --------------------&gt; consumed --&gt; WINDOW
 *                                        \--&gt; queue --&gt; poll --&gt; consumed() ---^
 * </pre>
 */
final class Intake {

    private final ReceiveHalf half;
    private final StreamEpoch stream;
    private final SessionView session;
    /** Lets nothing pass until OPEN has come. */
    private ReceiveWindow window;

    private final ElementQueue queue = new ElementQueue();
    private final LargePayload large;
    /** Null where DATA comes in order, and before any has come. */
    private @Nullable UnorderedData unordered;
    /** Null unless the peer's half goes, or went, by datagrams on a carrier that has streams too. */
    private @Nullable DatagramIntake datagrams;

    private HalfEnd end = HalfEnd.NOT_TOLD;
    /** CLOSE has come after this side had stopped the half: it does not complete it. */
    private boolean endedBefore;
    /** What CLOSE's detail costs, until it counts as consumed, behind the last element. */
    private long detailCost;

    private long elements;
    private long told;
    private boolean demand;
    /** The peer has exceeded its credit: its offsets mean nothing any more. */
    private boolean offended;
    /** After the session's end: what the queue still holds of the budget. */
    private long retained;

    Intake(ReceiveHalf half, SessionView session) {
        this.half = half;
        this.stream = half.stream();
        this.session = session;
        this.window = new ReceiveWindow(0, 0, session.budget());
        this.large = new LargePayload(stream, session.host());
    }

    /**
     * OPEN has come.
     *
     * @param initialWindow reserved in the budget already
     */
    void open(long initialWindow) {
        window = new ReceiveWindow(initialWindow, initialWindow, session.budget());
    }

    // ---- DATA

    /** DATA of a half that takes it: before CLOSE, or overtaken by it and so not behind the end that it told. */
    @Nullable
    ErrorCode onData(boolean first, boolean last, long total, byte[] array, int offset, int length, int record) {
        if (isBehindEnd(first, length)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (!(first & last)) {
            return onFragment(first, last, total, array, offset, length);
        }
        if (large.elements().inProgress()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (account(Cost.of(length))) {
            elements++;
            if (length > session.settings().maxPayloadBytes()) {
                half.fail(ErrorCode.PAYLOAD_TOO_LARGE);
            } else {
                deliver(array, offset, length, record);
            }
        }
        return null;
    }

    private @Nullable ErrorCode onFragment(
            boolean first, boolean last, long total, byte[] array, int offset, int length) {
        Reassembly parts = large.elements();
        if (first == parts.inProgress()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        long start = window.received();
        if (!account(first ? Cost.of(length) : length)) {
            return null;
        }
        if (first) {
            elements++;
            if (total > session.settings().maxPayloadBytes()) {
                half.fail(ErrorCode.PAYLOAD_TOO_LARGE);
                return null;
            }
            parts.begin((int) total, start);
        }
        long reserved = large.isReserved() ? parts.end() : window.limit();
        if (!parts.append(array, offset, length, last, reserved)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (last) {
            large.onComplete();
            byte[] whole = parts.take();
            deliver(whole, 0, whole.length, whole.length);
        } else {
            admitLarge();
        }
        return null;
    }

    UnorderedData unordered() {
        UnorderedData order = unordered;
        return order == null ? unordered(new OffsetBuffer()) : order;
    }

    /** Where DATA is put in order that comes in any; with what came before OPEN if that is the first. */
    UnorderedData unordered(OffsetBuffer early) {
        UnorderedData order = unordered;
        if (order == null) {
            order = new UnorderedData(half, session, this, early);
            unordered = order;
        }
        return order;
    }

    /** What came of datagrams, and is to come: the peer's half goes by them from now on. */
    DatagramIntake datagrams() {
        DatagramIntake known = datagrams;
        if (known == null) {
            known = new DatagramIntake(this);
            datagrams = known;
        }
        return known;
    }

    /** Whether elements come in the half's stream, as they do wherever there are no datagrams. */
    boolean isInStream() {
        DatagramIntake known = datagrams;
        return known == null || known.isInStream();
    }

    /** Up to where all has come, or is lost. */
    long received() {
        return window.received();
    }

    /** So much of a fire-and-forget half will never come: it counts as consumed. */
    void onLost(long units) {
        if (account(units)) {
            consume(units);
        }
    }

    /** The rest of a fire-and-forget element in fragments will never come: what is here of it counts as consumed. */
    void onAbandoned() {
        long cost = window.received() - large.elements().start();
        elements--;
        large.abandon();
        consume(cost);
    }

    /** DATA that was on its way when the half was ended: up to its end, or the last limit, it is dropped. */
    @Nullable
    ErrorCode absorb(boolean first, int length) {
        if (isBehindEnd(first, length)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (first) {
            elements++;
        }
        return window.onReceived(first ? Cost.of(length) : length) ? null : ErrorCode.FLOW_CONTROL;
    }

    /** Accounts what arrived; false if it is more than the peer was allowed, which ends the stream. */
    private boolean account(long cost) {
        if (!window.onReceived(cost)) {
            offended = true;
            stream.fail(ErrorCode.FLOW_CONTROL);
            return false;
        }
        if (window.rttSampleDue()) {
            window.sampleRtt(session.host().nowNanos());
        }
        return true;
    }

    private void deliver(byte[] array, int offset, int length, int record) {
        StreamListener listener = stream.listener();
        boolean taken = listener != null && queue.isEmpty() && listener.onElement(array, offset, length);
        if (half.ended()) {
            return; // the listener has ended the half
        }
        if (taken) {
            consume(Cost.of(length));
        } else {
            queue.add(array, offset, length, record);
        }
    }

    // ---- the subscriber

    @Nullable
    ByteBuffer poll() {
        return queue.poll();
    }

    /** An element that was taken from the queue is consumed, while the half lives or drains. */
    void consume(long cost) {
        window.onConsumed(cost);
        large.onConsumed();
        if (!half.isLive()) {
            half.finishIfDrained();
            return;
        }
        if (window.grantDue(!queue.isEmpty())) {
            half.grant();
        }
        if (large.elements().inProgress()) {
            admitLarge();
        }
    }

    void demand(boolean outstanding) {
        demand = outstanding;
        if (outstanding) {
            admitLarge();
        }
    }

    // ---- payloads larger than the window

    void onPayloadReserved() {
        large.onReserved();
        if (half.isLive()) {
            raise();
            admitLarge();
        }
    }

    /** Bytes here of the payload for which memory is reserved; -1 if none is on its way. */
    long payloadGained() {
        return large.isReserved() ? large.elements().filled() : -1;
    }

    /** The next element is larger than the window: lets it pass as soon as its memory is reserved. */
    private void admitLarge() {
        Reassembly parts = large.elements();
        if (!half.isLive() || !demand || !parts.inProgress() || parts.end() <= window.limit()) {
            return;
        }
        if (window.consumed() == parts.start() && large.reserve()) {
            raise();
        }
    }

    private void raise() {
        if (large.isReserved()) {
            window.raiseForPayload(large.elements().end());
            half.grant();
        }
    }

    // ---- credit

    /** Sets the window of the stream's configuration; true if a grant is due. */
    boolean configure(StreamConfig config) {
        boolean free = config.windowBytes() == StreamConfig.GROW_FREELY;
        return window.configure(
                free ? session.settings().freeWindowBytes() : config.windowBytes(),
                free ? ReceiveWindow.GROW_FREELY : config.maxWindowBytes());
    }

    /** Takes BLOCKED; true if a grant is due. */
    boolean onBlocked(long limit, long sent) {
        StreamHost host = session.host();
        if (session.mayLose() && !stream.peerReliable()) {
            unordered().onSent(Math.min(sent, window.limit()));
        }
        if (datagrams != null) {
            datagrams.settle(Math.min(sent, window.limit()));
        }
        return window.onBlocked(limit, sent, demand, host.nowNanos(), host.rttNanos());
    }

    /** Writes WINDOW with what may be granted now; there is room for it. Returns {@link #toldWindow}. */
    long writeWindow(FrameWriter out, long handle) {
        long limit = window.grant(session.nowNanos(), !large.elements().inProgress());
        out.window(handle, window.consumed(), limit);
        told = 2 * (window.consumed() + limit) + (isClosed() ? 1 : 0);
        return told;
    }

    /** Offset up to which the peer may send. */
    long limit() {
        return window.limit();
    }

    /**
     * Which WINDOW was the last: consumed and limit only rise, so their sum does with either. One that answers CLOSE is another one
     * though it says the same: the peer that had it before waits for it again.
     */
    long toldWindow() {
        return told;
    }

    // ---- ends

    /**
     * Takes the end that CLOSE tells, with its detail; false if it cannot be. On an ordered link all before it has come; on
     * others it is not below what has come, nor above what was allowed.
     *
     * @param stopped the half was stopped: offsets count only of a peer that keeps its credit
     */
    boolean close(HalfEnd told, boolean stopped) {
        long cost = told.detail().cost();
        long elementsEnd = told.finalOffset() - cost;
        if (datagrams != null && !stopped && told.finalOffset() <= window.limit()) {
            datagrams.settle(elementsEnd);
        }
        long ahead = elementsEnd - window.received();
        boolean possible = stopped && offended
                || ahead == 0 && cost == 0
                || ahead >= 0 && told.finalOffset() <= window.limit() && (ahead == 0 || !session.isOrdered());
        if (possible && !stopped && session.mayLose()) {
            possible = unordered().onSent(elementsEnd);
        }
        if (possible) {
            end = told;
            endedBefore = stopped;
            detailCost = window.onReceived(cost) ? cost : 0;
        }
        return possible;
    }

    boolean isClosed() {
        return end != HalfEnd.NOT_TOLD;
    }

    HalfEnd end() {
        return end;
    }

    /** Whether everything that CLOSE speaks of has come, in bytes. */
    boolean reachesEnd() {
        return window.received() == end.finalOffset();
    }

    /** Whether it has come as CLOSE says: whole elements, and as many. */
    boolean hasAll() {
        return !endedBefore
                && reachesEnd()
                && (end.elements() == elements || isLossy())
                && !large.elements().inProgress();
    }

    private boolean isLossy() {
        return session.mayLose() && !stream.peerReliable() || datagrams != null;
    }

    private boolean isBehindEnd(boolean first, int length) {
        return end.isBefore(window.received(), first ? Cost.of(length) : length);
    }

    boolean isDrained() {
        return window.consumed() + detailCost == window.received();
    }

    /** It is drained, and over: the detail, which the listener is told next, is consumed with it. */
    void finish() {
        window.onConsumed(detailCost);
        detailCost = 0;
        discard();
    }

    /** Drops everything and gives its memory back; what still comes can be absorbed. */
    void discard() {
        queue.clear();
        large.discard();
        if (unordered != null) {
            unordered.clear();
        }
        window.releaseAll();
        release(retained);
    }

    /** The session is over: gives all memory back but that of queued elements, which may still be polled. */
    void retainQueue() {
        long held = (large.elements().inProgress() ? large.elements().start() : window.received()) - window.consumed();
        large.discard();
        window.releaseAll();
        if (!queue.isEmpty() && session.budget().tryReserve(held)) {
            retained = held;
        }
    }

    /** After the session's end. */
    void consumeRetained(long cost) {
        release(queue.isEmpty() ? retained : Math.min(retained, cost));
    }

    private void release(long bytes) {
        retained -= bytes;
        session.budget().release(bytes);
    }

    // ---- queries

    int pending() {
        return queue.size();
    }

    long elementsReceived() {
        return elements;
    }

    /** Bytes received of their payloads, those being put together included. */
    long bytesReceived() {
        return window.received() - Cost.ELEMENT_OVERHEAD * elements;
    }

    long grantsSent() {
        return window.grantsSent();
    }

    long reservedBytes() {
        return window.reserved();
    }

    @Override
    public String toString() {
        return "elements " + elements + " pending " + pending() + " consumed " + window.consumed() + " of "
                + window.received() + " limit " + window.limit() + (demand ? " demand" : "");
    }
}
