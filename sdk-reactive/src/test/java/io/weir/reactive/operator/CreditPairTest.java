package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A gate at one end of a wire that never pushes back, a grant at the other. Elements are their own size. */
class CreditPairTest {

    /** What lies between the two: elements one way, grants and blocked signals, each on a thread of its own. */
    private static final class Wire {

        private final Sinks.Many<Grant> grants = Sinks.many().unicast().onBackpressureBuffer();
        private final Sinks.Many<Blocked> blocked = Sinks.many().unicast().onBackpressureBuffer();
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong limit = new AtomicLong();
        final AtomicInteger blockedTold = new AtomicInteger();

        Flux<Integer> connect(Flux<Integer> source, CreditWindow window, Scheduler there, Scheduler back) {
            Flux<Integer> sending = source.transform(
                            CreditGate.of(grants.asFlux().publishOn(back), size -> size, 0, this::tell))
                    .doOnNext(size -> assertThat(sent.addAndGet(16 + size))
                            .as("credit is never exceeded")
                            .isLessThanOrEqualTo(limit.get()));
            return Flux.from(sending)
                    .onBackpressureBuffer()
                    .publishOn(there, false, Integer.MAX_VALUE)
                    .transform(CreditGrant.of(
                            window, size -> size, blocked.asFlux().publishOn(there), this::grant));
        }

        private void grant(Grant grant) {
            limit.accumulateAndGet(grant.limit(), Math::max);
            grants.emitNext(grant, Sinks.EmitFailureHandler.FAIL_FAST);
        }

        private void tell(Blocked signal) {
            blockedTold.incrementAndGet();
            blocked.emitNext(signal, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    @Test
    void aSubscriberThatDoesNotAskStopsThePublisherWithinItsWindow() {
        AtomicInteger published = new AtomicInteger();
        Wire wire = new Wire();
        Flux<Integer> source = Flux.range(0, 1_000_000).map(i -> 0).doOnNext(i -> published.incrementAndGet());

        StepVerifier.create(
                        wire.connect(source, CreditWindow.fixed(1_600), Schedulers.immediate(), Schedulers.immediate()),
                        0)
                .expectSubscription()
                .then(() -> assertThat(published).hasValue(100))
                .thenRequest(10)
                .expectNextCount(10)
                .then(() -> assertThat(published).hasValue(100))
                .thenRequest(40)
                .expectNextCount(40)
                .then(() -> assertThat(published.get()).isBetween(101, 150))
                .thenCancel()
                .verify();
    }

    @Test
    void aSlowSubscriberPacesThePublisherInVirtualTime() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        AtomicInteger published = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        Wire wire = new Wire();
        List<Integer> ahead = new ArrayList<>();
        Flux<Integer> source = Flux.range(0, 1_000).map(i -> 84).doOnNext(i -> published.incrementAndGet());

        Mono<Void> slow = wire.connect(source, CreditWindow.fixed(1_000), time, time)
                .concatMap(
                        size -> Mono.delay(Duration.ofMillis(10), time).doOnNext(tick -> {
                            taken.incrementAndGet();
                            ahead.add(published.get() - taken.get());
                        }),
                        1)
                .then();

        slow.subscribe();
        time.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(taken.get()).isBetween(890, 900);
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(taken).hasValue(1_000);
        assertThat(published).hasValue(1_000);
        // Ten elements fill the window, and the operator behind may have taken two more.
        assertThat(ahead).allSatisfy(elements -> assertThat(elements).isLessThanOrEqualTo(12));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 256, Long.MAX_VALUE})
    void everythingArrivesOnceAndInOrderAcrossThreads(long batch) {
        int elements = 20_000;
        Scheduler publisher = Schedulers.newSingle("publisher");
        Scheduler there = Schedulers.newSingle("there");
        Scheduler back = Schedulers.newSingle("back");
        Scheduler subscriber = Schedulers.newSingle("subscriber");
        try {
            Wire wire = new Wire();
            AtomicInteger next = new AtomicInteger();
            Flux<Integer> received = wire.connect(
                    Flux.range(0, elements).subscribeOn(publisher), new CreditWindow(65_536, 1 << 20), there, back);
            if (batch < Integer.MAX_VALUE) {
                received = received.limitRate((int) batch).publishOn(subscriber, (int) batch);
            }

            StepVerifier.create(received.doOnNext(i -> assertThat(i).isEqualTo(next.getAndIncrement()))
                            .count())
                    .expectNext((long) elements)
                    .expectComplete()
                    .verify(Duration.ofSeconds(60));
        } finally {
            List.of(publisher, there, back, subscriber).forEach(Scheduler::dispose);
        }
    }

    @Test
    void elementsOfAnySizeUpToTheMaximumGetThroughASmallWindow() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Integer> sizes = IntStream.range(0, 5_000)
                .map(i -> random.nextInt(4) == 0 ? random.nextInt(10_000 - 16) : random.nextInt(100))
                .boxed()
                .toList();
        Wire wire = new Wire();

        StepVerifier.create(wire.connect(
                                Flux.fromIterable(sizes),
                                new CreditWindow(100, 10_000),
                                Schedulers.immediate(),
                                Schedulers.immediate())
                        .collectList())
                .assertNext(received -> assertThat(received).as("seed %d", seed).isEqualTo(sizes))
                .expectComplete()
                .verify(Duration.ofSeconds(60));
    }

    @Test
    void largeElementsGetThroughAcrossThreadsToo() {
        Scheduler there = Schedulers.newSingle("there");
        Scheduler back = Schedulers.newSingle("back");
        try {
            Wire wire = new Wire();
            StepVerifier.create(wire.connect(
                                    Flux.range(0, 3_000).map(i -> i % 3 == 0 ? 9_000 : i % 100),
                                    new CreditWindow(100, 10_000),
                                    there,
                                    back)
                            .limitRate(1)
                            .count())
                    .expectNext(3_000L)
                    .expectComplete()
                    .verify(Duration.ofSeconds(60));
        } finally {
            there.dispose();
            back.dispose();
        }
    }

    @Test
    void completionErrorAndCancellationCrossTheWire() {
        StepVerifier.create(new Wire()
                        .connect(
                                Flux.just(1, 2, 3),
                                CreditWindow.defaults(),
                                Schedulers.immediate(),
                                Schedulers.immediate()))
                .expectNext(1, 2, 3)
                .verifyComplete();

        StepVerifier.create(new Wire()
                        .connect(
                                Flux.just(1).concatWith(Flux.error(new IllegalStateException("broken"))),
                                CreditWindow.defaults(),
                                Schedulers.immediate(),
                                Schedulers.immediate()))
                .expectNext(1)
                .verifyErrorMessage("broken");

        AtomicInteger cancelled = new AtomicInteger();
        StepVerifier.create(new Wire()
                        .connect(
                                Flux.<Integer>never().doOnCancel(cancelled::incrementAndGet),
                                CreditWindow.defaults(),
                                Schedulers.immediate(),
                                Schedulers.immediate()))
                .thenCancel()
                .verify();
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void aBlockedSourceIsToldOncePerLimitNotOncePerElement() {
        Wire wire = new Wire();

        StepVerifier.create(wire.connect(
                                Flux.range(0, 10_000).map(i -> 0),
                                CreditWindow.fixed(1_600),
                                Schedulers.immediate(),
                                Schedulers.immediate())
                        .count())
                .expectNext(10_000L)
                .verifyComplete();

        assertThat(wire.blockedTold.get()).isLessThan(1_000);
    }
}
