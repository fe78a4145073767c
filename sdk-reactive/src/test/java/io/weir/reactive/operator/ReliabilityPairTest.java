package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.LinkFrame.Feedback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.concurrent.Queues;

/** Both ends over a wire, in virtual time. Elements are their own positions. */
class ReliabilityPairTest {

    private static final int ELEMENTS = 2_000;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicInteger sendings = new AtomicInteger();
    private final AtomicInteger feedbacks = new AtomicInteger();

    @AfterEach
    void dispose() {
        time.dispose();
    }

    /** What comes out of the far end, each element maybe more than once. */
    private Flux<Integer> acknowledged(Flux<Integer> source, LossyLink there, LossyLink back) {
        Sinks.Many<Feedback> feedback = Sinks.many().unicast().onBackpressureBuffer();
        Flux<Numbered<Integer>> sending = source.transform(Reliability.send(
                        back.carry(feedback.asFlux()), RecoverySettings.defaults(), time, lost -> lost))
                .doOnNext(sent -> sendings.incrementAndGet());
        return there.carry(sending)
                .transform(Reliability.acknowledge(
                        told -> {
                            feedbacks.incrementAndGet();
                            feedback.tryEmitNext(told);
                        },
                        time));
    }

    private Flux<Integer> paced(int elements, Duration gap) {
        return Flux.interval(gap, time)
                .onBackpressureBuffer()
                .map(Long::intValue)
                .take(elements);
    }

    private Recorder<Integer> run(Flux<Integer> flux) {
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);
        flux.subscribe(recorder);
        for (int hours = 0; !recorder.terminated() && hours < 10; hours++) {
            time.advanceTimeBy(Duration.ofHours(1));
        }
        return recorder;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everythingArrivesOnceAndInOrderOverAnyWire(long seed) {
        Random random = new Random(seed);
        Duration delay = Duration.ofMillis(1 + random.nextInt(100));
        Duration jitter = Duration.ofMillis(random.nextInt(30));
        LossyLink there = new LossyLink(seed, random.nextDouble() * 0.5, 0.1, delay, jitter, time);
        LossyLink back = new LossyLink(-seed, random.nextDouble() * 0.5, 0.1, delay, jitter, time);

        Recorder<Integer> recorder = run(acknowledged(Flux.range(0, ELEMENTS), there, back)
                .transform(Reliability.order(i -> i, 100_000, gap -> {})));

        assertThat(recorder.error).as("seed %d", seed).isNull();
        assertThat(recorder.completed).as("seed %d", seed).isTrue();
        assertThat(recorder.values)
                .as("seed %d", seed)
                .isEqualTo(IntStream.range(0, ELEMENTS).boxed().toList());
    }

    @Test
    void aWireThatLosesNothingCarriesNothingTwice() {
        LossyLink there = new LossyLink(1, 0, 0, Duration.ofMillis(10), Duration.ZERO, time);
        LossyLink back = new LossyLink(2, 0, 0, Duration.ofMillis(10), Duration.ZERO, time);

        Recorder<Integer> recorder = run(acknowledged(paced(ELEMENTS, Duration.ofNanos(100_000)), there, back));

        assertThat(recorder.values)
                .isEqualTo(IntStream.range(0, ELEMENTS).boxed().toList());
        assertThat(sendings).hasValue(ELEMENTS);
        assertThat(feedbacks.get()).isBetween(255, 275); // for every 2nd, 4th, 8th, 16th, and at last every 31st
    }

    /** One in ten is lost each way: each loss costs one sending more, few more than that are doubtful. */
    @Test
    void repairCostsWhatIsLost() {
        LossyLink there = new LossyLink(1, 0.1, 0, Duration.ofMillis(20), Duration.ZERO, time);
        LossyLink back = new LossyLink(2, 0.1, 0, Duration.ofMillis(20), Duration.ZERO, time);

        Recorder<Integer> recorder = run(acknowledged(paced(ELEMENTS, Duration.ofMillis(1)), there, back));

        assertThat(recorder.completed).isTrue();
        assertThat(recorder.values)
                .contains(IntStream.range(0, ELEMENTS).boxed().toArray(Integer[]::new));
        assertThat(sendings.get()).isBetween(ELEMENTS + there.lost, ELEMENTS + there.lost + 40);
    }

