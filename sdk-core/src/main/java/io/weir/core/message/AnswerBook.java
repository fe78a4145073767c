package io.weir.core.message;

import io.weir.core.credit.Cost;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.map.LongMap;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageHead;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * The peer's requests that are handled here, and the one answer of each; also of those that never come to a handler.
 *
 * <p><b>Bounds.</b> As many requests are handled at once as the host admits, each until its answer was written.
 * What was never given to a handler has no object to stand for it. A request's credit returns when its answer was written,
 * BUSY too, so that a peer which reads no answers cannot make more than its window of them wait. Replies for which the lane
 * has no room are replaced by errors.
 */
final class AnswerBook implements FrameOwner {

    private static final long CANCELLED_COST = Cost.of(0);
    private static final int REFUSAL = 0;
    private static final byte[] BUSY = body(ErrorCode.BUSY);
    private static final byte[] NO_HANDLER = body(ErrorCode.NO_HANDLER);

    private final MessageHost host;
    private final SendLane lane;
    private final MessageWindow window;
    private final MessageCounters counters;
    private final Wake wake;
    private final LongMap<IncomingRequest> inFlight;
    private final Refusals refusals = new Refusals();

    /**
     * Those whose reply was cancelled in the middle, to be answered out of the credit of the rest. They cannot wait for
     * others, since the requester keeps the credit of what it has until it hears that no more comes.
     */
    private final Refusals cutOff = new Refusals();

    /** Where refusals may be lost: those that the peer is not known to have; null until there was one. */
    private @Nullable SaidRefusals said;

    private boolean peerTakesApplicationErrors;

    /**
     * @param lane of answers
     * @param window that the requests came under
     */
    AnswerBook(MessageHost host, SendLane lane, MessageWindow window, MessageCounters counters, Wake wake) {
        this.host = host;
        this.lane = lane;
        this.window = window;
        this.counters = counters;
        this.wake = wake;
        this.inFlight = new LongMap<>(host.hashSeed());
    }

    /** What the peer allows to answers, and understands of them. */
    void onPeerHello(Hello hello) {
        lane.credit().open(hello.replyWindow(), hello.largestReply());
        peerTakesApplicationErrors = hello.understands(Hello.APPLICATION_ERRORS);
    }

    /** Gives a request to the host. */
    void handOn(
            long id,
            long cost,
            long deadlineNanos,
            String name,
            Headers headers,
            byte[] array,
            int offset,
            int length) {
        IncomingRequest request =
                new IncomingRequest(this, id, cost, deadlineNanos, name, headers, array, offset, length);
        inFlight.put(id, request);
        host.onRequest(request);
    }

    /** Answers a request that never runs with this code. */
    void refuse(long id, long cost, ErrorCode code) {
        if (code == ErrorCode.BUSY) {
            counters.refused++;
        }
        refusals.add(id, cost, code);
        wake.wake();
    }

    /** Answers CANCELLED to a request that never runs. */
    void refuseCancelled(long id, long cost) {
        refuse(id, cost, ErrorCode.CANCELLED);
    }

    /** CANCEL of one that was handed on: answers, unless there is an answer, and tells the handler. */
    void onCancel(long id) {
        IncomingRequest request = inFlight.get(id);
        if (request == null) {
            return; // it crossed the answer
        }
        if (!request.answered()) {
            answer(request, MessageType.CANCELLED);
            request.cancelled();
        } else if (lane.remove(request)) {
            forget(request);
            refuse(id, request.requestCost(), ErrorCode.CANCELLED);
        } else if (lane.abandon(request, CANCELLED_COST)) {
            forget(request);
            cutOff.add(id, request.requestCost(), ErrorCode.CANCELLED);
            wake.wake();
        }
    }

    /** Answers with the body that the request was given, or with an error if it cannot be. */
    @Nullable
    ErrorCode reply(IncomingRequest request) {
        ErrorCode problem = lane.admit(request, 0);
        if (problem == null) {
            request.answer(MessageType.REPLY);
            add(request);
        } else {
            fail(request, problem);
        }
        return problem;
    }

    void fail(IncomingRequest request, ErrorCode code) {
        fail(request, body(code));
    }

