package io.weir.core.message;

import io.weir.core.credit.Cost;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * The peer's requests that are handled here, and the one answer of each.
 *
 * <p><b>Bounds.</b> At most {@code maxInFlight} requests wait or are handled at once, each until its answer was written;
 * further ones are answered BUSY and never run. What was never given to a handler has no object to stand for it. A request's credit returns when its answer was written, BUSY too, so that a peer
 * which reads no answers cannot make more than its window of them wait. Replies for which the lane has no room are replaced
 * by errors.
 */
final class AnswerBook {

    private static final byte[] BUSY = body(ErrorCode.BUSY);

    private final MessageTable table;
    private final int maxInFlight;
    private final SendLane lane;
    private final IdMap<IncomingRequest> inFlight = new IdMap<>();
    private final Refusals refusals = new Refusals();

    AnswerBook(MessageTable table, int maxInFlight, SendLane lane) {
        this.table = table;
        this.maxInFlight = maxInFlight;
        this.lane = lane;
    }

    /** A request of the peer that is complete, under an id that never came before. */
    void onRequest(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        if (inFlight() >= maxInFlight) {
            table.counters().refused++;
            refuse(id, cost, false);
        } else {
            table.reception().onRequest(id, cost, name, headers, array, offset, length);
        }
    }

    /** Gives a request to the host. */
    void handOn(
            boolean placed, long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        IncomingRequest request = new IncomingRequest(this, placed, id, cost, name, headers, array, offset, length);
        inFlight.put(id, request);
        table.host().onRequest(request);
        request.delivered();
    }

    /** A request that the peer has cancelled before it was complete: it never runs. */
    void onCancelledRequest(long id, long cost) {
        refuse(id, cost, true);
    }

    /** CANCEL: answers, unless there is an answer, and tells the handler; one that waits for a handler never runs. */
    void onCancel(long id) {
        IncomingRequest request = inFlight.get(id);
        if (request == null) {
            long cost = table.reception().removeRequest(id);
            if (cost > 0) {
                refuse(id, cost, true);
            }
        } else if (!request.answered()) {
            answer(request, MessageType.CANCELLED);
            request.cancelled();
        }
    }

    private void refuse(long id, long cost, boolean cancelled) {
        refusals.add(id, cost, cancelled);
        table.wake();
    }

    /** Answers with the body that the request was given, or with an error if it cannot be. */
    @Nullable
    ErrorCode reply(IncomingRequest request) {
        ErrorCode problem = lane.measure(request, 0);
        if (problem == null) {
            answer(request, MessageType.REPLY);
        } else {
            fail(request, problem);
        }
        return problem;
    }

    void fail(IncomingRequest request, ErrorCode code) {
        byte[] body = body(code);
        request.body(body, 0, body.length);
        answer(request, MessageType.ERROR);
    }

    /** The answer is on its way: the next request may take the place, and the credit. */
    void onWritten(IncomingRequest request) {
        inFlight.remove(request.id());
        table.inbox().consume(request.requestCost());
        if (request.placed()) {
            table.reception().leave(MessageType.REQUEST);
        }
    }

    boolean canRefuse() {
        return !refusals.isEmpty() && lane.canPass(Cost.of(refusalBody().length));
    }

    /** Writes one BUSY or CANCELLED; false if there is none to write, or no room. */
    boolean writeRefusal(FrameWriter out) {
        if (!canRefuse()) {
            return false;
        }
        byte[] body = refusalBody();
        MessageType type = refusals.cancelled() ? MessageType.CANCELLED : MessageType.ERROR;
        if (!out.beginMessage(type, 1, refusals.id(), Outgoing.NO_BYTES, Headers.empty(), body.length)) {
            return false;
        }
        out.payload().put(body);
        out.endData();
        lane.spend(Cost.of(body.length));
        long cost = refusals.cost();
        refusals.remove();
        table.inbox().consume(cost);
        return true;
    }

    /** The session is over: every handler that has not answered is told. */
    void close() {
        while (!refusals.isEmpty()) {
            refusals.remove();
        }
        for (long id : inFlight.ids()) {
            IncomingRequest request = inFlight.remove(id);
            if (request != null && !request.answered()) {
                request.cancelled();
            }
            if (request != null && request.placed()) {
                table.host().releasePlace(MessageType.REQUEST);
            }
        }
    }

    void trim() {
        inFlight.trim();
    }

    /** Requests that wait, or are handled, or whose answer is not written. */
    int inFlight() {
        return inFlight.size() + table.reception().waitingRequests();
    }

    /** Whether no request of the peer is in work, nor refused without an answer. */
    boolean isEmpty() {
        return inFlight() == 0 && refusals.isEmpty();
    }

    private void answer(IncomingRequest request, MessageType type) {
        request.answer(type);
        lane.measure(request, 0);
        lane.add(request);
        table.wake();
    }

    private byte[] refusalBody() {
        return refusals.cancelled() ? Outgoing.NO_BYTES : BUSY;
    }

    private static byte[] body(ErrorCode code) {
        byte[] body = new byte[VarInt.length(code.number())];
        VarInt.write(body, 0, code.number());
        return body;
    }
}