    /** Fire and forget: nothing is sent twice, what comes late is dropped, and the sender still learns what is lost. */
    @Test
    void withoutRenewalElementsAreLostAndTheGapsTold() {
        Sinks.Many<Feedback> feedback = Sinks.many().unicast().onBackpressureBuffer();
        List<Integer> lost = new ArrayList<>();
        LossyLink link = LossyLink.bad(3, time);
        List<Gap> gaps = new ArrayList<>();
        Recorder<Integer> recorder = run(link.carry(paced(ELEMENTS, Duration.ofMillis(1))
                        .transform(Reliability.send(feedback.asFlux(), RecoverySettings.defaults(), time, i -> {
                            lost.add(i);
                            return null;
                        })))
                .transform(Reliability.acknowledge(feedback::tryEmitNext, time))
                .transform(Reliability.order(i -> i, 0, gaps::add)));

        assertThat(recorder.completed).isTrue();
        assertThat(recorder.values).isSorted().doesNotHaveDuplicates();
        int last = recorder.values.get(recorder.values.size() - 1);
        long missing = gaps.stream().mapToLong(Gap::length).sum();
        assertThat(recorder.values.size() + missing).isEqualTo(last + 1);
        assertThat(lost.size()).isGreaterThan(link.lost / 2);
    }

    /** The window of the grant, not the wire, is what a subscriber that does not ask stops the publisher by. */
    @Test
    void creditStopsThePublisherAcrossALossyWire() {
        Sinks.Many<Grant> grants = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<Blocked> blocked = Sinks.many().unicast().onBackpressureBuffer();
        AtomicInteger published = new AtomicInteger();
        Flux<Integer> gated = Flux.range(0, ELEMENTS)
                .doOnNext(i -> published.incrementAndGet())
                .transform(CreditGate.of(grants.asFlux(), i -> 4, 0, blocked::tryEmitNext));
        Flux<Integer> received = acknowledged(gated, LossyLink.bad(1, time), LossyLink.bad(2, time))
                .transform(Reliability.order(i -> i, 49, gap -> {}))
                .transform(CreditGrant.of(CreditWindow.fixed(1_000), i -> 4, blocked.asFlux(), grants::tryEmitNext));
        Recorder<Integer> recorder = new Recorder<>(0);
        received.subscribe(recorder);

        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(published).hasValue(50);
        recorder.request(Long.MAX_VALUE);
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(recorder.values)
                .isEqualTo(IntStream.range(0, ELEMENTS).boxed().toList());
        assertThat(recorder.completed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 64, 1_024})
    void everythingArrivesAcrossThreads(int maxWaiting) {
        Scheduler publisher = Schedulers.newSingle("publisher");
        Scheduler there = Schedulers.newSingle("there");
        Scheduler back = Schedulers.newSingle("back");
        Scheduler timer = Schedulers.newSingle("timer");
        try {
            int elements = maxWaiting < 64 ? 500 : 20_000; // in a small window most losses cost a time-out
            AtomicInteger next = new AtomicInteger();
            AtomicInteger sent = new AtomicInteger();
            Sinks.Many<Feedback> feedback = Sinks.many().unicast().onBackpressureBuffer();
            Flux<Integer> received = Flux.range(0, elements)
                    .subscribeOn(publisher)
                    .transform(Reliability.send(
                            feedback.asFlux().publishOn(back),
                            RecoverySettings.defaults().withMaxWaiting(maxWaiting),
                            timer,
                            lost -> lost))
                    .onBackpressureBuffer()
                    .publishOn(there, Queues.SMALL_BUFFER_SIZE)
                    .filter(numbered -> sent.getAndIncrement() % 13 != 5)
                    .transform(Reliability.<Integer>acknowledge(feedback::tryEmitNext, timer))
                    .transform(Reliability.order(i -> i, 100_000, gap -> {}));

            StepVerifier.create(received.doOnNext(i -> assertThat(i).isEqualTo(next.getAndIncrement()))
                            .count())
                    .expectNext((long) elements)
                    .expectComplete()
                    .verify(Duration.ofSeconds(60));
        } finally {
            List.of(publisher, there, back, timer).forEach(Scheduler::dispose);
        }
    }
}
