package io.weir.reactive.operator;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A subscriber that counts what it gets and what is discarded, and whether two signals ever met. */
final class Counting implements CoreSubscriber<Object> {

    final AtomicInteger discarded = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private final Context context = Operators.enableOnDiscard(Context.empty(), value -> discarded.incrementAndGet());
    private final long initialDemand;
    private volatile @Nullable Subscription subscription;
    private volatile boolean met;
    private volatile int values;
    private volatile int ends;

    Counting(long initialDemand) {
        this.initialDemand = initialDemand;
    }

    /** Elements so far; below 0 if two signals overlapped. */
    int values() {
        return met ? -1 : values;
    }

    /** Terminal signals so far. */
    int ends() {
        return ends;
    }

    void request(long n) {
        subscription().request(n);
    }

    void cancel() {
        subscription().cancel();
    }

    private Subscription subscription() {
        return Objects.requireNonNull(subscription, "not subscribed");
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        if (initialDemand > 0) {
            s.request(initialDemand);
        }
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    public void onNext(Object value) {
        enter();
        values++;
        inside.decrementAndGet();
    }

    @Override
    public void onError(Throwable e) {
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    private void end() {
        enter();
        ends++;
        inside.decrementAndGet();
    }

    private void enter() {
        if (inside.incrementAndGet() != 1) {
            met = true;
        }
    }
}
