package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.serial.SerialDrain;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscriber of a node's events. The hub hands it what happens, and waits for nothing; a serial drain tells it, on whichever
 * thread has something to tell or to ask and finds it idle. A subscriber that blocks therefore blocks that one thread: what
 * happens meanwhile comes into its buffer, with the buffer's bound.
 */
final class EventSubscription implements Subscription {

    private final EventHub hub;
    private final CoreSubscriber<? super PeerEvent> actual;
    private final EventBuffer buffer;
    private final AtomicLong requested = new AtomicLong();
    private final SerialDrain telling = new SerialDrain(this::tell);
    private volatile boolean cancelled;
    private volatile boolean completing;
    private volatile @Nullable IllegalArgumentException badRequest;
    private boolean done; // of the drain

    EventSubscription(EventHub hub, CoreSubscriber<? super PeerEvent> actual, EventBuffer buffer) {
        this.hub = hub;
        this.actual = actual;
        this.buffer = buffer;
    }

    // ---- the hub's serialised part; the hub drains afterwards

    void begin(List<? extends PeerEvent> present) {
        buffer.begin(present);
    }

    void offer(PeerEvent event) {
        if (!cancelled) {
            buffer.offer(event);
        }
    }

    void complete() {
        completing = true;
    }

    // ---- any thread

    boolean isCancelled() {
        return cancelled;
    }

    void drain() {
        telling.drain();
    }

    private void tell() {
        while (!cancelled && !done) {
            IllegalArgumentException error = badRequest;
            boolean ending = completing; // before the look into the buffer: nothing is offered after it
            PeerEvent next = error == null && requested.get() > 0 ? buffer.poll() : null;
            if (next != null) {
                produced();
                tell(next);
            } else if (error != null) {
                end();
                Fault.tellEnd(actual, error, Fault::report);
            } else if (ending && buffer.isEmpty()) {
                end();
                Fault.tellEnd(actual, null, Fault::report);
            } else {
                return;
            }
        }
        buffer.clear();
    }

    private void produced() {
        if (requested.get() != Long.MAX_VALUE) {
            requested.decrementAndGet();
        }
    }

    private void end() {
        done = true;
        hub.remove(this);
    }

    /** A subscriber that throws has heard its last, and harms neither the others nor what told the event. */
    private void tell(PeerEvent event) {
        try {
            actual.onNext(event);
        } catch (Throwable e) {
            end();
            Fault.thrownByOnNext(e, actual, Fault::report);
        }
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            requested.accumulateAndGet(n, Operators::addCap);
        } else {
            badRequest = Fault.badDemand(n);
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        hub.remove(this);
        drain(); // which lets go of what waits
    }
}
