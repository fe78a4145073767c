package io.weir.samples.gateway;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Asks one, and the next one too when the first is slow or has failed; the first answer counts and cancels the others.
 *
 * @param delay how long one is waited for before the next is asked
 * @param timer tells when that is over
 */
record Hedge(Duration delay, Scheduler timer) {

    /** The first value of any. Fails, when all have failed, with what the last one failed with. */
    <T> Mono<T> first(List<Mono<T>> calls) {
        return from(calls, 0);
    }

    private <T> Mono<T> from(List<Mono<T>> calls, int index) {
        if (index == calls.size() - 1) {
            return calls.get(index);
        }
        return Mono.defer(() -> {
            Sinks.Empty<Void> failed = Sinks.empty();
            Mono<T> now = calls.get(index).doOnError(e -> failed.tryEmitEmpty());
            Mono<Void> patience = Mono.firstWithSignal(Mono.delay(delay, timer).then(), failed.asMono());
            Mono<T> later = patience.then(from(calls, index + 1));
            return Mono.firstWithValue(now, later).onErrorMap(NoSuchElementException.class, Hedge::last);
        });
    }

    /** {@code firstWithValue} has the errors of all, in order, as suppressed ones of its cause. */
    private static Throwable last(NoSuchElementException all) {
        Throwable[] each =
                all.getCause() == null ? new Throwable[0] : all.getCause().getSuppressed();
        return each.length == 0 ? all : each[each.length - 1];
    }
}
