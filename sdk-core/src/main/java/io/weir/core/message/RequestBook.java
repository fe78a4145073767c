package io.weir.core.message;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.list.IntrusiveList;
import io.weir.core.map.LongMap;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageHead;
import io.weir.core.wire.MessageType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * This side's requests that were asked, and what comes in answer. Each ends once: with its answer, by being given up, by a
 * GOAWAY that does not include it, or with the session. Given up means that no more of it is written, that CANCEL goes out
 * and the answer, which still comes, is absorbed; the request counts as outstanding until then.
 */
final class RequestBook implements FrameOwner {

    private static final int CANCEL = 0;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SendLane lane;
    private final MessageHost host;
    private final MessageWindow window;
    private final MessageCounters counters;
    private final Wake wake;
    private final MessageSettings settings;
    private final long hashSeed;
    private final LongMap<OutgoingRequest> asked;
    private boolean peerTakesLimits;
    private @Nullable OutgoingRequest firstCancel;
    private @Nullable OutgoingRequest lastCancel;
    private int queued;
    private int partial;

    /**
     * @param lane of requests
     * @param window of answers
     */
    RequestBook(
            SendLane lane,
            MessageWindow window,
            MessageCounters counters,
            Wake wake,
            MessageSettings settings,
            MessageHost host) {
        this.host = host;
        this.lane = lane;
        this.window = window;
        this.counters = counters;
        this.wake = wake;
        this.settings = settings;
        this.hashSeed = host.hashSeed();
        this.asked = new LongMap<>(hashSeed);
    }

    /** What the peer allows to requests and one-way messages, and understands of them. */
    void onPeerHello(Hello hello) {
        lane.credit().open(hello.requestWindow(), hello.largestRequest());
        peerTakesLimits = hello.understands(Hello.DEADLINES);
    }

