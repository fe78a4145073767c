package io.weir.reactive.session.message;

import io.weir.core.credit.HeldBytes;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.message.IncomingRequest;
import io.weir.core.wire.Headers;
import io.weir.reactive.HandlerError;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.ForeignCalls;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One request of the peer, from its handler's call to its answer: what the handler sees of it, and the subscriber of what
 * the handler returns, whose first signal is the answer.
 *
 * <p>Threads: the handler's publisher may signal on any thread, and its answer crosses to the loop; {@link #run}, the
 * request's cancellation, and everything else on the loop.
 */
final class Answer extends ForeignCalls.Call implements Request, CoreSubscriber<ByteBuffer>, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    private final Messages messages;
    private final IncomingRequest incoming;
    private final byte[] array;
    private final int offset;
    private final int length;

    private volatile @Nullable Subscription upstream;
    private static final AtomicReferenceFieldUpdater<Answer, @Nullable Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(Answer.class, Subscription.class, "upstream");

    private boolean single;

    // the publisher's side; written before the answer crosses to the loop
    private boolean done;
    private @Nullable ByteBuffer reply;
    private ErrorCode failure = ErrorCode.NONE;
    private long booked;

    /** The payload is the range of the array, which is kept as long as the handler keeps the request. */
    Answer(Messages messages, IncomingRequest incoming, byte[] array, int offset, int length) {
        this.messages = messages;
        this.incoming = incoming;
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** Lets the handler answer. */
    void by(RequestHandler handler) {
        try {
            Publisher<ByteBuffer> publisher =
                    Objects.requireNonNull(handler.handle(this), "the handler returned null, must be a publisher");
            if (publisher instanceof Fuseable.ScalarCallable<?> known) {
                answerWith((ByteBuffer) known.call());
                return;
            }
            single = publisher instanceof Mono;
            incoming.onCancel(this);
            publisher.subscribe(this);
        } catch (Throwable e) {
            onError(e);
        }
    }

    private void answerWith(@Nullable ByteBuffer value) {
        done = true;
        reply = value;
        if (value == null) {
            failure = ErrorCode.EMPTY_REPLY;
        }
        onLoop();
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
        return incoming.headers();
    }

    @Override
    public ByteBuffer payload() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    // ---- the handler's publisher, any thread

    /** The publisher gave null, which is told to it and is the handler's failure. */
    private NullPointerException brokenBy(String signal) {
        NullPointerException e = Fault.nullSignal(signal);
        if (!done) {
            run();
            onError(e);
        }
        return e;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (s == null) {
            throw brokenBy("onSubscribe");
        }
        if (Operators.setOnce(UPSTREAM, this, s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(ByteBuffer value) {
        if (value == null) {
            throw brokenBy("onNext");
        }
        if (done) {
            Operators.onNextDropped(value, currentContext());
            return;
        }
        done = true;
        reply = value;
        if (!single) {
            run();
        }
        if (!messages.session().inLoop()) {
            book(value);
        }
        cross();
    }

    @Override
    public void onError(Throwable e) {
        if (e == null) {
            throw brokenBy("onError");
        }
        if (done) {
            messages.session().thrown(e, currentContext());
            return;
        }
        done = true;
        failure = codeOf(e);
        if (Fault.isFatal(e)) {
            messages.session().thrown(e, currentContext());
        }
        messages.session().handlerFailed(HandlerError.Kind.REQUEST, incoming.name(), e);
        cross();
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            failure = ErrorCode.EMPTY_REPLY;
            cross();
        }
    }

    /** What is told of a failure. A proxy's own trouble with another peer is this handler's failure, not the caller's. */
    private static ErrorCode codeOf(Throwable e) {
        if (e instanceof CodecException codec && codec.reason().origin() == Origin.LOCAL) {
            return codec.reason().error();
        }
        return e instanceof RequestRefusedException refused ? refused.reason().error() : ErrorCode.APPLICATION_ERROR;
    }

    /** A reply on its way to the loop is held like one that waits there to be written. */
    private void book(ByteBuffer value) {
        long held = HeldBytes.ofMessage(value.remaining());
        if (messages.unsent().tryBookReply(held)) {
            booked = held;
        } else {
            reply = null;
            failure = ErrorCode.TOO_MANY_REQUESTS;
        }
    }

    private void cross() {
        if (messages.session().inLoop()) {
            onLoop();
        } else {
            messages.calls().add(this); // at most once for each request in flight
        }
    }

    // ---- the loop's side

    @Override
    public void onLoop() {
        ByteBuffer value = reply;
        reply = null;
        if (value == null) {
            incoming.fail(failure);
            return;
        }
        if (incoming.answered()) {
            giveBack();
            return;
        }
        int bytes = value.remaining();
        incoming.reserved(booked);
        ErrorCode refused = incoming.reply(value);
        if (refused != null) {
            LOG.debug(
                    "The reply of {} bytes to {} on {} is not sent: {}", bytes, incoming, messages.session(), refused);
        }
    }

    private void giveBack() {
        if (booked > 0) {
            messages.unsent().release(booked);
        }
    }

    /** The peer has given the request up, or the session has ended. */
    @Override
    public void run() {
        Fault.terminate(UPSTREAM, this, currentContext(), messages.session());
    }

    @Override
    public String toString() {
        return incoming + " on " + messages.session();
    }
}
