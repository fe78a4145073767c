package io.weir.samples.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class HedgeTest {

    private static final Duration DELAY = Duration.ofMillis(50);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final Hedge hedge = new Hedge(DELAY, timer);
    private final List<TestPublisher<String>> peers =
            new ArrayList<>(List.of(TestPublisher.create(), TestPublisher.create(), TestPublisher.create()));

    @AfterEach
    void disposeTimer() {
        timer.dispose();
    }

    @Test
    void onlyTheFirstIsAskedWhereItAnswersInTime() {
        StepVerifier.create(first())
                .then(() -> peers.get(0).emit("a"))
                .expectNext("a")
                .verifyComplete();

        peers.get(1).assertWasNotSubscribed();
        peers.get(2).assertWasNotSubscribed();
    }

    @Test
    void slowOneIsHelpedByTheNextAndCancelledByItsAnswer() {
        StepVerifier.create(first())
                .then(() -> timer.advanceTimeBy(DELAY.minusMillis(1)))
                .then(() -> peers.get(1).assertWasNotSubscribed())
                .then(() -> timer.advanceTimeBy(Duration.ofMillis(1)))
                .then(() -> peers.get(1).emit("b"))
                .expectNext("b")
                .verifyComplete();

        peers.get(0).assertWasCancelled();
        peers.get(2).assertWasNotSubscribed();
    }

    @Test
    void firstOneMayStillWin() {
        StepVerifier.create(first())
                .then(() -> timer.advanceTimeBy(DELAY.multipliedBy(2)))
                .then(() -> peers.get(0).emit("a"))
                .expectNext("a")
                .verifyComplete();

        peers.get(1).assertWasCancelled();
        peers.get(2).assertWasCancelled();
    }

    @Test
    void failedOneIsNotWaitedFor() {
        // the timer stands still
        StepVerifier.create(first())
                .then(() -> peers.get(0).error(new IllegalStateException("down")))
                .then(() -> peers.get(1).emit("b"))
                .expectNext("b")
                .verifyComplete();
    }

    @Test
    void failsAsTheLastOneDidWhereAllHave() {
        StepVerifier.create(first())
                .then(() -> peers.get(0).error(new IllegalStateException("one")))
                .then(() -> peers.get(1).error(new IllegalStateException("two")))
                .then(() -> peers.get(2).error(new IllegalStateException("three")))
                .verifyErrorMessage("three");
    }

    @Test
    void cancellingCancelsAll() {
        StepVerifier.create(first())
                .then(() -> timer.advanceTimeBy(DELAY.multipliedBy(2)))
                .thenCancel()
                .verify();

        peers.forEach(TestPublisher::assertWasCancelled);
    }

    private Mono<String> first() {
        return hedge.first(peers.stream().map(TestPublisher::mono).toList());
    }
}
