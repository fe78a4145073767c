package io.weir.reactive.session.dispatch;

import io.weir.reactive.dispatch.Handling;
import io.weir.reactive.fault.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What goes on of a {@link HandlerCall} when the handler has returned: the subscriber of its publisher, the users of the place,
 * and a time limit if there is one. A handler that has ended when it returns costs none of this.
 *
 * <p>Threads: the publisher may signal on any, and the end crosses to the loop.
 */
final class HandlerWork<T> extends PlaceUsers implements CoreSubscriber<T> {

    private final HandlerCall<T> call;
    private final boolean single;
    private @Nullable Context context;

    private volatile @Nullable Subscription upstream;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<HandlerWork, @Nullable Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(HandlerWork.class, Subscription.class, "upstream");

    HandlerWork(HandlerCall<T> call, Publisher<T> publisher) {
        this.call = call;
        this.single = publisher instanceof Mono;
    }

    // ---- loop

    @Override
    public void onLoop() {
        call.onLoop();
    }

    @Override
    protected void onTimeout() {
        call.onTimeout();
    }

    // ---- the place, any thread

    @Override
    public boolean enter() {
        boolean wanted = super.enter();
        if (wanted) {
            call.onEntered();
        }
        return wanted;
    }

    @Override
    protected void onFree() {
        call.release();
    }

    @Override
    public void within(Runnable work) {
        call.within(work);
    }

    @Override
    public Object owner() {
        return call.session();
    }

    @Override
    public Optional<Duration> remaining() {
        return call.remaining();
    }

    // ---- the handler's publisher, any thread

    /** The publisher is cancelled, now or when it has given its subscription. */
    void cancel() {
        Fault.terminate(UPSTREAM, this, currentContext(), call.session());
    }

    @Override
    public Context currentContext() {
        Context known = context;
        if (known == null) {
            known = call.seenContext().put(Handling.class, this);
            context = known;
        }
        return known;
    }

    /** The publisher gave null, which is told to it and is the handler's failure. */
    private NullPointerException brokenBy(String signal) {
        NullPointerException e = Fault.nullSignal(signal);
        if (!call.isDone()) {
            cancel();
            onError(e);
        }
        return e;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (s == null) {
            throw brokenBy("onSubscribe");
        }
        if (Operators.setOnce(UPSTREAM, this, s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(T value) {
        if (value == null) {
            throw brokenBy("onNext");
        }
        if (call.isDone()) {
            Operators.onNextDropped(value, currentContext());
        } else if (call.endsWithValue()) {
            call.done();
            if (!single) {
                cancel();
            }
            call.end(value, null);
        }
    }

    @Override
    public void onError(Throwable e) {
        if (e == null) {
            throw brokenBy("onError");
        }
        call.fail(e);
    }

    @Override
    public void onComplete() {
        if (!call.isDone()) {
            call.end(null, null);
        }
    }
}
