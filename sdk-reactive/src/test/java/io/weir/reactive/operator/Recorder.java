package io.weir.reactive.operator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** A subscriber that writes down what it gets and asks only when it is told to. */
final class Recorder<T> implements CoreSubscriber<T> {

    final List<T> values = new CopyOnWriteArrayList<>();
    final AtomicInteger terminals = new AtomicInteger();
    volatile @Nullable Throwable error;
    volatile boolean completed;

    private final Context context;
    private final long initialRequest;
    private Consumer<T> onNext = value -> {};
    private volatile @Nullable Subscription subscription;

    Recorder(long initialRequest) {
        this(initialRequest, Context.empty());
    }

    Recorder(long initialRequest, Context context) {
        this.initialRequest = initialRequest;
        this.context = context;
    }

    /** What to do with each value once it is written down. */
    Recorder<T> doing(Consumer<T> action) {
        onNext = action;
        return this;
    }

    Subscription subscription() {
        Subscription s = subscription;
        if (s == null) {
            throw new AssertionError("not subscribed yet");
        }
        return s;
    }

    void request(long n) {
        subscription().request(n);
    }

    void cancel() {
        subscription().cancel();
    }

    boolean terminated() {
        return terminals.get() != 0;
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (subscription != null) {
            throw new AssertionError("subscribed twice");
        }
        subscription = s;
        if (initialRequest != 0) {
            s.request(initialRequest);
        }
    }

    @Override
    public void onNext(T value) {
        if (terminated()) {
            throw new AssertionError("onNext after the end: " + value);
        }
        values.add(value);
        onNext.accept(value);
    }

    @Override
    public void onError(Throwable t) {
        error = t;
        terminals.incrementAndGet();
    }

    @Override
    public void onComplete() {
        completed = true;
        terminals.incrementAndGet();
    }
}
