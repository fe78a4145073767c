package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** The example of docs-site/operators.md does what the page says; DocumentedCodeTest sees to it that it is this code. */
class OperatorsPageTest {

    @Test
    void theSubscriberStopsThePublisherWithinTheWindow() {
        AtomicInteger published = new AtomicInteger();
        Flux<String> words = Flux.just("tick", "tock").repeat(1_000).doOnNext(word -> published.incrementAndGet());

        Sinks.Many<String> wire = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<Grant> grants = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<Blocked> blocked = Sinks.many().unicast().onBackpressureBuffer();

        Flux<String> sending = words.transform(CreditGate.of(grants.asFlux(), String::length, 0, blocked::tryEmitNext));
        Flux<String> receiving = wire.asFlux()
                .transform(CreditGrant.of(
                        CreditWindow.fixed(1_000), String::length, blocked.asFlux(), grants::tryEmitNext));

        sending.subscribe(wire::tryEmitNext, wire::tryEmitError, wire::tryEmitComplete);

        StepVerifier.create(receiving, 0)
                .expectSubscription()
                .then(() -> assertThat(published).hasValue(50))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(2_002)
                .verifyComplete();
    }
}
