package io.weir.reactive.node;

import io.weir.reactive.session.Session;
import io.weir.reactive.transport.SessionLoop;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Asks a session for a sign of life that is younger than the question. */
final class Probe {

    private Probe() {}

    /**
     * Asks, by PING.
     *
     * @param clock times the answer
     * @param outcome is told once whether one came in time; not at all if this is disposed before
     */
    static Disposable ask(Session session, SessionLoop clock, long withinNanos, Consumer<Boolean> outcome) {
        long askedAtNanos = clock.nowNanos();
        Mono<Boolean> answer = session.ping().flatMap(roundTrip -> {
            // a PING that was under way already may have been answered before the question
            boolean young = roundTrip.toNanos() <= Math.max(1, clock.nowNanos() - askedAtNanos);
            return young ? Mono.just(true) : session.ping().thenReturn(true);
        });
        Mono<Boolean> silence = Mono.create(
                sink -> sink.onDispose(Timers.at(clock, askedAtNanos + withinNanos, () -> sink.success(false))));
        return answer.onErrorReturn(false).or(silence).subscribe(outcome);
    }
}
