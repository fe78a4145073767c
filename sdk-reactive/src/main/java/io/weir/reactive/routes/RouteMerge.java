package io.weir.reactive.routes;

import io.weir.reactive.Routed;
import io.weir.reactive.serial.SerialDrain;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The payloads of all links to one subscriber, in turns of one: {@code flatMap} would take those of one link as long as it
 * has any. Of each link {@value #PREFETCH} wait here.
 *
 * <p>Serialisation: a serial drain; links that have something are in a queue, each once.
 */
final class RouteMerge implements Subscription {

    private static final int PREFETCH = 4;
    private static final int REFILL = 2;

    private final CoreSubscriber<? super Routed> actual;
    private final AtomicLong requested = new AtomicLong();
    private final SerialDrain emitting = new SerialDrain(this::emit);
    private final Set<Input> inputs = ConcurrentHashMap.newKeySet();
    private final Queue<Input> ready = new ConcurrentLinkedQueue<>();
    private volatile boolean sourcesEnded;
    private volatile boolean cancelled;
    private volatile boolean badRequest;
    private boolean ended; // touched by the drain only

    RouteMerge(CoreSubscriber<? super Routed> actual) {
        this.actual = actual;
    }

    /** One more link; refused if nobody takes anything any more. Called for each link once. */
    void add(RouteLink link) {
        Input input = new Input();
        inputs.add(input);
        link.receive().subscribe(input);
        if (cancelled) {
            input.cancel();
        }
    }

    /** Links of which more may come. */
    int inputs() {
        return inputs.size();
    }

    /** No link comes any more. */
    void complete() {
        sourcesEnded = true;
        drain();
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            requested.accumulateAndGet(n, Operators::addCap);
        } else {
            badRequest = true; // rule 3.9 of Reactive Streams
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        inputs.forEach(Input::cancel);
        drain();
    }

    private void drain() {
        emitting.drain();
    }

    private void emit() {
        // read before the queue is: what is added before the end is seen to be there
        boolean last = sourcesEnded && inputs.isEmpty();
        if (badRequest && !ended && !cancelled) {
            ended = true;
            cancel();
            actual.onError(new IllegalArgumentException("request must be of 1 or more (rule 3.9)"));
        }
        Input next;
        while (!cancelled && requested.get() > 0 && (next = ready.poll()) != null) {
            next.emitOne();
        }
        if (cancelled) {
            ready.clear();
        } else if (last && ready.isEmpty() && !ended) {
            ended = true;
            actual.onComplete();
        }
    }

    private void emitted() {
        requested.getAndUpdate(n -> n == Long.MAX_VALUE ? n : n - 1);
    }

    /** One link's payloads. */
    private final class Input extends BaseSubscriber<Routed> {
        private final Queue<Routed> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean queued = new AtomicBoolean();
        private int taken; // touched by the drain only

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(PREFETCH);
        }

        @Override
        protected void hookOnNext(Routed payload) {
            waiting.add(payload);
            enqueue();
            drain();
        }

        @Override
        protected void hookOnCancel() {
            inputs.remove(this);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            hookOnComplete();
        }

        @Override
        protected void hookOnComplete() {
            inputs.remove(this);
            drain();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        private void enqueue() {
            if (queued.compareAndSet(false, true)) {
                ready.add(this);
            }
        }

        void emitOne() {
            Routed payload = waiting.poll();
            queued.set(false);
            if (payload != null) {
                emitted();
                actual.onNext(payload);
                refill();
            }
            if (!waiting.isEmpty()) {
                enqueue();
            }
        }

        private void refill() {
            if (++taken == REFILL) {
                taken = 0;
                request(REFILL);
            }
        }
    }
}
