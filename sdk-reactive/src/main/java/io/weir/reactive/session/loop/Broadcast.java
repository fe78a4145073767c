package io.weir.reactive.session.loop;

import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.SessionLoop;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Tells every subscriber what happens from its subscription on, each as fast as it asks. What a slower one has not asked
 * for waits, up to a number and a sum of bytes for each; beyond that the new is left out for it. Observes, never gates.
 *
 * <p>Loop-confined but for subscribe, request and cancel.
 */
public final class Broadcast<T> extends Flux<T> {

    private static final Observer<?>[] NONE = new Observer<?>[0];

    private final SessionLoop loop;
    private final int mostWaiting;
    private final long mostWaitingBytes;
    private final ToIntFunction<? super T> bytesOf;
    private final Fault.Listener thrown;

    private Observer<?>[] observers = NONE; // replaced as a whole, so that observers may come and go meanwhile
    private boolean completed;

    /**
     * @param mostWaiting elements kept for each subscriber
     * @param mostWaitingBytes bytes kept for each subscriber; one element alone may have more
     * @param thrown told what a subscriber has thrown
     */
    public Broadcast(
            SessionLoop loop,
            int mostWaiting,
            long mostWaitingBytes,
            ToIntFunction<? super T> bytesOf,
            Fault.Listener thrown) {
        this.loop = loop;
        this.mostWaiting = mostWaiting;
        this.mostWaitingBytes = mostWaitingBytes;
        this.bytesOf = bytesOf;
        this.thrown = thrown;
    }

    public boolean hasObservers() {
        return observers.length > 0;
    }

    /** Tells everybody; returns for how many of them it was left out. */
    public int emit(T value) {
        int leftOut = 0;
        for (Observer<?> observer : observers) {
            if (!typed(observer).offer(value)) {
                leftOut++;
            }
        }
        return leftOut;
    }

    /** After the last one: subscribers get what waits for them, and then the end. */
    public void complete() {
        completed = true;
        Observer<?>[] all = observers;
        observers = NONE;
        for (Observer<?> observer : all) {
            observer.complete();
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Observer<T> observer = new Observer<>(this, actual);
        actual.onSubscribe(observer);
        LoopCalls.run(loop, () -> add(observer));
    }

    private void add(Observer<T> observer) {
        if (completed) {
            observer.complete();
        } else if (!observer.cancelled) {
            observers = Arrays.copyOf(observers, observers.length + 1);
            observers[observers.length - 1] = observer;
        }
    }

    private void remove(Observer<T> observer) {
        observers = Arrays.stream(observers).filter(o -> o != observer).toArray(Observer<?>[]::new);
    }

    /** Only observers of this kind are ever added. */
    @SuppressWarnings("unchecked")
    private Observer<T> typed(Observer<?> observer) {
        return (Observer<T>) observer;
    }

    /** One subscriber. Requests and cancels come from any thread; {@code draining} guards against re-entrancy. */
    private static final class Observer<T> implements Subscription, Scannable {
        private final Broadcast<T> broadcast;
        private final CoreSubscriber<? super T> actual;
        private final Queue<T> waiting = new ArrayDeque<>();
        private final LoopSignal demanded;

        private volatile long requested;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<Observer> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Observer.class, "requested");

        private volatile boolean cancelled;
        private volatile @Nullable Throwable failure;

        // loop-confined
        private long waitingBytes;
        private boolean completing;
        private boolean terminated;
        private boolean draining;

        Observer(Broadcast<T> broadcast, CoreSubscriber<? super T> actual) {
            this.broadcast = broadcast;
            this.actual = actual;
            this.demanded = new LoopSignal(broadcast.loop, this::drain);
        }

        /** False if there is no room for it. */
        boolean offer(T value) {
            int bytes = broadcast.bytesOf.applyAsInt(value);
            boolean room = waiting.isEmpty()
                    || waiting.size() < broadcast.mostWaiting && waitingBytes + bytes <= broadcast.mostWaitingBytes;
            if (room && !cancelled && !terminated) {
                waiting.add(value);
                waitingBytes += bytes;
                drain();
            }
            return room;
        }

        public void complete() {
            completing = true;
            drain();
        }

        private void drain() {
            if (draining) {
                return;
            }
            draining = true;
            try {
                while (!cancelled && !terminated && step()) {
                    // one signal after the other
                }
            } finally {
                draining = false;
            }
            if (cancelled || terminated) {
                waiting.clear();
            }
        }

        /** One signal; false if there is none now. */
        private boolean step() {
            Throwable bad = failure;
            if (bad != null || completing && waiting.isEmpty()) {
                terminated = true;
                broadcast.remove(this);
                Fault.tellEnd(actual, bad, broadcast.thrown);
                return true;
            }
            T next = requested > 0 ? waiting.poll() : null;
            if (next == null) {
                return false;
            }
            waitingBytes -= broadcast.bytesOf.applyAsInt(next);
            Operators.produced(REQUESTED, this, 1);
            try {
                actual.onNext(next);
            } catch (Throwable e) {
                // a subscriber must not throw: it has heard its last
                terminated = true;
                cancel();
                Fault.thrownByOnNext(e, actual, broadcast.thrown);
            }
            return true;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                failure = Fault.badDemand(n);
            } else {
                Operators.addCap(REQUESTED, this, n);
            }
            demanded.signal();
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                LoopCalls.run(broadcast.loop, () -> {
                    broadcast.remove(this);
                    drain(); // lets go of what waits
                });
            }
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            if (key == Attr.TERMINATED) {
                return terminated;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
