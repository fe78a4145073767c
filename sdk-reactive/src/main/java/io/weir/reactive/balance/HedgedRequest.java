package io.weir.reactive.balance;

import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One request that may be made twice. Whichever attempt is answered first wins, and the other is cancelled; an attempt that fails
 * while the other runs says nothing, and the one that fails last speaks for both. Any thread: how many run is an atomic.
 */
final class HedgedRequest<T> {

    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

    private final GroupCalls calls;
    private final Hedges hedges;
    private final @Nullable Duration delay;
    private final RequestOptions options;
    private final BiFunction<PeerSession, RequestOptions, Mono<T>> call;
    private final Course course = new Course();
    private final AtomicInteger running = new AtomicInteger(1);
    private final long begunNanos;

    HedgedRequest(
            GroupCalls calls,
            Hedges hedges,
            RequestOptions options,
            BiFunction<PeerSession, RequestOptions, Mono<T>> call) {
        this.calls = calls;
        this.hedges = hedges;
        this.delay = hedges.delay();
        this.options = options;
        this.call = call;
        this.begunNanos = calls.group().nowNanos();
    }

    Mono<T> mono() {
        Mono<T> first = calls.<T>asked(session -> call.apply(session, options), course)
                .doOnNext(answer -> hedges.onAnswer(elapsedNanos()))
                .doOnCancel(() -> hedges.onGivenUp(elapsedNanos()));
        if (delay == null) {
            return first;
        }
        Mono<T> second = Mono.delay(delay, calls.group().scheduler()).flatMap(tick -> hedge(delay));
        return Mono.firstWithSignal(first.onErrorResume(this::failed), second);
    }

    /** At another peer, if there is one and the budget allows it; else nothing is ever heard of it. */
    private Mono<T> hedge(Duration waited) {
        if (!join()) {
            return Mono.never();
        }
        Group group = calls.group();
        Course.Pick pick = course.last() == null ? null : group.pick(calls.view(), Kind.REQUEST, course);
        if (pick == null || !group.attempts().tryExtra()) {
            running.decrementAndGet();
            return Mono.never();
        }
        RequestOptions left = options.withTimeout(timeLeft(waited));
        return calls.asked(session -> call.apply(session, left), course, pick).onErrorResume(this::failed);
    }

    /** False if the first attempt has failed already. */
    private boolean join() {
        return running.compareAndSet(1, 2);
    }

    private Mono<T> failed(Throwable failure) {
        return running.decrementAndGet() == 0 ? Mono.error(failure) : Mono.never();
    }

    /** The two together take no longer than the one. */
    private Duration timeLeft(Duration waited) {
        Duration own = options.timeout();
        Duration left = (own == null ? calls.group().requestTimeout() : own).minus(waited);
        return left.compareTo(SHORTEST_TIMEOUT) < 0 ? SHORTEST_TIMEOUT : left;
    }

    private long elapsedNanos() {
        return calls.group().nowNanos() - begunNanos;
    }
}
