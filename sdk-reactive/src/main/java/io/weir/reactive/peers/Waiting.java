package io.weir.reactive.peers;

import io.weir.reactive.PeerSession;
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
record Waiting(Duration limit, Scheduler timer) {

    private static final Duration MOST = Duration.ofHours(1);

    Waiting {
        if (limit.isNegative() || limit.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("wait is " + limit + "; legal: " + Duration.ZERO + " to " + MOST);
        }
    }

    Waiting within(Duration other) {
        return new Waiting(other, timer);
    }

    /**
     * The next session, for so long.
     *
     * @param absence why there is none, given how long was waited
     */
    Mono<PeerSession> forThe(Mono<PeerSession> next, Function<Duration, ? extends Throwable> absence) {
        Mono<PeerSession> none = Mono.error(() -> absence.apply(limit));
        return limit.isZero() ? none : Barrier.mono(next.timeout(limit, none, timer), Fault::report);
    }
}
