package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.serial.SerialTasks;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * Tells every subscriber what happens at a node: first what is the case (bound listeners, live sessions), then each
 * event. Each subscriber has its own bounded buffer, so one that is slow, or blocks, costs the others nothing
 * ({@link EventQueue} and {@link LiveSessions} have the policies).
 *
 * <p>Threads: events come from any loop. They pass one queue whose drain is serialised (whoever finds it idle drains
 * it), so every subscriber sees the same order. Within it an event is only put into the buffers: no foreign code runs
 * there, so the queue never holds more than what other threads bring while one does that. The subscriptions then tell,
 * each serially.
 */
final class EventHub {

    private final SerialTasks work = new SerialTasks();
    private final List<EventSubscription> subscriptions = new CopyOnWriteArrayList<>(); // written in the drain only

    // touched by the serialised drain only
    private final List<PeerEvent.Listening> listening = new ArrayList<>();
    private final Map<Long, PeerEvent.ConnectionReady> ready = new LinkedHashMap<>();
    private boolean completed;

    /** Any thread. */
    void publish(PeerEvent event) {
        serially(() -> {
            remember(event);
            subscriptions.forEach(subscription -> subscription.offer(event));
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
            subscriptions.forEach(EventSubscription::complete);
        });
    }

    /** Cold view; each subscriber begins with what is the case. */
    Flux<PeerEvent> events() {
        return view(() -> new EventQueue(EventQueue.CAPACITY));
    }

    /**
     * The same for an observer that was declared before there was anything to tell, and hears everything. One that throws hears
     * the next event all the same.
     */
    void observe(Consumer<? super PeerEvent> observer) {
        view(() -> new EventQueue(EventQueue.OBSERVER_CAPACITY)).subscribe(event -> {
            try {
                observer.accept(event);
            } catch (Throwable e) {
                Fault.report(e, Context.empty());
            }
        });
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

    private void serially(Runnable task) {
        if (work.run(task)) {
            subscriptions.forEach(EventSubscription::drain);
        }
    }

    private void add(EventSubscription subscription) {
        if (subscription.isCancelled()) {
            return;
        }
        List<PeerEvent> present = new ArrayList<>(listening);
        present.addAll(ready.values());
        subscription.begin(present);
        if (completed) {
            subscription.complete();
        }
        subscriptions.add(subscription);
    }

    private void remember(PeerEvent event) {
        if (event instanceof PeerEvent.Listening bound) {
            listening.add(bound);
        } else if (event instanceof PeerEvent.ListeningLost lost) {
            listening.removeIf(bound -> bound.address().equals(lost.address()));
        } else if (event instanceof PeerEvent.ConnectionReady session) {
            ready.put(session.sessionId(), session);
        } else if (event instanceof PeerEvent.ConnectionMoved moved) {
            ready.computeIfPresent(moved.sessionId(), (id, session) -> at(session, moved.to()));
        } else if (event instanceof PeerEvent.ConnectionClosed end) {
            ready.remove(end.sessionId());
        } else if (event instanceof PeerEvent.ConnectionLost end) {
            ready.remove(end.sessionId());
        }
    }

    /** What who subscribes later is told of a session whose peer has moved. */
    private static PeerEvent.ConnectionReady at(PeerEvent.ConnectionReady session, SocketAddress address) {
        return new PeerEvent.ConnectionReady(session.peer(), address, session.sessionId(), session.initiator());
    }
}
