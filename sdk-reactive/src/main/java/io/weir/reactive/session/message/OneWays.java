package io.weir.reactive.session.message;

import io.weir.core.message.IncomingMessage;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Message;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.Broadcast;
import io.weir.reactive.session.loop.ForeignCalls;
import io.weir.reactive.session.loop.SessionContext;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The peer's one-way messages: to their handler, a bounded number at once, or to whoever observes, or dropped. Those that
 * wait do so in the table. Loop-confined, but for handlers' ends.
 */
final class OneWays {

    /** Kept for each observer. */
    private static final int MOST_OBSERVED = 256;

    private final Messages messages;
    private final Map<String, MessageHandler> handlers;
    private final Broadcast<Message> observers;
    private int running;
    private long dropped;

    OneWays(Messages messages, SessionContext session, Map<String, MessageHandler> handlers) {
        this.messages = messages;
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
            new Handling(this, incoming, message, handler).start();
        }
    }

    /** Whether one more may be given to its handler. */
    boolean mayRun() {
        return running < MessageHandler.MAX_RUNNING;
    }

    private void onHandled(IncomingMessage incoming) {
        running--;
        incoming.taken();
        messages.session().checkDrain();
    }

    void onSessionEnd() {
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

    /** One message and its handler's work. The work's publisher may signal on any thread. */
    private static final class Handling extends ForeignCalls.Call implements CoreSubscriber<Void> {
        private final OneWays owner;
        private final IncomingMessage incoming;
        private final Message message;
        private final MessageHandler handler;

        private volatile @Nullable Subscription upstream;
        private static final AtomicReferenceFieldUpdater<Handling, @Nullable Subscription> UPSTREAM =
                AtomicReferenceFieldUpdater.newUpdater(Handling.class, Subscription.class, "upstream");

        private boolean done;

        Handling(OneWays owner, IncomingMessage incoming, Message message, MessageHandler handler) {
            this.owner = owner;
            this.incoming = incoming;
            this.message = message;
            this.handler = handler;
        }

        void start() {
            try {
                Publisher<Void> work = Objects.requireNonNull(
                        handler.handle(message), "the handler returned null, must be a publisher");
                work.subscribe(this);
            } catch (Throwable e) {
                onError(e);
            }
        }

        /** The publisher gave null, which is told to it and is the handler's failure. */
        private NullPointerException brokenBy(String signal) {
            NullPointerException e = Fault.nullSignal(signal);
            if (!done) {
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
        public void onNext(Void nothing) {
            if (nothing == null) {
                throw brokenBy("onNext");
            }
        }

        @Override
        public void onError(Throwable e) {
            if (e == null) {
                throw brokenBy("onError");
            }
            if (Fault.isFatal(e)) {
                owner.messages.session().thrown(e, currentContext());
            }
            owner.messages.session().handlerFailed(HandlerError.Kind.MESSAGE, incoming.name(), e);
            onComplete();
        }

        @Override
        public void onComplete() {
            if (done) {
                return;
            }
            done = true;
            if (owner.messages.session().inLoop()) {
                onLoop();
            } else {
                owner.messages.calls().add(this); // at most once for each that runs
            }
        }

        @Override
        public void onLoop() {
            owner.onHandled(incoming);
        }
    }
}
