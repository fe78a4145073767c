package io.weir.reactive.calls;

import io.weir.core.error.Legal;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * How long calls wait for a session.
 *
 * @param limit 0 to 1 h; 0: not at all
 * @param timer by whose clock, and on whose threads it ends
 */
public record Waiting(Duration limit, Scheduler timer) {

    private static final Duration MOST = Duration.ofHours(1);

    public Waiting {
        Legal.range("wait", limit, Duration.ZERO, MOST);
    }

    /** The same, for so long. */
    public Waiting within(Duration other) {
        return new Waiting(other, timer);
    }

    /**
     * The next session, or whoever has one, for so long.
     *
     * @param absence why there is none, given how long was waited
     */
    public <T> Mono<T> forThe(Mono<T> next, Function<Duration, ? extends Throwable> absence) {
        Mono<T> none = Mono.error(() -> absence.apply(limit));
        return limit.isZero() ? none : Barrier.mono(next.timeout(limit, none, timer), Fault::report);
    }
}
