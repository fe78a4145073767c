package io.weir.reactive.operator;

import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** A publisher driven by hand, without any rule of its own. */
final class Hand<T> extends Flux<T> implements Subscription {

    final AtomicInteger cancelled = new AtomicInteger();
    private CoreSubscriber<? super T> subscriber = Operators.emptySubscriber();

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        subscriber = actual;
        actual.onSubscribe(this);
    }

    void next(T value) {
        subscriber.onNext(value);
    }

    void complete() {
        subscriber.onComplete();
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
        cancelled.incrementAndGet();
    }
}
