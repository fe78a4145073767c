package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.GoingAwayException;
import io.weir.reactive.node.TrackedTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class StreamAgeTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TrackedTime time = new TrackedTime();

    @ParameterizedTest
    @CsvSource({"0,60", "0.5,52", "0.999999999,45"})
    void endsAfterThreeQuartersToAllOfItsAgeByChance(double chance, long seconds) {
        StreamAge age = StreamAge.atMost(MINUTE).on(time).jitter(() -> chance);
        TestPublisher<String> source = TestPublisher.create();

        StepVerifier.create(age.limit(source.flux()))
                .then(() -> source.next("one"))
                .expectNext("one")
                .then(() -> time.advance(Duration.ofSeconds(seconds - 1)))
                .then(() -> source.next("two"))
                .expectNext("two")
                .then(() -> time.advance(Duration.ofSeconds(2)))
                .expectErrorSatisfies(e ->
                        assertThat(((GoingAwayException) e).reason().error()).isEqualTo(ErrorCode.GOING_AWAY))
                .verify();
        source.assertCancelled();
    }

    @Test
    void whatEndsEarlierEndsAsItDoes() {
        StreamAge age = StreamAge.atMost(MINUTE).on(time);

        StepVerifier.create(age.limit(Flux.just(1, 2))).expectNext(1, 2).verifyComplete();
        StepVerifier.create(age.limit(Flux.error(new IllegalStateException("mine"))))
                .verifyErrorMessage("mine");
        assertThat(time.timers()).isZero();
    }

    @Test
    void cancellingCancelsTheSource() {
        AtomicBoolean cancelled = new AtomicBoolean();

        StreamAge.atMost(MINUTE)
                .on(time)
                .limit(Flux.never().doOnCancel(() -> cancelled.set(true)))
                .subscribe()
                .dispose();

        assertThat(cancelled).isTrue();
        assertThat(time.timers()).isZero();
    }

    @Test
    void demandIsTheSubscribers() {
        StepVerifier.create(StreamAge.atMost(MINUTE).on(time).limit(Flux.range(0, 10)), 0)
                .thenRequest(2)
                .expectNext(0, 1)
                .thenRequest(1)
                .expectNext(2)
                .thenCancel()
                .verify();
    }

    @Test
    void refusesAnAgeOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamAge.atMost(Duration.ofMillis(9)))
                .withMessage("age is PT0.009S; legal: PT0.01S to PT8760H");
    }
}
