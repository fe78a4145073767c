package io.weir.reactive.session.packet;

import io.weir.core.wire.LinkFrame.Feedback;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The FEEDBACK that has come, for the sender, which takes all of it and never ends. Loop-confined. */
final class FeedbackInput extends Flux<Feedback> implements Subscription {

    private @Nullable CoreSubscriber<? super Feedback> actual;

    @Override
    public void subscribe(CoreSubscriber<? super Feedback> subscriber) {
        if (actual != null) {
            Operators.error(subscriber, new IllegalStateException("feedback has one subscriber"));
            return;
        }
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    /** What the other side tells in front of a packet's frames. */
    void take(Feedback feedback) {
        CoreSubscriber<? super Feedback> sender = actual;
        if (sender != null) {
            sender.onNext(feedback);
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        actual = null;
    }
}
