package io.weir.reactive.fault;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What simple operators share: demand, cancellation and both ends pass as they are, and there is one end. What is to become of
 * elements the operator says. Serialised by its source; only {@code request} and {@code cancel} may race.
 */
public abstract class PassingSubscriber<I, O> implements CoreSubscriber<I>, Subscription, Scannable {

    protected final CoreSubscriber<? super O> actual;
    private @Nullable Subscription upstream;
    private boolean done;

    protected PassingSubscriber(CoreSubscriber<? super O> actual) {
        this.actual = actual;
    }

    /** Whether nothing more is to be told. */
    protected final boolean isDone() {
        return done;
    }

    /** Nothing more is to be told from now on; whether something was until now. */
    protected final boolean end() {
        boolean first = !done;
        done = true;
        return first;
    }

    /** @param failure null: it is complete */
    protected void tellEnd(@Nullable Throwable failure) {
        if (failure == null) {
            actual.onComplete();
        } else {
            actual.onError(failure);
        }
    }

    @Override
    public final Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public final void onSubscribe(Subscription s) {
        if (Operators.validate(upstream, s)) {
            upstream = s;
            actual.onSubscribe(this); // in the call of subscribe, whose caller gets what it throws
        }
    }

    @Override
    public final void onError(Throwable e) {
        if (end()) {
            tellEnd(e);
        } else {
            Fault.report(e, currentContext());
        }
    }

    @Override
    public final void onComplete() {
        if (end()) {
            tellEnd(null);
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
    public void cancel() {
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
