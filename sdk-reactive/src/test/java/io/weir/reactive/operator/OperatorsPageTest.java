package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.SilenceException;
import io.weir.core.wire.LinkFrame.Feedback;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.function.Tuple2;

/** The examples of docs-site/operators.md do what the page says; DocumentedCodeTest sees to it that they are this code. */
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

    @Test
    void wordsArriveOnceAndInOrderOverAWireThatLosesOneInTen() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        try {
            Flux<String> words = Flux.just("tick", "tock").repeat(999);
            LossyLink there = LossyLink.bad(1, timer);
            LossyLink back = LossyLink.bad(2, timer);

            Sinks.Many<Feedback> told = Sinks.many().unicast().onBackpressureBuffer();
            Flux<Feedback> feedback = back.carry(told.asFlux());

            Flux<Numbered<Tuple2<Long, String>>> sent = words.index()
                    .transform(Reliability.send(feedback, RecoverySettings.defaults(), timer, lost -> lost));

            Flux<String> received = there.carry(sent)
                    .transform(Reliability.acknowledge(told::tryEmitNext, timer))
                    .transform(Reliability.order(Tuple2::getT1, 10_000, gap -> {}))
                    .map(Tuple2::getT2);

            Recorder<String> recorder = new Recorder<>(Long.MAX_VALUE);
            received.subscribe(recorder);
            timer.advanceTimeBy(Duration.ofMinutes(1));

            assertThat(recorder.values).hasSize(2_000).startsWith("tick", "tock");
            assertThat(IntStream.range(0, 2_000).mapToObj(i -> i % 2 == 0 ? "tick" : "tock"))
                    .containsExactlyElementsOf(recorder.values);
            assertThat(recorder.completed).isTrue();
            assertThat(there.lost).isGreaterThan(100);
        } finally {
            timer.dispose();
        }
    }

    @Test
    void beatsKeepTheWireAliveUntilItFallsSilent() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        try {
            Sinks.Many<String> sent = Sinks.many().unicast().onBackpressureBuffer();
            Sinks.Many<String> carried = Sinks.many().unicast().onBackpressureBuffer();
            Flux<String> words = sent.asFlux();
            Flux<String> wire = carried.asFlux();

            Flux<String> spoken = words.transform(Heartbeats.emit(Duration.ofSeconds(5), () -> "", timer));

            Flux<String> heard = wire.transform(Heartbeats.detectLoss(Duration.ofSeconds(15), timer))
                    .filter(word -> !word.isEmpty());

            Disposable speaking = spoken.subscribe(carried::tryEmitNext);
            StepVerifier.create(heard)
                    .then(() -> sent.tryEmitNext("tick"))
                    .expectNext("tick")
                    .then(() -> timer.advanceTimeBy(Duration.ofHours(1)))
                    .then(() -> sent.tryEmitNext("tock"))
                    .expectNext("tock")
                    .then(speaking::dispose)
                    .then(() -> timer.advanceTimeBy(Duration.ofSeconds(16)))
                    .verifyError(SilenceException.class);
        } finally {
            timer.dispose();
        }
    }
}
