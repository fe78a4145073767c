package io.weir.reactive.session.message;

import io.weir.core.credit.HeldBytes;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.message.IncomingRequest;
import io.weir.core.wire.Headers;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Interaction;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.dispatch.HandlerCall;
import io.weir.reactive.session.dispatch.SessionDispatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of the peer, from its handler's call to its answer: what the handler sees of it, and the call itself, whose first
 * signal is the answer. It keeps its place until the answer is written.
 *
 * <p>Threads: the handler's publisher may signal on any thread, and its answer crosses to the loop; everything
 * else is on the loop.
 */
final class Answer extends HandlerCall<ByteBuffer> implements Request, IncomingRequest.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    private static final long NO_ROOM = -1;

    private final Messages messages;
    private final IncomingRequest incoming;
    private @Nullable HandlingTimes times; // of one that has not ended at once
    private boolean calling; // its handler; loop only

    // the publisher's side; written before the answer crosses to the loop
    private @Nullable ByteBuffer reply;
    private @Nullable Throwable failure;
    private long booked; // for the reply; NO_ROOM if there was none

    Answer(Messages messages, SessionDispatch dispatch, IncomingRequest incoming) {
        super(dispatch);
        this.messages = messages;
        this.incoming = incoming;
        incoming.listener(this);
    }

    /** Calls the handler. */
    void begin() {
        RequestNews news = messages.news();
        calling = true;
        news.calls();
        start();
        news.returned();
        calling = false;
    }

    // ---- what the handler sees, any thread

    @Override
    public PeerSession session() {
        return messages.session().peerSession();
    }

    @Override
    public long id() {
        return incoming.id();
    }

    @Override
    public String route() {
        return incoming.name();
    }

    @Override
    public Headers headers() {
        return seenHeaders();
    }

    @Override
    public ByteBuffer payload() {
        return ByteBuffer.wrap(incoming.array(), incoming.offset(), incoming.length())
                .slice()
                .asReadOnlyBuffer();
    }

    @Override
    public Optional<Duration> remaining() {
        long deadlineNanos = incoming.deadlineNanos();
        if (deadlineNanos == IncomingRequest.NO_DEADLINE) {
            return Optional.empty();
        }
        return Optional.of(
                Duration.ofNanos(Math.max(0, deadlineNanos - messages.session().nowNanos())));
    }

    // ---- the call

    @Override
    protected Interaction.Kind kind() {
        return Interaction.Kind.REQUEST;
    }

    @Override
    protected String name() {
        return incoming.name();
    }

    @Override
    protected Headers sentHeaders() {
        return incoming.headers();
    }

    @Override
    protected Publisher<ByteBuffer> call() {
        return messages.handler(incoming.name()).handle(this);
    }

    @Override
    protected void onRunning() {
        if (incoming.answered()) {
            giveUp(); // the session has ended within the handler's call
            return;
        }
        long deadlineNanos = incoming.deadlineNanos();
        if (deadlineNanos != IncomingRequest.NO_DEADLINE) {
            long now = messages.session().nowNanos();
            limit(messages.handling(), now, Math.max(1, deadlineNanos - now));
        }
        times = new HandlingTimes(messages.nowNanos(), messages.news().calledNanos());
    }

    @Override
    protected void onEntered() {
        HandlingTimes known = times;
        if (known != null) {
            known.onEntered(messages.session().nowNanos());
        }
    }

    @Override
    protected boolean endsWithValue() {
        return true;
    }

    @Override
    protected void onFailed(Throwable e) {
        messages.session().handlerFailed(HandlerError.Kind.REQUEST, incoming.name(), e);
    }

    @Override
    protected void onResult(@Nullable ByteBuffer value, @Nullable Throwable e, boolean inLoop) {
        HandlingTimes known = times;
        if (known != null && !(inLoop && calling)) {
            known.onEnded(messages.session().nowNanos());
        }
        reply = value;
        failure = e;
        if (value != null && !inLoop) {
            book(value);
        }
    }

    /** A reply on its way to the loop is held like one that waits there to be written. */
    private void book(ByteBuffer value) {
        long held = HeldBytes.ofMessage(value.remaining());
        if (messages.unsent().tryBookReply(held)) {
            booked = held;
        } else {
            reply = null;
            booked = NO_ROOM;
        }
    }

    // ---- the loop's side

    @Override
    protected void onLoop() {
        unlimit(messages.handling());
        ByteBuffer value = reply;
        reply = null;
        if (incoming.answered()) { // given up meanwhile
            if (value != null) {
                giveBack();
            }
            return;
        }
        if (value == null) {
            fail();
            return;
        }
        int bytes = value.remaining();
        incoming.reserved(booked);
        ErrorCode refused = incoming.reply(value);
        tellDone(refused == null ? ErrorCode.NONE : refused);
        if (refused != null) {
            LOG.debug(
                    "The reply of {} bytes to {} on {} is not sent: {}", bytes, incoming, messages.session(), refused);
        }
    }

    private void fail() {
        Throwable e = failure;
        ApplicationException error = e == null ? null : Fault.saidHere(e);
        if (error == null) {
            ErrorCode code = e == null ? withoutReply() : codeOf(e);
            incoming.fail(code);
            tellDone(code);
        } else {
            incoming.fail(error);
            tellDone(ErrorCode.APPLICATION_ERROR, error.reason().code());
        }
    }

    private ErrorCode withoutReply() {
        return booked == NO_ROOM ? ErrorCode.TOO_MANY_REQUESTS : ErrorCode.EMPTY_REPLY;
    }

    /** What is told of a failure. A proxy's own trouble with another peer is this handler's failure, not the caller's. */
    private static ErrorCode codeOf(Throwable e) {
        if (e instanceof CodecException codec && codec.reason().origin() == Origin.LOCAL) {
            return codec.reason().error();
        }
        return e instanceof RequestRefusedException refused ? refused.reason().error() : ErrorCode.APPLICATION_ERROR;
    }

    private void giveBack() {
        if (booked > 0) {
            messages.unsent().release(booked);
        }
    }

    @Override
    public void onCancelled() {
        if (isRunning()) {
            giveUp();
        }
    }

    @Override
    public void onOver() {
        leave();
    }

    /** The peer has given the request up, or the session has ended. */
    private void giveUp() {
        unlimit(messages.handling());
        cancel();
        tellDone(ErrorCode.CANCELLED);
    }

    /** Nobody waits for the answer any more; the requester knows by itself, but every request is answered. */
    @Override
    protected void onTimeout() {
        if (!incoming.answered()) {
            incoming.fail(ErrorCode.REQUEST_TIMEOUT);
            cancel();
            tellDone(ErrorCode.REQUEST_TIMEOUT);
        }
    }

    private void tellDone(ErrorCode outcome) {
        tellDone(outcome, outcome.number());
    }

    private void tellDone(ErrorCode outcome, long code) {
        messages.onRequestHandled();
        RequestNews news = messages.news();
        HandlingTimes known = times;
        if (calling || known == null) {
            news.answeredAtOnce(route(), outcome, code);
        } else {
            news.answered(route(), outcome, code, known);
        }
    }

    @Override
    public String toString() {
        return incoming + " on " + messages.session();
    }
}
