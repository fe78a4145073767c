package io.weir.reactive.fault;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;

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

    private static final class Guard<T> extends PassingSubscriber<T, T> {
        private final Fault.Listener listener;

        Guard(CoreSubscriber<? super T> actual, Fault.Listener listener) {
            super(actual);
            this.listener = listener;
        }

        @Override
        public void onNext(T value) {
            if (isDone()) {
                Operators.onNextDropped(value, currentContext());
                return;
            }
            try {
                actual.onNext(value);
            } catch (Throwable e) {
                end();
                Fault.cancel(this, currentContext(), listener);
                Fault.thrownByOnNext(e, actual, listener);
            }
        }

        @Override
        protected void tellEnd(@Nullable Throwable failure) {
            Fault.tellEnd(actual, failure, listener);
        }
    }
}
