package io.weir.reactive.ending;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends a flux with a failure when something else completes. {@code takeUntilOther} with another that fails does not do that: Reactor
 * 3.8.6 then tells the subscriber, and leaves the source subscribed to for good.
 */
public final class Ending {

    private Ending() {}

    /** The source's signals until the end completes; then the source is cancelled, and the failure follows. */
    public static <T> Flux<T> failing(Flux<T> source, Mono<?> end, Supplier<? extends Throwable> failure) {
        return Flux.defer(() -> {
            AtomicBoolean over = new AtomicBoolean();
            Mono<?> told = end.doOnTerminate(() -> over.set(true));
            return source.takeUntilOther(told)
                    .concatWith(Mono.defer(() -> over.get() ? Mono.error(failure.get()) : Mono.empty()));
        });
    }
}
