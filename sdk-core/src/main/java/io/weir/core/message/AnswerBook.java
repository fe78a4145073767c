package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * The peer's requests that are handled here, and the one answer of each.
 *
 * <p><b>Bounds.</b> At most {@code maxInFlight} requests are handled at once, each until its answer was written; further
 * ones are answered BUSY and never run. A request's credit returns when its answer was written, so that a peer which reads
 * no answers cannot make more than its window of them wait. Replies beyond {@code maxQueuedBytes} are replaced by errors.
 */
final class AnswerBook {

    private final MessageTable table;
    private final MessageTable.Settings settings;
    private final SendLane lane;
    private final IdMap<IncomingRequest> inFlight = new IdMap<>();
    /** Requests whose answer is not written, those that were refused included. */
    private int unanswered;

    AnswerBook(MessageTable table, MessageTable.Settings settings, SendLane lane) {
        this.table = table;
        this.settings = settings;
        this.lane = lane;
    }

    /** A request of the peer that is complete, under an id that never came before. */
    void onRequest(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        IncomingRequest request = new IncomingRequest(this, id, cost, name, headers, array, offset, length);
        unanswered++;
        if (inFlight.size() >= settings.maxInFlight()) {
            table.counters().refused++;
            fail(request, ErrorCode.BUSY);
            return;
        }
        inFlight.put(id, request);
        table.host().onRequest(request);
        request.delivered();
    }

    /** A request that the peer has cancelled before it was complete: it never runs. */
    void onCancelledRequest(long id, long cost) {
        unanswered++;
        IncomingRequest request = new IncomingRequest(this, id, cost, "", Headers.empty(), Outgoing.NO_BYTES, 0, 0);
        answer(request, MessageType.CANCELLED);
    }

    /** CANCEL: answers, unless there is an answer, and tells the handler. */
    void onCancel(long id) {
        IncomingRequest request = inFlight.get(id);
        if (request != null && !request.answered()) {
            answer(request, MessageType.CANCELLED);
            request.cancelled();
        }
    }

    /** Answers with the body that the request was given, or with an error if it cannot be. */
    @Nullable
    ErrorCode reply(IncomingRequest request) {
        long cost = MessageCost.of(0, Headers.empty(), request.bodyBytes());
        ErrorCode problem = problem(cost, lane.packetsOf(request.bodyBytes()));
        if (problem == null) {
            answer(request, MessageType.REPLY);
        } else {
            fail(request, problem);
        }
        return problem;
    }

    void fail(IncomingRequest request, ErrorCode code) {
        byte[] body = new byte[VarInt.length(code.number())];
        VarInt.write(body, 0, code.number());
        request.body(body, 0, body.length);
        answer(request, MessageType.ERROR);
    }

    /** The answer is on its way: the next request may take the place, and the credit. */
    void onWritten(IncomingRequest request) {
        unanswered--;
        if (inFlight.get(request.id()) == request) {
            inFlight.remove(request.id());
        }
        table.inbox().consume(request.requestCost());
    }

    /** The session is over: every handler that has not answered is told. */
    void close() {
        unanswered = 0;
        for (long id : inFlight.ids()) {
            IncomingRequest request = inFlight.remove(id);
            if (request != null && !request.answered()) {
                request.cancelled();
            }
        }
    }

    int inFlight() {
        return inFlight.size();
    }

    int unanswered() {
        return unanswered;
    }

    private @Nullable ErrorCode problem(long cost, int packets) {
        if (cost > lane.windowBytes() || packets > MessageTable.MOST_PACKETS) {
            return ErrorCode.PAYLOAD_TOO_LARGE;
        }
        boolean tooMuch = lane.queuedBytes() > 0 && cost > settings.maxQueuedBytes() - lane.queuedBytes();
        return tooMuch ? ErrorCode.TOO_MANY_REQUESTS : null;
    }

    private void answer(IncomingRequest request, MessageType type) {
        request.answer(type);
        int bytes = request.bodyBytes();
        request.measure(MessageCost.of(0, Headers.empty(), bytes), lane.packetsOf(bytes));
        lane.add(request);
        table.wake();
    }
}