    /** What a packet that is written now says of the time that is left, for a peer that wants to know. */
    long millisLeft(long deadlineNanos) {
        if (!peerTakesLimits || deadlineNanos == IncomingRequest.NO_DEADLINE) {
            return MessageFrame.NO_LIMIT;
        }
        long left = Math.max(0, deadlineNanos - host.nowNanos());
        return (left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI; // nobody is cut off before its time
    }

    /** Appends a request that was measured and may be asked. */
    void add(OutgoingRequest request) {
        queued++;
        lane.add(request);
    }

    /** Its first packet was written. */
    void onAsked(OutgoingRequest request) {
        queued--;
        asked.put(request.id(), request);
    }

    void cancel(OutgoingRequest request) {
        if (!request.used() || request.over()) {
            return;
        }
        if (lane.remove(request)) {
            queued--;
            request.giveUp();
            request.release();
            wake.wake(); // the next may need less credit
            return;
        }
        request.giveUp();
        request.abandoned = lane.abandon(request, 0);
        queueCancel(request);
    }

    /** CANCEL, by the request's id. */
    @Override
    public void onAcked(int what, long id) {
        OutgoingRequest request = asked.get(id);
        if (request != null) {
            request.cancelAcked = true;
        }
    }

    /** CANCEL was lost: due again unless the answer has come, or the peer has another. */
    @Override
    public void onLost(int what, long id) {
        OutgoingRequest request = asked.get(id);
        if (request != null && !request.cancelAcked && !request.cancelQueued) {
            queueCancel(request);
        }
    }

    private void queueCancel(OutgoingRequest request) {
        OutgoingRequest before = lastCancel;
        if (before == null) {
            firstCancel = request;
        } else {
            before.nextCancel = request;
        }
        lastCancel = request;
        request.cancelQueued = true;
        wake.wake();
    }

    void trim() {
        asked.trim();
    }

    boolean cancelDue() {
        return firstCancel != null;
    }

    /** Writes the CANCELs of requests that have no answer yet, or were not written to their end, up to a position; false if there is no room for one. */
    boolean writeCancels(FrameWriter out, int upTo) {
        for (OutgoingRequest next = firstCancel; next != null; next = firstCancel) {
            if (next.abandoned || asked.get(next.id()) == next && !next.cancelAcked) {
                if (out.position() >= upTo
                        || !MessageHead.begin(
                                out, MessageType.CANCEL, 1, next.id(), Outgoing.NO_BYTES, Headers.empty(), 0)) {
                    return false;
                }
                out.endData();
                out.note(this, CANCEL, next.id());
            }
            firstCancel = next.nextCancel;
            next.nextCancel = null;
            next.cancelQueued = false;
        }
        lastCancel = null;
        return true;
    }

    /** Whether an answer to it is due, or CANCELs are, of which one may be its. */
    boolean mayCancel(long id) {
        return firstCancel != null || asked.get(id) != null;
    }

    /** Whether an answer is due. */
    boolean hasAsked() {
        return asked.size() > 0;
    }

    /** A packet of an answer; what it returns other than null ends the session. */
    @Nullable
    ErrorCode onPacket(MessageFields packet) {
        long id = packet.replyId();
        if (id == 0 || id >= lane.nextId()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        OutgoingRequest request = asked.get(id);
        if (request == null) {
            counters.duplicates++;
            return null;
        }
        if (packet.numPackets() > 1) {
            return onFragment(request, packet);
        }
        Assembly part = request.reply;
        if (part != null && !(request.cancelled && packet.type() == MessageType.CANCELLED)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        long cost = MessageCost.of(packet);
        if (!window.onReceived(cost)) {
            return ErrorCode.FLOW_CONTROL;
        }
        if (part != null) {
            cost += part.cost(); // cancelled takes the place of the rest of the reply
        }
        RequestListener listener = finish(request, cost);
        if (listener != null) {
            tell(listener, packet);
        }
        return null;
    }

    /** Fails what the peer does not take any more: all that was not asked, and what was asked under a higher id. */
    void onPeerGoaway(long lastId, CloseReason reason) {
        failQueued(reason);
        failUnderWay(lastId, reason);
        for (long id : asked.keys()) {
            if (id > lastId) {
                failAsked(id, reason);
            }
        }
        wake.wake();
    }

    /** The session is over: each listener is told. */
    void close(CloseReason reason) {
        firstCancel = null;
        lastCancel = null;
        failQueued(reason);
        failUnderWay(0, reason);
        for (long id : asked.keys()) {
            failAsked(id, reason);
        }
    }

    /** Requests without an end, those given up whose answer has not come included. */
    int outstanding() {
        return queued + asked.size();
    }

    MessageWindow window() {
        return window;
    }

    /** Replies of which only parts are here. */
    int partial() {
        return partial;
    }

    private @Nullable ErrorCode onFragment(OutgoingRequest request, MessageFields packet) {
        Assembly part = request.reply;
        if (part == null) {
            if (!settings.mayBegin(packet, partial)) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            part = new Assembly(packet, hashSeed);
        }
        switch (part.examine(packet)) {
            case IMPOSSIBLE -> {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            case REPEATED -> {
                counters.duplicates++;
                return null;
            }
            case NEW -> {}
        }
        long cost = MessageCost.of(packet);
        if (!window.onReceived(cost)) {
            return ErrorCode.FLOW_CONTROL;
        }
        if (request.reply == null) {
            begin(request, part);
        }
        if (part.add(packet, cost)) {
            RequestListener listener = finish(request, part.cost());
            if (listener != null) {
                listener.onReply(part.array(), 0, part.length());
            }
        }
        return null;
    }

    private void begin(OutgoingRequest request, Assembly part) {
        partial++;
        request.reply = part;
        if (request.cancelled) {
            part.discard();
        }
    }

    /** The answer is here: its credit goes back; returns who is to be told, if anybody still is. */
    private @Nullable RequestListener finish(OutgoingRequest request, long cost) {
        forget(request);
        lane.onDelivered(request); // it is answered, so all of it has come
        window.onConsumed(cost);
        wake.wake();
        return request.end();
    }

    private void forget(OutgoingRequest request) {
        asked.remove(request.id());
        if (request.reply != null) {
            partial--;
        }
    }

    private void failAsked(long id, CloseReason reason) {
        OutgoingRequest request = asked.get(id);
        if (request != null) {
            Assembly part = request.reply;
            forget(request);
            if (part != null) {
                window.onConsumed(part.cost());
            }
            request.fail(reason);
        }
    }

    private void failQueued(CloseReason reason) {
        for (Outgoing next = lane.firstWaiting(); next != null; next = lane.firstWaiting()) {
            lane.remove(next);
            next.release();
            if (next instanceof OutgoingRequest request) {
                queued--;
                request.fail(reason);
            } else if (next instanceof OutgoingMessage message) {
                message.fail(reason);
            }
        }
    }

    /** One-way messages whose rest will be written, if at all, in vain. */
    private void failUnderWay(long lastId, CloseReason reason) {
        for (Outgoing next = lane.firstUnderWay(); next != null; next = lane.underWayAfter(next)) {
            if (next.id() > lastId && next instanceof OutgoingMessage message) {
                message.fail(reason);
            }
        }
        IntrusiveList<Outgoing> unconfirmed = lane.unconfirmed();
        for (Outgoing next = unconfirmed.first(); next != null; next = unconfirmed.after(next)) {
            if (next.id() > lastId && next instanceof OutgoingMessage message) {
                message.fail(reason);
            }
        }
    }

    private static void tell(RequestListener listener, MessageFields packet) {
        switch (packet.type()) {
            case REPLY -> listener.onReply(packet.array(), packet.payloadOffset(), packet.payloadLength());
            case ERROR -> tellError(listener, packet);
            default -> listener.onMissing(CloseReason.remote(ErrorCode.CANCELLED));
        }
    }

    private static void tellError(RequestListener listener, MessageFields packet) {
        ErrorDetail.Body error = Objects.requireNonNull(
                ErrorDetail.body(packet.array(), packet.payloadOffset(), packet.payloadLength()),
                "it was checked when it was read");
        if (ErrorCode.isApplications(error.code())) {
            listener.onError(error.detail().toException(error.code()));
        } else {
            listener.onMissing(CloseReason.remote(error.code()));
        }
    }
}
