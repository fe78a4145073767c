package io.weir.reactive.fault;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.Origin;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What a throwable means, thrown or signalled by code that is not Weir's: publishers, subscribers, codecs, handlers and the
 * other functions that users hand in. There are two kinds.
 *
 * <table>
 * <caption>The kinds of throwables</caption>
 * <tr><th>kind</th><th>which</th><th>what it ends</th></tr>
 * <tr><td>ordinary</td><td>everything else: {@link LinkageError}, {@link StackOverflowError} and {@link AssertionError}
 * too</td><td>the stream, the request or the subscription in which it happened, with a code</td></tr>
 * <tr><td>fatal</td><td>{@link OutOfMemoryError} and every other {@link VirtualMachineError}</td><td>the session, with
 * {@code INTERNAL} at both ends; then it goes on to the caller or to the thread's uncaught handler</td></tr>
 * </table>
 *
 * <p>Reactor draws the line elsewhere ({@link Exceptions#isJvmFatal}): its operators throw a LinkageError on to whoever
 * called them and tell nobody else, so that who waits would wait for ever. Hence no code of Weir asks Reactor. It catches
 * what user code throws where it calls it, so that nothing unwinds through a state machine, a drain loop or a transport.
 */
public final class Fault {

    private static final Logger LOG = LoggerFactory.getLogger(Fault.class);

    /** Whom to tell of what was thrown where nobody can be told. Any thread; never throws. */
    @FunctionalInterface
    public interface Listener {
        void thrown(Throwable e, Context context);
    }

    private Fault() {}

    /** Whether the JVM itself is in trouble. A stack that was too deep is empty again where it is caught. */
    public static boolean isFatal(@Nullable Throwable e) {
        return e instanceof VirtualMachineError && !(e instanceof StackOverflowError);
    }

    /** What of a failure is meant for the peer: an error that this node's application has made; null for every other. */
    public static @Nullable ApplicationException saidHere(Throwable e) {
        return e instanceof ApplicationException said && said.reason().origin() == Origin.LOCAL ? said : null;
    }

    /** Throws a fatal one on; returns for the others. */
    public static void throwIfFatal(Throwable e) {
        if (isFatal(e)) {
            throw (Error) e;
        }
    }

    /**
     * Gives a throwable that nobody can be told of to Reactor's hook for dropped errors, and a fatal one to the thread's
     * uncaught handler as well. Never throws, whatever the hook does.
     */
    public static void report(Throwable e, Context context) {
        try {
            Operators.onErrorDropped(e, context);
        } catch (Throwable hook) {
            if (hook != e) { // a hook may throw it on
                LOG.warn("The hook for dropped errors failed", hook);
            }
        }
        if (isFatal(e)) {
            throwOn(e);
        }
    }

    /** To the uncaught handler of this thread, as if nobody had caught it, except that the thread lives on. */
    public static void throwOn(Throwable fatal) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, fatal);
        } catch (Throwable handler) {
            LOG.error("The uncaught handler of {} failed", thread, handler);
        }
    }

    /**
     * Tells a subscriber its end. It must not throw; what it throws is the listener's, and harms nobody else.
     *
     * @param end null: {@code onComplete}
     */
    public static void tellEnd(CoreSubscriber<?> actual, @Nullable Throwable end, Listener listener) {
        try {
            if (end == null) {
                actual.onComplete();
            } else {
                actual.onError(end);
            }
        } catch (Throwable e) {
            listener.thrown(e, actual.currentContext());
        }
    }

    /**
     * A subscriber has thrown out of {@code onNext}, and its subscription is cancelled. Where Reactor's operators have let
     * pass what they tell nobody of, whoever is downstream of them is told; otherwise, and if it is fatal, the listener.
     */
    public static void thrownByOnNext(Throwable e, CoreSubscriber<?> actual, Listener listener) {
        if (Exceptions.isJvmFatal(e)) {
            try {
                actual.onError(e);
                if (!isFatal(e)) {
                    return;
                }
            } catch (Throwable again) {
                // told below
            }
        }
        listener.thrown(e, actual.currentContext());
    }

    /**
     * What an operator tells downstream of what a user's function threw: the upstream is cancelled and Reactor's hook asked,
     * but nothing is thrown.
     *
     * @param value the element that the function was called with, if it was
     */
    public static Throwable asSignal(
            @Nullable Subscription upstream, Throwable e, @Nullable Object value, Context context) {
        try {
            if (!Exceptions.isFatal(e)) {
                return Operators.onOperatorError(upstream, e, value, context);
            }
            if (upstream != null) {
                upstream.cancel();
            }
        } catch (Throwable hook) {
            LOG.warn("A cancelled subscription, or the hook for operators' errors, failed", hook);
        }
        return e;
    }

    /** Cancels; what that throws is the listener's. */
    public static void cancel(Subscription subscription, Context context, Listener listener) {
        try {
            subscription.cancel();
        } catch (Throwable e) {
            listener.thrown(e, context);
        }
    }

    /** What to throw at a publisher that signals null (Reactive Streams 2.13). It may not notice: its flow has to fail too. */
    public static NullPointerException nullSignal(String signal) {
        return new NullPointerException(signal + "(null): signals must not be null (Reactive Streams 2.13)");
    }

    /** What a subscriber that asks for nothing, or for less, is told (Reactive Streams 3.9). */
    public static IllegalArgumentException badDemand(long n) {
        return new IllegalArgumentException("request(" + n + "): demand must be positive (Reactive Streams 3.9)");
    }

    /** {@link Operators#terminate}, where what the subscription throws is the listener's. */
    public static <F> void terminate(
            AtomicReferenceFieldUpdater<F, @Nullable Subscription> field,
            F instance,
            Context context,
            Listener listener) {
        Subscription s = field.getAndSet(instance, Operators.cancelledSubscription());
        if (s != null) {
            cancel(s, context, listener);
        }
    }

    /**
     * {@link Flux#defer} that signals whatever is thrown: by the function, which is called for each subscriber, or by the
     * subscription to what it returns. Null in place of a publisher is a {@link NullPointerException}.
     *
     * @param what the function, for the message
     */
    public static <T> Flux<T> defer(String what, Supplier<? extends Publisher<? extends T>> function) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                try {
                    Objects.requireNonNull(function.get(), () -> what + " returned null, must be a publisher")
                            .subscribe(actual);
                } catch (Throwable e) {
                    Operators.error(actual, e); // its onError, also if it has its subscription already
                }
            }
        };
    }
}
