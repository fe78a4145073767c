package io.weir.spring.discovery;

import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Wakes whoever waits, and whoever has looked before it was told and waits later. Any thread. */
final class Wake {

    private final AtomicReference<Sinks.Empty<Void>> next = new AtomicReference<>(Sinks.empty());

    /** Each of them, once. */
    void all() {
        next.getAndSet(Sinks.empty()).tryEmitEmpty(); // of one caller alone, who has taken it out
    }

    /** Completes with the first wake that comes behind this call. */
    Mono<Void> next() {
        return next.get().asMono();
    }
}
