package io.weir.reactive.session.carrier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What the operators of the inbound chain share: demand, which is unbounded, cancellation and both ends pass as they are. What
 * is to become of elements the operator says.
 */
abstract class PassingSubscriber<I, O> implements CoreSubscriber<I>, Subscription, Scannable {

    final CoreSubscriber<? super O> actual;
    private @Nullable Subscription upstream;
    private boolean done;

    PassingSubscriber(CoreSubscriber<? super O> actual) {
        this.actual = actual;
    }

    @Override
    public final Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public final void onSubscribe(Subscription s) {
        if (Operators.validate(upstream, s)) {
            upstream = s;
            actual.onSubscribe(this);
        }
    }

    @Override
    public final void onError(Throwable e) {
        if (done) {
            Operators.onErrorDropped(e, currentContext());
            return;
        }
        done = true;
        actual.onError(e);
    }

    @Override
    public final void onComplete() {
        if (!done) {
            done = true;
            actual.onComplete();
        }
    }

    @Override
    public final void request(long n) {
        Subscription s = upstream;
        if (s != null) {
            s.request(n);
        }
    }

    @Override
    public final void cancel() {
        Subscription s = upstream;
        if (s != null) {
            s.cancel();
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public final @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