    /**
     * An error of the application has to be admitted like a reply, and is one packet; if it cannot be, it goes without its text
     * and payload.
     */
    void fail(IncomingRequest request, ApplicationException error) {
        if (!peerTakesApplicationErrors) {
            fail(request, ErrorCode.APPLICATION_ERROR);
            return;
        }
        long code = error.reason().code();
        ErrorDetail detail = ErrorDetail.of(error);
        byte[] body = detail.encode(code);
        request.body(body, 0, body.length);
        boolean admitted = body.length <= lane.packetBytes() && lane.admit(request, 0) == null;
        fail(request, admitted ? body : detail.withoutContent().encode(code));
    }

    private void fail(IncomingRequest request, byte[] body) {
        request.body(body, 0, body.length);
        answer(request, MessageType.ERROR);
    }

    /** The answer is on its way: the next request may take the place, and the credit. */
    void onWritten(IncomingRequest request) {
        consume(request.requestCost());
        forget(request);
    }

    boolean canRefuse() {
        return !cutOff.isEmpty()
                || said != null && said.isDue()
                || !refusals.isEmpty() && lane.canPass(Cost.of(refusalBody(refusals.code()).length));
    }

    /** Writes one refusal or CANCELLED; false if there is none to write, or no room. */
    boolean writeRefusal(FrameWriter out) {
        if (!canRefuse()) {
            return false;
        }
        if (!cutOff.isEmpty()) {
            return writeRefusal(out, cutOff);
        }
        SaidRefusals lost = said;
        if (lost != null && lost.isDue()) {
            return write(out, lost.lost());
        }
        long cost = Cost.of(refusalBody(refusals.code()).length);
        if (!writeRefusal(out, refusals)) {
            return false;
        }
        lane.credit().spend(cost);
        return true;
    }

    private boolean writeRefusal(FrameWriter out, Refusals from) {
        if (!write(out, from)) {
            return false;
        }
        long cost = from.cost();
        from.remove();
        consume(cost);
        return true;
    }

    /** A refusal, by the request's id. */
    @Override
    public void onAcked(int what, long id) {
        if (said != null) {
            said.onAcked(id);
        }
    }

    @Override
    public void onLost(int what, long id) {
        if (said != null) {
            said.onLost(id);
            wake.wake();
        }
    }

    /** The session is over: every handler that has not answered is told. */
    void close() {
        refusals.clear();
        cutOff.clear();
        said = null;
        for (long id : inFlight.keys()) {
            IncomingRequest request = inFlight.remove(id);
            if (request != null && !request.answered()) {
                request.cancelled();
            }
            if (request != null) {
                request.over();
            }
        }
    }

    void trim() {
        inFlight.trim();
    }

    /** Requests that are handled, or whose answer is not written. */
    int inFlight() {
        return inFlight.size();
    }

    /** Whether no request is handled, nor refused without an answer. */
    boolean isEmpty() {
        return inFlight() == 0 && refusals.isEmpty() && cutOff.isEmpty() && (said == null || said.isEmpty());
    }

    private boolean write(FrameWriter out, Refusals from) {
        long id = from.id();
        ErrorCode code = from.code();
        MessageType type = code == ErrorCode.CANCELLED ? MessageType.CANCELLED : MessageType.ERROR;
        byte[] body = refusalBody(code);
        if (!MessageHead.begin(out, type, 1, id, Outgoing.NO_BYTES, Headers.empty(), body.length)) {
            return false;
        }
        out.payload().put(body);
        out.endData();
        if (out.isNoted()) {
            SaidRefusals all = said;
            if (all == null) {
                all = new SaidRefusals(host.hashSeed());
                said = all;
            }
            all.onWritten(id, code);
            out.note(this, REFUSAL, id);
        }
        return true;
    }

    private void answer(IncomingRequest request, MessageType type) {
        request.answer(type);
        lane.measure(request, 0);
        add(request);
    }

    private void add(IncomingRequest request) {
        lane.add(request);
        wake.wake();
    }

    /** Nobody needs the object that stands for it any more. */
    private void forget(IncomingRequest request) {
        inFlight.remove(request.id());
        request.release();
        request.over();
    }

    private void consume(long cost) {
        window.onConsumed(cost);
        wake.wake();
    }

    private static byte[] refusalBody(ErrorCode code) {
        return switch (code) {
            case CANCELLED -> Outgoing.NO_BYTES;
            case BUSY -> BUSY;
            case NO_HANDLER -> NO_HANDLER;
            default -> body(code);
        };
    }

    private static byte[] body(ErrorCode code) {
        byte[] body = new byte[VarInt.length(code.number())];
        VarInt.write(body, 0, code.number());
        return body;
    }
}
