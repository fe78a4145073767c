package io.weir.reactive.operator;

import io.weir.reactive.fault.Fault;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Subscriber of an operator's second input, with unlimited demand. It passes signals on and owns nothing but its
 * subscription, which may be cancelled before it has arrived.
 */
final class SideInput<V> implements CoreSubscriber<V>, Scannable {

    /** The operator's main subscriber. Its methods are called serially, but from the side input's thread. */
    interface Owner<V> extends Scannable {

        void onSide(V value);

        void onSideError(Throwable error);

        void onSideComplete();

        Context currentContext();
    }

    private final Owner<? super V> owner;

    private volatile @Nullable Subscription subscription;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SideInput, @Nullable Subscription> SUBSCRIPTION =
            AtomicReferenceFieldUpdater.newUpdater(SideInput.class, Subscription.class, "subscription");

    SideInput(Owner<? super V> owner) {
        this.owner = owner;
    }

    void subscribeTo(Publisher<V> publisher) {
        if (subscription != Operators.cancelledSubscription()) {
            try {
                Flux.from(publisher).subscribe(this);
            } catch (Throwable e) {
                owner.onSideError(e);
            }
        }
    }

    void cancel() {
        Fault.terminate(SUBSCRIPTION, this, currentContext(), Fault::report);
    }

    /** The publisher gave null, which is told to it and fails the flux. */
    private NullPointerException brokenBy(String signal) {
        NullPointerException e = Fault.nullSignal(signal);
        owner.onSideError(e);
        return e;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (s == null) {
            throw brokenBy("onSubscribe");
        }
        if (Operators.setOnce(SUBSCRIPTION, this, s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(V value) {
        if (value == null) {
            throw brokenBy("onNext");
        }
        owner.onSide(value);
    }

    @Override
    public void onError(Throwable error) {
        if (error == null) {
            throw brokenBy("onError");
        }
        owner.onSideError(error);
    }

    @Override
    public void onComplete() {
        owner.onSideComplete();
    }

    @Override
    public Context currentContext() {
        return owner.currentContext();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return subscription;
        }
        if (key == Attr.ACTUAL) {
            return owner;
        }
        if (key == Attr.CANCELLED) {
            return subscription == Operators.cancelledSubscription();
        }
        if (key == Attr.PREFETCH) {
            return Integer.MAX_VALUE;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
