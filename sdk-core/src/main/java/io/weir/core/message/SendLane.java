package io.weir.core.message;

import io.weir.core.credit.HeldBytes;
import io.weir.core.credit.MemoryPool;
import io.weir.core.error.ErrorCode;
import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one window on their way out: requests and one-way ones, or answers.
 *
 * <pre>
 *   add() --&gt; waiting --[ whole cost fits the credit ]--&gt; packet 0 --&gt; written
 *               (in order)                                  |            ^
 *                                                           v            |
 *                                                        under way --[ a fragment each, in turn ]
 * </pre>
 *
 * <p>A message begins only when the {@link MessageCredit} covers all of it, so what has begun can always end: otherwise several could
 * each use up a part of the window and none be finished. Those that begin get as many bytes as those under way, so that
 * neither keeps the other waiting. At most {@link #MOST_UNDER_WAY} are under way at once, which bounds what the peer has
 * to keep in parts.
 *
 * <p>Where packets may be lost a message is under way until the peer is known to have all of it, and what was lost is written
 * before anything else.
 */
final class SendLane {

    /** Messages that may be under way in parts, in one direction and of one window (PROTOCOL section 4). */
    static final int MOST_UNDER_WAY = 64;

    /** Most packets of a message, by the width of num_packets. */
    private static final int MOST_PACKETS = 0xFFFF;

    /** Most bytes of name, headers and body in one packet where it may be lost; the smallest packet has room for it. */
    private static final int MOST_IN_PACKET = 1_024;

    private final MessageCredit credit;
    private final FrameOrder order;
    private final int fragmentBytes;
    private final IntrusiveList<Outgoing> waiting = new IntrusiveList<>();
    private final IntrusiveList<Outgoing> underWay = new IntrusiveList<>();
    private final long maxQueuedBytes;
    private final MemoryPool pool;
    private final boolean numbers;
    private final Wake wake;
    private final Unconfirmed unconfirmed = new Unconfirmed();

    private long nextId = 1;
    /** Ids below this may be issued; it follows those under way. */
    private long numbersEnd = 1 + SeenIds.SPAN;

    private long queuedBytes;
    private long waitingBytes;
    /** Bytes of messages that began since a fragment of one under way was written. */
    private int begunBytes;

    /**
     * @param handle of WINDOW and BLOCKED
     * @param pool where what waits or is under way is reserved
     * @param numbers whether messages get their ids here, 1, 2, 3 ... as they begin
     */
    SendLane(long handle, MessageSettings settings, MemoryPool pool, boolean numbers, Wake wake) {
        this.wake = wake;
        this.pool = pool;
        this.credit = new MessageCredit(handle);
        this.order = settings.order();
        this.fragmentBytes =
                settings.mayLose() ? Math.min(settings.fragmentBytes(), MOST_IN_PACKET) : settings.fragmentBytes();
        this.maxQueuedBytes = settings.maxQueuedBytes();
        this.numbers = numbers;
    }

    /** Bytes of body that one packet carries at the most. */
    int packetBytes() {
        return fragmentBytes;
    }

    /** What the peer allows it to send. */
    MessageCredit credit() {
        return credit;
    }

    /** Takes a WINDOW; what it returns other than null ends the session. */
    @Nullable
    ErrorCode onWindow(long consumed, long limit) {
        return credit.onWindow(consumed, limit, unwrittenBytes());
    }

    /** Credit that those under way have spent, for what is in no packet yet. */
    private long unwrittenBytes() {
        long bytes = 0;
        for (Outgoing message = underWay.first(); message != null; message = underWay.after(message)) {
            bytes += message.unwrittenBytes();
        }
        return bytes;
    }

    /**
     * Measures a message that is to be added, and reserves memory for it.
     *
     * @return null if it can be; else PAYLOAD_TOO_LARGE, as it will never fit the peer's window or the number of packets,
     *     or TOO_MANY_REQUESTS, as too much waits already, here or elsewhere
     */
    @Nullable
    ErrorCode admit(Outgoing message, int nameBytes) {
        ErrorCode problem = measure(message, nameBytes);
        if (problem != null) {
            return problem;
        }
        if (queuedBytes > 0 && message.cost() > maxQueuedBytes - queuedBytes) {
            return ErrorCode.TOO_MANY_REQUESTS;
        }
        if (message.reserved() == 0) {
            long held = HeldBytes.ofMessage(message.bodyBytes());
            if (!pool.tryReserve(held)) {
                return ErrorCode.TOO_MANY_REQUESTS;
            }
            message.reserved(held);
        }
        return null;
    }

    /**
     * Measures one that is added whatever waits already: an error, of a few bytes, of which there is one for each request. An
     * error is one packet, whatever an application says with it.
     */
    @Nullable
    ErrorCode measure(Outgoing message, int nameBytes) {
        long cost = MessageCost.of(nameBytes, message.wireHeaders(), message.bodyBytes());
        int head = nameBytes + message.wireHeaders().encodedLength();
        int fragment = fragmentBytes(head);
        int packets = message.type() == MessageType.ERROR
                ? 1
                : Math.max(1, (int) (((long) message.bodyBytes() + fragment - 1) / fragment));
        message.measure(cost, Math.min(packets, MOST_PACKETS), fragment);
        return cost > credit.largest() || packets > MOST_PACKETS || head > order.mostHeadBytes()
                ? ErrorCode.PAYLOAD_TOO_LARGE
                : null;
    }

    /** All packets but the last have as much of the body, and packet 0 name and headers as well. */
    private int fragmentBytes(int head) {
        return order == FrameOrder.NONE
                ? Math.max(Assembly.LEAST_FRAGMENT_BYTES, Math.min(fragmentBytes, MOST_IN_PACKET - head))
                : fragmentBytes;
    }

    /** Appends a message that was measured. */
    void add(Outgoing message) {
        queuedBytes += message.cost();
        waitingBytes += message.cost();
        waiting.add(message);
    }

    /** Forgets a message of which nothing was written; false if it is not such a one. */
    boolean remove(Outgoing message) {
        if (!waiting.remove(message)) {
            return false;
        }
        queuedBytes -= message.cost();
        waitingBytes -= message.cost();
        giveBack(message);
        return true;
    }

    /**
     * Writes no more of a message that is under way: what the rest would have cost was never spent.
     *
     * @param kept of that, for what is written in its place
     * @return false, with nothing done, if it is not such a one, or the rest costs no more than that
     */
    boolean abandon(Outgoing message, long kept) {
        if (message.delivery() != null) {
            if (!message.released()) {
                message.copyBody(); // what was lost of it is still to be paid for
            }
            return false;
        }
        long saved = message.unwrittenBytes() - kept;
        if (saved <= 0 || !underWay.remove(message)) {
            return false;
        }
        queuedBytes -= message.cost();
        credit.refund(saved);
        message.release();
        giveBack(message);
        return true;
    }

    /** The first of which nothing was written; null if there is none. */
    @Nullable
    Outgoing firstWaiting() {
        return waiting.first();
    }

    /** The first under way; null if there is none. */
    @Nullable
    Outgoing firstUnderWay() {
        return underWay.first();
    }

    /** The one under way that came after this one; null if it came last. */
    @Nullable
    Outgoing underWayAfter(Outgoing message) {
        return underWay.after(message);
    }

    /** Those that are written and of which the peer may lack something. */
    IntrusiveList<Outgoing> unconfirmed() {
        return unconfirmed.written();
    }

    /** The peer has all of a message, or is known to need no more of it. */
    void onDelivered(Outgoing message) {
        if (unconfirmed.remove(message)) {
            settle(message);
            wake.wake();
        }
    }

    /** Packets of a message were lost, of which none was to be written again. */
    void onLost(Delivery delivery) {
        unconfirmed.onLost(delivery);
        wake.wake();
    }

    /** The session is over: forgets everything. */
    void close() {
        clear(waiting);
        clear(underWay);
        clear(unconfirmed.written());
        unconfirmed.close();
        queuedBytes = 0;
        waitingBytes = 0;
    }

    /** Whether {@link #writeNext} has something to write. */
    boolean canWrite() {
        return canBegin() || !underWay.isEmpty() || unconfirmed.firstLossy() != null;
    }

    /** Whether nothing waits, is under way, or may still be lost. */
    boolean isEmpty() {
        return waiting.isEmpty() && underWay.isEmpty() && unconfirmed.written().isEmpty();
    }

    /** Cost of all that waits or is under way. */
    long queuedBytes() {
        return queuedBytes;
    }

    /** The id of the next message to begin: those below were issued. */
    long nextId() {
        return nextId;
    }

    /**
     * Writes one packet. Calls back when it is a message's last.
     *
     * @return false if there is none to write, or no room
     */
    boolean writeNext(FrameWriter out) {
        Delivery lost = unconfirmed.firstLossy();
        if (lost != null) {
            return lost.writeLost(out);
        }
        boolean begin = canBegin();
        Outgoing going = underWay.first();
        if (going != null && (!begin || begunBytes >= fragmentBytes)) {
            return writeFragment(out, going);
        }
        return begin && writeFirst(out);
    }

    /** Whether an answer of this cost can be written past those that wait: there is credit for the first of them too. */
    boolean canPass(long cost) {
        Outgoing first = waiting.first();
        return credit.fits(first == null ? cost : cost + first.cost());
    }

    /** Whether BLOCKED is to be told: the first that waits has no credit, and the peer was not told at this limit. */
    boolean blockedDue() {
        Outgoing first = waiting.first();
        return first != null && credit.blockedDue(first.cost());
    }

    /** Writes BLOCKED if it is due; false if it does not fit. */
    boolean writeBlocked(FrameWriter out) {
        return !blockedDue() || credit.writeBlocked(out, waitingBytes);
    }

    private boolean canBegin() {
        Outgoing first = waiting.first();
        return first != null
                && credit.fits(first.cost())
                && (nextId < numbersEnd || raiseNumbersEnd())
                && (first.isWhole() || underWay.size() + unconfirmed.inParts() < MOST_UNDER_WAY);
    }

    /** The receiver tells so many ids apart: none is issued that far above one that may still be under way. */
    private boolean raiseNumbersEnd() {
        long oldest = Math.min(oldest(underWay), oldest(unconfirmed.written()));
        numbersEnd = Math.min(oldest, nextId) + SeenIds.SPAN;
        return nextId < numbersEnd;
    }

    private static long oldest(IntrusiveList<Outgoing> list) {
        long oldest = Long.MAX_VALUE;
        for (Outgoing message = list.first(); message != null; message = list.after(message)) {
            oldest = Math.min(oldest, message.id());
        }
        return oldest;
    }

    private boolean writeFirst(FrameWriter out) {
        Outgoing message = waiting.first();
        if (message == null || !message.writePacket(out, numbers ? nextId : message.id())) {
            return false;
        }
        waiting.remove(message);
        waitingBytes -= message.cost();
        credit.spend(message.cost());
        begunBytes = underWay.isEmpty() ? 0 : begunBytes + (int) Math.min(message.cost(), fragmentBytes);
        if (numbers) {
            message.id(nextId++);
        }
        message.onBegun();
        onPacket(out, message);
        if (message.written()) {
            finish(message);
        } else {
            underWay.add(message);
        }
        return true;
    }

    private boolean writeFragment(FrameWriter out, Outgoing message) {
        if (!message.writePacket(out, message.id())) {
            return false;
        }
        begunBytes = 0;
        onPacket(out, message);
        underWay.remove(message);
        if (message.written()) {
            finish(message);
        } else {
            underWay.add(message);
        }
        return true;
    }

    private void onPacket(FrameWriter out, Outgoing message) {
        if (out.isNoted()) {
            message.noteDelivery(this, out);
        }
    }

    private void finish(Outgoing message) {
        if (message.delivery() == null) {
            settle(message);
        } else {
            unconfirmed.add(message);
        }
    }

    private void settle(Outgoing message) {
        queuedBytes -= message.cost();
        message.release();
        giveBack(message);
        message.onWritten();
    }

    private void giveBack(Outgoing message) {
        long held = message.reserved();
        if (held > 0) {
            message.reserved(0);
            pool.release(held);
        }
    }

    private void clear(IntrusiveList<Outgoing> list) {
        for (Outgoing message = list.first(); message != null; message = list.first()) {
            list.remove(message);
            Delivery delivery = message.delivery();
            if (delivery != null) {
                delivery.end();
            }
            message.release();
            giveBack(message);
        }
    }
}
