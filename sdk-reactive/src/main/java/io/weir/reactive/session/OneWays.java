package io.weir.reactive.session;

import io.weir.core.message.IncomingMessage;
import io.weir.reactive.Message;
import io.weir.reactive.MessageHandler;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The peer's one-way messages: to their handler, a bounded number at once, or to whoever observes, or dropped. A message
 * that waits, or is handled, keeps its credit, so the peer's window bounds them all. Loop-confined, but for handlers' ends.
 */
final class OneWays {

    private static final Logger LOG = LoggerFactory.getLogger(OneWays.class);

    /** Kept for each observer. */
    private static final int MOST_OBSERVED = 256;

    private final Messages messages;
    private final Map<String, MessageHandler> handlers;
    private final Broadcast<Message> observers;
    private final Queue<Handling> waiting = new ArrayDeque<>();
    private int running;
    private boolean starting;
    private boolean closed;
    private long dropped;

    OneWays(Messages messages, Session session, Map<String, MessageHandler> handlers, long mostObservedBytes) {
        this.messages = messages;
        this.handlers = handlers;
        observers = new Broadcast<>(
                session.loop(),
                MOST_OBSERVED,
                mostObservedBytes,
                message -> message.payload().remaining());
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
            waiting.add(new Handling(this, incoming, message, handler));
            startWaiting();
        }
    }

    /** Lets handlers begin, in order, as long as there are places. */
    private void startWaiting() {
        if (starting) {
            return; // a handler that was done at once; the loop below goes on
        }
        starting = true;
        try {
            while (running < MessageHandler.MAX_RUNNING && !closed) {
                Handling next = waiting.poll();
                if (next == null) {
                    return;
                }
                running++;
                next.start();
            }
        } finally {
            starting = false;
        }
    }

    private void onHandled(IncomingMessage incoming) {
        running--;
        incoming.taken();
        startWaiting();
        messages.session().checkDrain();
    }

    void onSessionEnd() {
        closed = true;
        waiting.clear();
        observers.complete();
    }

    /** Messages with their handlers, or waiting for them. */
    int held() {
        return running + waiting.size();
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
                Publisher<Void> work = handler.handle(message);
                work.subscribe(this);
            } catch (Throwable e) {
                Exceptions.throwIfJvmFatal(e);
                onError(e);
            }
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.setOnce(UPSTREAM, this, s)) {
                s.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Void nothing) {
            // there is none
        }

        @Override
        public void onError(Throwable e) {
            LOG.debug("The handler of {} on {} failed", incoming, message.session(), e);
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
        void onLoop() {
            owner.onHandled(incoming);
        }
    }
}
