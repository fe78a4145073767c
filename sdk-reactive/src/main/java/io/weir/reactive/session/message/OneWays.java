package io.weir.reactive.session.message;

import io.weir.core.message.IncomingMessage;
import io.weir.core.wire.Headers;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Interaction;
import io.weir.reactive.Message;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.session.dispatch.HandlerCall;
import io.weir.reactive.session.dispatch.SessionDispatch;
import io.weir.reactive.session.loop.Broadcast;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.memory.SessionMemory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The peer's one-way messages: to their handler, if there is a place, or to whoever observes, or dropped. Those that
 * wait do so in the table. Loop-confined, but for handlers' ends.
 */
final class OneWays {

    /** Kept for each observer. */
    private static final int MOST_OBSERVED = 256;

    private final SessionContext session;
    private final SessionMemory memory;
    private final SessionDispatch dispatch;
    private final Map<String, MessageHandler> handlers;
    private final Broadcast<Message> observers;
    private int running;

    /** What the peer was charged for those: it is in its window for as long as there is a session. */
    private long runningBytes;

    private long dropped;
    private boolean ended;

    OneWays(
            SessionContext session,
            SessionMemory memory,
            SessionDispatch dispatch,
            Map<String, MessageHandler> handlers) {
        this.session = session;
        this.memory = memory;
        this.dispatch = dispatch;
        this.handlers = handlers;
        observers = new Broadcast<>(
                session.loop(),
                MOST_OBSERVED,
                session.limits().requestWindowBytes(),
                message -> message.payload().remaining(),
                session);
    }

    /** Those that no handler takes. Any thread. */
    Flux<Message> unhandled() {
        return observers;
    }

    /** Whether a handler takes messages of this name, or somebody observes. */
    boolean wants(String name) {
        return handlers.containsKey(name) || observers.hasObservers();
    }

    void drop(IncomingMessage incoming) {
        dropped++;
        incoming.taken();
    }

    void take(IncomingMessage incoming, Message message) {
        MessageHandler handler = handlers.get(incoming.name());
        if (handler == null) {
            observers.emit(message);
            incoming.taken();
        } else {
            running++;
            runningBytes += incoming.cost();
            new Handling(this, incoming, message, handler).start();
        }
    }

    private void onHandled(IncomingMessage incoming) {
        long bytes = incoming.cost();
        running--;
        runningBytes -= bytes;
        if (ended) {
            memory.releaseLeftBehind(bytes);
            return;
        }
        incoming.taken();
        session.checkDrain();
    }

    /** The peer's window is given back behind this, and what handlers hold of it is not. */
    void onSessionEnd() {
        ended = true;
        memory.leaveBehind(runningBytes);
        observers.complete();
    }

    /** Messages with their handlers. */
    int running() {
        return running;
    }

    /** Messages that neither handler nor observer took. */
    long dropped() {
        return dropped;
    }

    /** One message and its handler's work, which goes on when the session has ended. */
    private static final class Handling extends HandlerCall<Void> {
        private final OneWays owner;
        private final IncomingMessage incoming;
        private final Message message;
        private final MessageHandler handler;

        Handling(OneWays owner, IncomingMessage incoming, Message message, MessageHandler handler) {
            super(owner.dispatch);
            this.owner = owner;
            this.incoming = incoming;
            this.message = message;
            this.handler = handler;
        }

        @Override
        protected Interaction.Kind kind() {
            return Interaction.Kind.MESSAGE;
        }

        @Override
        protected String name() {
            return incoming.name();
        }

        @Override
        protected Headers sentHeaders() {
            return message.headers();
        }

        @Override
        protected Publisher<Void> call() {
            Headers headers = seenHeaders();
            return handler.handle(headers == message.headers() ? message : message.withHeaders(headers));
        }

        @Override
        protected boolean endsWithValue() {
            return false;
        }

        @Override
        protected void onFailed(Throwable e) {
            owner.session.handlerFailed(HandlerError.Kind.MESSAGE, incoming.name(), e);
        }

        @Override
        protected void onResult(@Nullable Void nothing, @Nullable Throwable failure, boolean inLoop) {
            // told already
        }

        @Override
        protected void onLoop() {
            owner.onHandled(incoming);
            leave();
        }
    }
}
