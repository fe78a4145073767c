package io.weir.reactive.dispatch;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.reactive.fault.Fault;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * What handlers do that were moved to a scheduler's threads. The place that the node has given them is kept while a thread is
 * inside, also if what it works for was given up: what was cancelled may still block one.
 */
public final class Scheduled {

    private final Scheduler scheduler;

    public Scheduled(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    /** The handler's call, and the subscription to what it returns, on a thread of the scheduler. */
    public <T> Flux<T> call(Supplier<? extends Publisher<T>> handler) {
        return call(handler, new AtomicBoolean());
    }

    /** The same; where the scheduler takes no more, nothing was done, and it fails with BUSY. */
    public <T> Flux<T> callOrBusy(Supplier<? extends Publisher<T>> handler) {
        return Flux.defer(() -> {
            AtomicBoolean begun = new AtomicBoolean();
            return call(handler, begun)
                    .onErrorMap(
                            RejectedExecutionException.class,
                            e -> begun.get() ? e : RequestRefusedException.untraced(ErrorCode.BUSY));
        });
    }

    private <T> Flux<T> call(Supplier<? extends Publisher<T>> handler, AtomicBoolean begun) {
        return Flux.defer(() -> {
                    begun.set(true);
                    return calling(handler);
                })
                .subscribeOn(scheduler);
    }

    /** The handler's call, and the subscription to what it returns, on the thread that subscribes, with the place that it keeps. */
    static <T> Flux<T> calling(Supplier<? extends Publisher<T>> handler) {
        Publisher<T> work = subscriber -> run(handler, Operators.toCoreSubscriber(subscriber));
        return Flux.from(work);
    }

    private static <T> void run(Supplier<? extends Publisher<T>> handler, CoreSubscriber<? super T> subscriber) {
        Handling handling = Handling.of(subscriber.currentContext());
        if (handling != null && !handling.enter()) {
            Operators.complete(subscriber); // given up while it waited; nobody listens
            return;
        }
        if (handling == null) {
            Fault.<T>defer("the handler", handler).subscribe(subscriber);
            return;
        }
        try {
            handling.within(() -> Fault.<T>defer("the handler", handler).subscribe(subscriber));
        } catch (Throwable e) {
            Operators.error(subscriber, e); // of an interceptor; nothing was subscribed to
        } finally {
            handling.leave();
        }
    }
}
