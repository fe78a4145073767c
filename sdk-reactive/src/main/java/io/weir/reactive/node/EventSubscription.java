package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** One subscriber of a node's events. Touched within the hub's serialised drain only, but for request and cancel. */
final class EventSubscription implements Subscription {

    private final EventHub hub;
    private final CoreSubscriber<? super PeerEvent> actual;
    private final EventBuffer queue;
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;
    private boolean completing;
    private boolean done;

    EventSubscription(EventHub hub, CoreSubscriber<? super PeerEvent> actual, EventBuffer queue) {
        this.hub = hub;
        this.actual = actual;
        this.queue = queue;
    }

    void offer(PeerEvent event) {
        if (!cancelled && !done) {
            queue.offer(event);
            drain();
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    void complete() {
        completing = true;
        drain();
    }

    private void drain() {
        while (!cancelled && !done && requested.get() > 0) {
            PeerEvent next = queue.poll();
            if (next == null) {
                break;
            }
            if (requested.get() != Long.MAX_VALUE) {
                requested.decrementAndGet();
            }
            actual.onNext(next);
        }
        if (completing && queue.isEmpty() && !cancelled && !done) {
            done = true;
            actual.onComplete();
        }
        if (cancelled) {
            queue.clear();
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            hub.serially(() -> {
                if (!done && !cancelled) {
                    done = true;
                    hub.remove(this);
                    actual.onError(new IllegalArgumentException(
                            "request(" + n + "): demand must be positive (Reactive Streams 3.9)"));
                }
            });
            return;
        }
        requested.accumulateAndGet(n, Operators::addCap);
        hub.serially(this::drain);
    }

    @Override
    public void cancel() {
        cancelled = true;
        hub.remove(this);
    }
}
