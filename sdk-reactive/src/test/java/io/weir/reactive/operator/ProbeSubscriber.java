package io.weir.reactive.operator;

import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import reactor.core.CoreSubscriber;

/** Stands downstream of an operator and lets the TCK pull its strings. */
final class ProbeSubscriber<T> implements CoreSubscriber<T> {

    private final WhiteboxSubscriberProbe<T> probe;

    ProbeSubscriber(WhiteboxSubscriberProbe<T> probe) {
        this.probe = probe;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        probe.registerOnSubscribe(new SubscriberPuppet() {
            @Override
            public void triggerRequest(long elements) {
                subscription.request(elements);
            }

            @Override
            public void signalCancel() {
                subscription.cancel();
            }
        });
    }

    @Override
    public void onNext(T value) {
        probe.registerOnNext(value);
    }

    @Override
    public void onError(Throwable error) {
        probe.registerOnError(error);
    }

    @Override
    public void onComplete() {
        probe.registerOnComplete();
    }
}
