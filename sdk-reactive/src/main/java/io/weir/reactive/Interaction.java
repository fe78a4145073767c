package io.weir.reactive;

import io.weir.core.wire.Headers;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** One thing between this node and a peer, as an {@link Interceptor} sees it. Immutable; any thread. */
public interface Interaction {

    /** What it is. */
    enum Kind {
        /** A request with its one answer. */
        REQUEST,
        /** A one-way message. */
        MESSAGE,
        /** A stream: of this side, from the first use of what {@link PeerSession#openStream} gave; of a peer, for a handler. */
        STREAM,
        /** {@link PeerCalls#subscribe} of this side, each subscription; at the peer it is a stream. */
        SUBSCRIPTION,
        /** {@link PeerCalls#exchange} of this side, each subscription; at the peer it is a stream. */
        EXCHANGE
    }

    /** How it ended. */
    enum Outcome {
        /** Answered, written, or at its end at both sides. Of a handler: its publisher completed, or gave the answer. */
        SUCCESS,
        /** {@link End#error} tells why. */
        FAILURE,
        /** Given up here; of a request that is handled, also by the peer, or by the end of the session. */
        CANCELLED
    }

    /**
     * The end.
     *
     * @param outcome in which of three ways it ended
     * @param error with which it failed; null unless it did
     */
    record End(Outcome outcome, @Nullable Throwable error) {
        public End {
            Objects.requireNonNull(outcome, "outcome");
        }
    }

    /** What is open while a handler is called; closed on the thread that opened it. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** What it is. */
    Kind kind();

    /** Whether the peer has begun it, so that a handler of this node is about to be called. */
    boolean byPeer();

    /** The session it crosses. */
    PeerSession session();

    /** The route of a request, or the name of a message or stream. */
    String name();

    /** What the peer's handler will see, or what this side's will; of a peer that is its word, not verified. */
    Headers headers();

    /** The Reactor context: of the subscriber that asked here, or that which the publisher of this side's handler will see. */
    Context context();

    /** The same with these headers. */
    Interaction withHeaders(Headers headers);

    /**
     * The same with this context. For a handler, its publisher sees it, and so does all that it asks in turn; for an exchange,
     * the publisher of its values; otherwise interceptors behind this one.
     */
    Interaction withContext(Context context);

    /**
     * The same; where it is handled here, the handler is called, and what it returns is subscribed to, within what this opens: for
     * thread-locals. Behind {@code on(scheduler)} it is opened on the loop and again on the scheduler's thread. Those of several
     * interceptors are opened in their order, and closed in reverse on the same thread. What opening one throws is the handler's
     * failure; what closing one throws is dropped, as Reactor drops errors. Without effect on what this side begins.
     */
    Interaction within(Supplier<? extends Scope> scope);

    /**
     * The same, whose end this is told: once, before the subscriber of this side hears it, on the thread that brings it. A stream
     * has ended when both halves have, or when it was given up before the peer heard of it; a handler, when its publisher has.
     * What it throws is dropped, as Reactor drops errors.
     */
    Interaction doOnEnd(Consumer<? super End> action);
}
