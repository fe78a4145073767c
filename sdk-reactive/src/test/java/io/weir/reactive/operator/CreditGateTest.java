package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

/** Elements are integers that are their own size, so that element n costs 16 + n. */
class CreditGateTest {

    private static final long PLENTY = 1L << 40;

    private final TestPublisher<Integer> source = TestPublisher.create();
    private final TestPublisher<Grant> grants = TestPublisher.create();
    private final List<Long> requests = new ArrayList<>();
    private final List<Blocked> blocked = new ArrayList<>();

    private Recorder<Integer> subscribe(long initialLimit, long demand) {
        Recorder<Integer> recorder = new Recorder<>(demand);
        source.flux()
                .doOnRequest(requests::add)
                .transform(CreditGate.of(grants, size -> size, initialLimit, blocked::add))
                .subscribe(recorder);
        return recorder;
    }

    // ---- demand and credit

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 255, 256, 257, 999, 1_000, Long.MAX_VALUE})
    void passesExactlyWhatIsDemandedWhenCreditAbounds(long demand) {
        Recorder<Integer> recorder = new Recorder<>(demand);

        Flux.range(0, 1_000)
                .transform(CreditGate.of(Flux.never(), i -> 0, PLENTY))
                .subscribe(recorder);

        assertThat(recorder.values)
                .isEqualTo(IntStream.range(0, (int) Math.min(demand, 1_000))
                        .boxed()
                        .toList());
        assertThat(recorder.completed).isEqualTo(demand >= 1_000);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "15, 0", "16, 1", "31, 1", "32, 2", "4095, 255", "4096, 256", "4112, 257"})
    void passesExactlyWhatTheCreditCoversWhenDemandIsUnbounded(long limit, int expected) {
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);

        Flux.range(0, 1_000)
                .transform(CreditGate.of(Flux.never(), i -> 0, limit))
                .subscribe(recorder);

        assertThat(recorder.values).hasSize(expected);
        assertThat(recorder.terminated()).isFalse();
    }

    @Test
    void asksNothingOfTheSourceWithoutCredit() {
        Recorder<Integer> recorder = subscribe(0, Long.MAX_VALUE);
        assertThat(requests).isEmpty();

        grants.next(new Grant(0, 20));
        assertThat(requests).containsExactly(1L);

        source.next(4);
        assertThat(recorder.values).containsExactly(4);
        assertThat(requests).containsExactly(1L);
    }

    @Test
    void asksNothingOfTheSourceWithoutDemand() {
        Recorder<Integer> recorder = subscribe(PLENTY, 0);
        assertThat(requests).isEmpty();

        recorder.request(1);
        assertThat(requests).containsExactly(1L);
    }

    @Test
    void asksForOneFirstThenFor32AndThenForTwiceAsMuchEachTime() {
        subscribe(PLENTY, Long.MAX_VALUE);

        for (int i = 0; i < 100; i++) {
            source.next(0);
        }

        assertThat(requests).startsWith(1L, 32L, 49L, 112L);
    }

    @Test
    void keepsSixteenRequestedOnceOneHasPassed() {
        subscribe(PLENTY, Long.MAX_VALUE);

        for (int passed = 1; passed <= 1_000; passed++) {
            source.next(0);
            assertThat(requests.stream().mapToLong(n -> n).sum() - passed).isBetween(16L, 256L);
        }
    }

    @Test
    void keepsRequestedWhatTheCreditCoversWhereThatIsLess() {
        subscribe(10 * 100, Long.MAX_VALUE);

        for (int passed = 1; passed <= 10; passed++) {
            source.next(84);
            assertThat(requests.stream().mapToLong(n -> n).sum() - passed).isEqualTo(10 - passed);
        }
    }

    @Test
    void asksForNoMoreThanTheCreditIsLikelyToCover() {
        subscribe(16 + 5 * 100, Long.MAX_VALUE);

        for (int i = 0; i < 6 && requests.stream().mapToLong(n -> n).sum() > i; i++) {
            source.next(84);
        }

        assertThat(requests.stream().mapToLong(n -> n).sum()).isEqualTo(6);
    }

    @Test
    void neverAsksForMoreThanWasDemanded() {
        Recorder<Integer> recorder = subscribe(PLENTY, 3);
        source.next(0);
        source.next(0);
        source.next(0);
        assertThat(requests.stream().mapToLong(n -> n).sum()).isEqualTo(3);

        recorder.request(2);
        source.next(0);
        source.next(0);
        assertThat(requests.stream().mapToLong(n -> n).sum()).isEqualTo(5);
    }

    @Test
    void holdsAtMostOneBatchThatSurprised() {
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);
        Flux<Integer> sizes = Flux.range(0, 10_000).map(i -> i < 3_000 ? 0 : 1_000_000);

        sizes.transform(CreditGate.of(grants, size -> size, 100_000)).subscribe(recorder);

        FluxCreditGate.GateSubscriber<?> gate = (FluxCreditGate.GateSubscriber<?>) recorder.subscription();
        assertThat(recorder.values).hasSize(3_000);
        assertThat(gate.scan(Scannable.Attr.BUFFERED)).isBetween(1, 256);
        recorder.cancel();
    }

    @Test
    void aGrantLetsGoWhatIsHeld() {
        Recorder<Integer> recorder = subscribe(20, Long.MAX_VALUE);
        source.next(84);
        assertThat(recorder.values).isEmpty();

        grants.next(new Grant(0, 99));
        assertThat(recorder.values).isEmpty();

        grants.next(new Grant(0, 100));
        assertThat(recorder.values).containsExactly(84);
    }

    @Test
    void lowerRepeatedAndLateGrantsAreHarmless() {
        Recorder<Integer> recorder = subscribe(40, Long.MAX_VALUE);
        source.next(4);

        grants.next(new Grant(0, 10));
        grants.next(new Grant(20, 40));
        grants.next(new Grant(20, 40));
        grants.next(new Grant(0, 20));

        assertThat(recorder.terminated()).isFalse();
        assertThat(requests).containsExactly(1L, 1L);
    }

    // ---- bad grants

    @Test
    void aGrantOfMoreConsumedThanSentFailsAndCancelsTheSource() {
        Recorder<Integer> recorder = subscribe(1_000, Long.MAX_VALUE);
        source.next(84);

        grants.next(new Grant(101, 2_000));

        assertStopped(recorder, ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aNegativeGrantFailsAndCancelsTheSource() {
        Recorder<Integer> recorder = subscribe(1_000, Long.MAX_VALUE);

        grants.next(new Grant(-1, 1_000));

        assertStopped(recorder, ErrorCode.PROTOCOL_VIOLATION);
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 62, Long.MAX_VALUE})
    void anAbsurdLimitFailsAndCancelsTheSource(long limit) {
        Recorder<Integer> recorder = subscribe(1_000, Long.MAX_VALUE);

        grants.next(new Grant(0, limit));

        assertStopped(recorder, ErrorCode.FLOW_CONTROL);
    }

    @Test
    void theHighestLimitPasses() {
        Recorder<Integer> recorder = subscribe(0, Long.MAX_VALUE);

        grants.next(new Grant(0, (1L << 62) - 1));
        source.next(0);

        assertThat(recorder.values).containsExactly(0);
        assertThat(recorder.terminated()).isFalse();
    }

    private void assertStopped(Recorder<Integer> recorder, ErrorCode code) {
        assertThat(recorder.error)
                .isInstanceOfSatisfying(
                        StreamStopped.class,
                        stopped -> assertThat(stopped.reason().error()).isEqualTo(code));
        assertThat(recorder.terminals).hasValue(1);
        source.assertCancelled();
        grants.assertCancelled();
    }

    // ---- the end of the grants

    @Test
    void anErrorOfTheGrantsFailsAndCancelsTheSource() {
        Recorder<Integer> recorder = subscribe(1_000, Long.MAX_VALUE);
        IllegalStateException lost = new IllegalStateException("wire lost");

        grants.error(lost);

        assertThat(recorder.error).isSameAs(lost);
        source.assertCancelled();
    }

    @Test
    void afterTheLastGrantTheCreditLeftIsUsed() {
        Recorder<Integer> recorder = subscribe(200, Long.MAX_VALUE);
        grants.complete();

        source.next(84);
        source.next(84);
        assertThat(recorder.values).containsExactly(84, 84);
        assertThat(recorder.terminated()).isFalse();

        source.complete();
        assertThat(recorder.completed).isTrue();
    }

    @Test
    void afterTheLastGrantTheFirstElementWithoutCreditFails() {
        Recorder<Integer> recorder = subscribe(100, Long.MAX_VALUE);
        grants.complete();

        source.next(84);
        source.next(84);

        assertThat(recorder.values).containsExactly(84);
        assertThat(recorder.error)
                .isInstanceOfSatisfying(
                        StreamStopped.class,
                        stopped -> assertThat(stopped.reason().error()).isEqualTo(ErrorCode.STREAM_CLOSED));
        source.assertCancelled();
    }

    @Test
    void grantsThatCompleteWhileAnElementIsHeldFailIt() {
        Recorder<Integer> recorder = subscribe(10, Long.MAX_VALUE);
        source.next(0);
        assertThat(recorder.terminated()).isFalse();

        grants.complete();

        assertThat(recorder.error).isInstanceOf(StreamStopped.class);
    }

    // ---- blocked

    @Test
    void tellsOnceForEachLimitWhatWaits() {
        Recorder<Integer> recorder = subscribe(20, Long.MAX_VALUE);
        source.next(84);
        recorder.request(1);
        grants.next(new Grant(0, 20));
        assertThat(blocked).containsExactly(new Blocked(20, 0, 100));

        grants.next(new Grant(0, 30));
        assertThat(blocked).containsExactly(new Blocked(20, 0, 100), new Blocked(30, 0, 100));
    }

    @Test
    void tellsWhenThereIsNotEvenCreditToAsk() {
        subscribe(100, Long.MAX_VALUE);
        source.next(84);

        assertThat(blocked).containsExactly(new Blocked(100, 100, 16));
    }

    @Test
    void isNotBlockedWithoutDemand() {
        Recorder<Integer> recorder = subscribe(0, 0);
        assertThat(blocked).isEmpty();

        recorder.request(1);
        assertThat(blocked).containsExactly(new Blocked(0, 0, 16));
    }

    @Test
    void aThrowingBlockedCallbackFailsTheFlux() {
        Recorder<Integer> recorder = new Recorder<>(1);
        IllegalStateException thrown = new IllegalStateException("told too much");

        source.flux()
                .transform(CreditGate.of(grants, i -> i, 0, told -> {
                    throw thrown;
                }))
                .subscribe(recorder);

        assertThat(recorder.error).isSameAs(thrown);
        source.assertCancelled();
        grants.assertCancelled();
    }

    @Test
    void aGrantFromInsideTheBlockedCallbackIsTaken() {
        Sinks.Many<Grant> sink = Sinks.many().unicast().onBackpressureBuffer();
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);

        Flux.range(0, 10_000)
                .transform(CreditGate.of(
                        sink.asFlux(),
                        i -> 1_000,
                        0,
                        told -> sink.tryEmitNext(new Grant(told.sent(), told.sent() + told.cost()))))
                .subscribe(recorder);

        assertThat(recorder.values).hasSize(10_000);
        assertThat(recorder.completed).isTrue();
    }

    // ---- ends of the source

    @Test
    void completionFollowsWhatIsHeld() {
        Recorder<Integer> recorder = subscribe(20, Long.MAX_VALUE);
        source.next(84);
        source.complete();
        assertThat(recorder.terminated()).isFalse();

        grants.next(new Grant(0, 100));

        assertThat(recorder.values).containsExactly(84);
        assertThat(recorder.completed).isTrue();
        grants.assertCancelled();
    }

    @Test
    void completionNeedsNeitherCreditNorDemand() {
        Recorder<Integer> recorder = subscribe(0, 0);

        source.complete();

        assertThat(recorder.completed).isTrue();
    }

    @Test
    void anErrorFollowsWhatIsHeld() {
        Recorder<Integer> recorder = subscribe(20, Long.MAX_VALUE);
        source.next(84);
        IllegalStateException broken = new IllegalStateException("broken");

        source.error(broken);
        assertThat(recorder.terminated()).isFalse();
        grants.assertNotCancelled();

        grants.next(new Grant(0, 100));
        assertThat(recorder.values).containsExactly(84);
        assertThat(recorder.error).isSameAs(broken);
        grants.assertCancelled();
    }

    @Test
    void anErrorFollowsWhatNobodyHasAskedForYet() {
        Recorder<Integer> recorder = subscribe(1_000, 1);
        IllegalStateException broken = new IllegalStateException("broken");
        source.next(84);
        source.error(broken);

        assertThat(recorder.values).containsExactly(84);
        assertThat(recorder.error).isSameAs(broken);
    }

    @Test
    void anErrorNeedsNeitherCreditNorDemand() {
        Recorder<Integer> recorder = subscribe(0, 0);
        IllegalStateException broken = new IllegalStateException("broken");

        source.error(broken);

        assertThat(recorder.error).isSameAs(broken);
    }

    @Test
    void whatIsHeldBeforeAnErrorFailsWithTheGrantsThatEnd() {
        Recorder<Integer> recorder = subscribe(20, Long.MAX_VALUE);
        source.next(84);
        source.error(new IllegalStateException("broken"));

        grants.complete();

        assertThat(recorder.error)
                .isInstanceOfSatisfying(
                        StreamStopped.class,
                        stopped -> assertThat(stopped.reason().error()).isEqualTo(ErrorCode.STREAM_CLOSED));
    }

    // ---- user code and bad arguments

    @Test
    void aThrowingSizeFunctionFailsTheFluxAndDiscardsTheElement() {
        List<Object> discarded = new ArrayList<>();
        Recorder<Integer> recorder = new Recorder<>(1);
        IllegalStateException thrown = new IllegalStateException("no size");
        source.flux()
                .transform(CreditGate.<Integer>of(
                        grants,
                        i -> {
                            throw thrown;
                        },
                        100))
                .doOnDiscard(Integer.class, discarded::add)
                .subscribe(recorder);

        source.next(7);

        assertThat(recorder.error).isSameAs(thrown);
        assertThat(discarded).containsExactly(7);
        source.assertCancelled();
    }

    @Test
    void aNegativeSizeFailsTheFlux() {
        Recorder<Integer> recorder = subscribe(100, 1);

        source.next(-1);

        assertThat(recorder.error)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sizeOf gave -1, must be 0 or more");
        source.assertCancelled();
    }

    @Test
    void argumentsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CreditGate.of(Flux.never(), i -> 0, -1))
                .withMessageStartingWith("initialLimit is -1, must be 0..");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CreditGate.of(Flux.never(), i -> 0, 1L << 62))
                .withMessageContaining("initialLimit");
        assertThatNullPointerException().isThrownBy(() -> CreditGate.of(nothing(), i -> 0, 0));
        assertThatNullPointerException().isThrownBy(() -> CreditGate.of(Flux.never(), nothing(), 0));
        assertThatNullPointerException().isThrownBy(() -> CreditGate.of(Flux.never(), i -> 0, 0, nothing()));
    }

    @SuppressWarnings("NullAway")
    private static <T> T nothing() {
        return null;
    }
}
