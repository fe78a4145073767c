package io.weir.reactive.fault;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Stands between Weir and a subscriber of the user's: a subscriber that throws harms neither what told it nor others that are
 * told the same. Its subscription is cancelled, and the listener gets what it threw.
 */
public final class Barrier {

    private Barrier() {}

    /** The same elements. */
    public static <T> Flux<T> flux(Flux<T> source, Fault.Listener listener) {
        return new FluxOperator<T, T>(source) {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                source.subscribe(new Guard<>(actual, listener));
            }
        };
    }

    /** The same value. */
    public static <T> Mono<T> mono(Mono<T> source, Fault.Listener listener) {
        return new MonoOperator<T, T>(source) {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                source.subscribe(new Guard<>(actual, listener));
            }
        };
    }

    /** Serialised by its source: signals come one after the other. Only {@code request} and {@code cancel} may race. */
    private static final class Guard<T> implements CoreSubscriber<T>, Subscription, Scannable {
        private final CoreSubscriber<? super T> actual;
        private final Fault.Listener listener;
        private @Nullable Subscription upstream;
        private boolean done;

        Guard(CoreSubscriber<? super T> actual, Fault.Listener listener) {
            this.actual = actual;
            this.listener = listener;
        }

        private Subscription upstream() {
            if (upstream == null) {
                throw new IllegalStateException("not subscribed");
            }
            return upstream;
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.validate(upstream, s)) {
                upstream = s;
                actual.onSubscribe(this); // in the call of subscribe, whose caller gets what it throws
            }
        }

        @Override
        public void onNext(T value) {
            if (done) {
                Operators.onNextDropped(value, currentContext());
                return;
            }
            try {
                actual.onNext(value);
            } catch (Throwable e) {
                done = true;
                Fault.cancel(upstream(), currentContext(), listener);
                Fault.thrownByOnNext(e, actual, listener);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (done) {
                Fault.report(failure, currentContext());
                return;
            }
            done = true;
            Fault.tellEnd(actual, failure, listener);
        }

        @Override
        public void onComplete() {
            if (!done) {
                done = true;
                Fault.tellEnd(actual, null, listener);
            }
        }

        @Override
        public void request(long n) {
            upstream().request(n);
        }

        @Override
        public void cancel() {
            upstream().cancel();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
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
}
