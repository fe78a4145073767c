package io.weir.reactive;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.reactive.fault.Fault;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * {@link RequestHandler#on}. A place is taken when a request comes, and given back when its publisher has ended and no
 * thread is inside the handler any more: what was cancelled may still block one.
 *
 * @param most places in all
 * @param taken places taken now
 */
record ScheduledRequests(RequestHandler handler, Scheduler scheduler, int most, AtomicInteger taken)
        implements RequestHandler {

    ScheduledRequests {
        Objects.requireNonNull(scheduler, "scheduler");
    }

    @Override
    public Publisher<ByteBuffer> handle(Request request) {
        if (taken.getAndUpdate(n -> n < most ? n + 1 : n) >= most) {
            return busy();
        }
        AtomicInteger users = new AtomicInteger(1); // of the place: the publisher, and a thread that works for it
        AtomicBoolean begun = new AtomicBoolean();
        Publisher<ByteBuffer> work = subscriber -> {
            begun.set(true);
            workFor(request, users, Operators.toCoreSubscriber(subscriber));
        };
        return Flux.from(work)
                .subscribeOn(scheduler)
                .onErrorResume(RejectedExecutionException.class, e -> begun.get() ? Flux.error(e) : busy())
                .doFinally(signal -> leave(users));
    }

    private void workFor(Request request, AtomicInteger users, CoreSubscriber<? super ByteBuffer> subscriber) {
        if (users.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
            Operators.complete(subscriber); // given up while it waited; nobody listens
            return;
        }
        try {
            Fault.defer("the handler", () -> handler.handle(request)).subscribe(subscriber);
        } finally {
            leave(users);
        }
    }

    private void leave(AtomicInteger users) {
        if (users.decrementAndGet() == 0) {
            taken.decrementAndGet();
        }
    }

    private static Flux<ByteBuffer> busy() {
        return Flux.error(() -> new RequestRefusedException(ErrorCode.BUSY));
    }
}
