package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Tells every subscriber what happens at a node: first what is the case (bound listeners, live sessions), then each
 * event. Each subscriber has its own bounded buffer, so a slow one delays nobody ({@link EventQueue} and
 * {@link LiveSessions} have the policies).
 *
 * <p>Threads: events come from any loop. They pass one queue whose drain is serialised (whoever finds it idle drains
 * it), so every subscriber sees the same order, serially.
 */
final class EventHub {

    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final AtomicInteger working = new AtomicInteger();

    // touched by the serialised drain only
    private final List<PeerEvent.Listening> listening = new ArrayList<>();
    private final Map<Long, PeerEvent.ConnectionReady> ready = new LinkedHashMap<>();
    private final List<EventSubscription> subscriptions = new ArrayList<>();
    private boolean completed;

    /** Any thread. */
    void publish(PeerEvent event) {
        serially(() -> {
            remember(event);
            List.copyOf(subscriptions).forEach(subscription -> subscription.offer(event));
        });
    }

    /** What was bound is no more: who subscribes from now on is not told of it. */
    void forgetListening() {
        serially(listening::clear);
    }

    /** After the last event. */
    void complete() {
        serially(() -> {
            completed = true;
            listening.clear();
            List.copyOf(subscriptions).forEach(EventSubscription::complete);
            subscriptions.clear();
        });
    }

    /** Cold view; each subscriber begins with what is the case. */
    Flux<PeerEvent> events() {
        return view(EventQueue::new);
    }

    /** Cold view: the Ready of each live session, none of them left out. */
    Flux<PeerEvent.ConnectionReady> live() {
        return view(LiveSessions::new).cast(PeerEvent.ConnectionReady.class);
    }

    private Flux<PeerEvent> view(Supplier<EventBuffer> buffer) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super PeerEvent> actual) {
                EventSubscription subscription = new EventSubscription(EventHub.this, actual, buffer.get());
                actual.onSubscribe(subscription);
                serially(() -> add(subscription));
            }
        };
    }

    void remove(EventSubscription subscription) {
        serially(() -> subscriptions.remove(subscription));
    }

    void serially(Runnable task) {
        work.offer(task);
        if (working.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            Runnable next;
            while ((next = work.poll()) != null) {
                runGuarded(next);
            }
            missed = working.addAndGet(-missed);
        } while (missed != 0);
    }

    /** A subscriber that throws harms neither the others nor what told the event. */
    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    private void add(EventSubscription subscription) {
        if (subscription.isCancelled()) {
            return;
        }
        listening.forEach(subscription::offer);
        ready.values().forEach(subscription::offer);
        if (completed) {
            subscription.complete();
        } else {
            subscriptions.add(subscription);
        }
    }

    private void remember(PeerEvent event) {
        if (event instanceof PeerEvent.Listening bound) {
            listening.add(bound);
        } else if (event instanceof PeerEvent.ConnectionReady session) {
            ready.put(session.sessionId(), session);
        } else if (event instanceof PeerEvent.ConnectionClosed end) {
            ready.remove(end.sessionId());
        } else if (event instanceof PeerEvent.ConnectionLost end) {
            ready.remove(end.sessionId());
        }
    }
}
