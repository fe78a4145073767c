package io.weir.reactive.node;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Counts what must have ended, and told its end, before its node has: dials, setups, sessions, and the node's own life,
 * which counts from the beginning. Thread safe.
 */
final class Unfinished {

    private final AtomicInteger count = new AtomicInteger(1);
    private final Sinks.Empty<Void> none = Sinks.empty();

    /** Something begins; false, and it must not, once everything has ended. */
    boolean begin() {
        return count.getAndUpdate(n -> n == 0 ? 0 : n + 1) != 0;
    }

    /** Something has ended. */
    void end() {
        if (count.decrementAndGet() == 0) {
            none.tryEmitEmpty();
        }
    }

    /** Completes when everything has ended. */
    Mono<Void> whenNone() {
        return none.asMono();
    }
}
