package io.weir.reactive.node;

import io.weir.core.peer.Backoff;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkListener;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Binds a listener again that has ended of itself, at the same address, until it is there: after at most 0.1 s, 0.2 s, 0.4 s and so on, and
 * at most 30 s, each time at random. The log tells the first failure. Any thread.
 *
 * @param random evenly distributed, from 0 to less than 1
 */
record Rebinding(Scheduler scheduler, DoubleSupplier random) {

    static final Backoff DELAYS = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(30));

    private static final Logger LOG = LoggerFactory.getLogger(Rebinding.class);

    /**
     * Cold: the listener, once it is bound.
     *
     * @param binding one attempt; cold
     */
    Mono<LinkListener> again(PeerAddress address, Mono<LinkListener> binding) {
        return Mono.defer(() -> pause(1)).then(binding.retryWhen(new Retry() {
            @Override
            public Publisher<?> generateCompanion(Flux<RetrySignal> failures) {
                return failures.concatMap(failure -> {
                    if (failure.totalRetries() == 0) {
                        LOG.warn("Cannot listen at {} again; it goes on trying", address, failure.failure());
                    }
                    return pause(failure.totalRetries() + 2);
                });
            }
        }));
    }

    private Mono<Long> pause(long attempt) {
        return Mono.delay(Duration.ofNanos(DELAYS.delayNanos(attempt, random.getAsDouble())), scheduler);
    }
}
