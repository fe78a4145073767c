package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.StreamReset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Elements are integers that are their own size, so that element n costs 16 + n. */
class CreditGrantTest {

    private static final CreditWindow WINDOW = CreditWindow.fixed(400);

    private final TestPublisher<Integer> source = TestPublisher.createNoncompliant(
            TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.CLEANUP_ON_TERMINATE);
    private final TestPublisher<Blocked> blocked = TestPublisher.create();
    private final List<Long> requests = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();

    private Recorder<Integer> subscribe(CreditWindow window, long demand) {
        return subscribe(window, new Recorder<>(demand));
    }

    private Recorder<Integer> subscribe(CreditWindow window, Recorder<Integer> recorder) {
        source.flux()
                .doOnRequest(requests::add)
                .transform(CreditGrant.of(window, size -> size, blocked, grants::add))
                .subscribe(recorder);
        return recorder;
    }

    private void emit(int count, int size) {
        for (int i = 0; i < count; i++) {
            source.next(size);
        }
    }

    // ---- the window

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE})
    void aWholeWindowIsGrantedOnSubscriptionWhateverTheDemand(long demand) {
        subscribe(WINDOW, demand);

        assertThat(grants).containsExactly(new Grant(0, 400));
        assertThat(requests).containsExactly(Long.MAX_VALUE);
    }

    @Test
    void creditIsGivenBackByQuartersOfTheWindow() {
        subscribe(WINDOW, Long.MAX_VALUE);
        grants.clear();

        emit(4, 4);
        assertThat(grants).isEmpty();
        emit(1, 4);
        assertThat(grants).containsExactly(new Grant(100, 500));

        emit(5, 4);
        assertThat(grants).containsExactly(new Grant(100, 500), new Grant(200, 600));
    }

    @Test
    void anElementIsConsumedOnlyWhenOnNextHasReturned() {
        List<Integer> grantsSeenInside = new ArrayList<>();
        subscribe(WINDOW, new Recorder<Integer>(Long.MAX_VALUE).doing(value -> grantsSeenInside.add(grants.size())));

        emit(1, 284);

        assertThat(grantsSeenInside).containsExactly(1);
        assertThat(grants).containsExactly(new Grant(0, 400), new Grant(300, 700));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 24, 25})
    void withoutMoreDemandTheQueueTakesOneWindowAndNoMore(long demand) {
        Recorder<Integer> recorder = subscribe(CreditWindow.fixed(25 * 16), demand);

        emit(25, 0);
        assertThat(recorder.values).hasSize((int) demand);
        assertThat(recorder.terminated()).isFalse();
        long limit = grants.get(grants.size() - 1).limit();
        emit((int) (limit / 16) - 25, 0);
        assertThat(recorder.terminated()).isFalse();

        emit(1, 0);
        assertThat(recorder.error)
                .isInstanceOfSatisfying(
                        StreamReset.class,
                        reset -> assertThat(reset.reason().error()).isEqualTo(ErrorCode.FLOW_CONTROL));
        assertThat(recorder.terminals).hasValue(1);
        source.assertCancelled();
        blocked.assertCancelled();
    }

    @Test
    void demandTakesTheQueueAndFillsTheWindowAgain() {
        Recorder<Integer> recorder = subscribe(CreditWindow.fixed(25 * 16), 0);
        emit(25, 0);

        recorder.request(24);
        assertThat(recorder.values).hasSize(24);
        recorder.request(2);
        assertThat(recorder.values).hasSize(25);
        emit(1, 0);
        assertThat(recorder.values).hasSize(26);
    }

    @Test
    void unboundedDemandNeverMeansUnboundedCredit() {
        subscribe(WINDOW, Long.MAX_VALUE);

        emit(10_000, 4);

        assertThat(grants)
                .allSatisfy(
                        grant -> assertThat(grant.limit() - grant.consumed()).isEqualTo(400));
        assertThat(grants).hasSize(1 + 10_000 / 5);
    }

    @Test
    void aSourceThatExceedsItsCreditLosesWhatIsQueued() {
        List<Object> discarded = new ArrayList<>();
        Recorder<Integer> recorder = new Recorder<>(0);
        source.flux()
                .transform(CreditGrant.of(WINDOW, size -> size, grants::add))
                .doOnDiscard(Integer.class, discarded::add)
                .subscribe(recorder);
        emit(2, 184);

        emit(1, 185);

        assertThat(recorder.values).isEmpty();
        assertThat(recorder.error).isInstanceOf(StreamReset.class);
        assertThat(discarded).containsExactlyInAnyOrder(184, 184, 185);
        source.assertCancelled();
    }

    @Test
    void aSourceThatExceedsItsCreditIsCancelledEvenWhileTheSubscriberIsBusy() {
        List<Integer> cancelledInside = new ArrayList<>();
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);
        recorder.doing(value -> {
            emit(1, 10_000);
            source.assertCancelled();
            cancelledInside.add(value);
            assertThat(recorder.terminated()).isFalse();
        });
        subscribe(WINDOW, recorder);

        emit(1, 1);

        assertThat(cancelledInside).containsExactly(1);
        assertThat(recorder.error).isInstanceOf(StreamReset.class);
    }

    // ---- a blocked source

    @Test
    void aBlockedSourceIsAnsweredAtOnce() {
        subscribe(WINDOW, Long.MAX_VALUE);
        emit(1, 4);
        grants.clear();

        blocked.next(new Blocked(400, 20, 390));

        assertThat(grants).containsExactly(new Grant(20, 420));
    }

    @Test
    void aSourceThatIsBlockedBeforeTheSubscriberAsksIsAnsweredWhenItHasTaken() {
        Recorder<Integer> recorder = subscribe(WINDOW, 0);
        emit(1, 4);
        grants.clear();
        blocked.next(new Blocked(400, 20, 390));
        assertThat(grants).isEmpty();

        recorder.request(1);

        assertThat(grants).containsExactly(new Grant(20, 420));
    }

    @Test
    void nonsenseFromABlockedSourceChangesNothing() {
        subscribe(WINDOW, Long.MAX_VALUE);
        grants.clear();

        blocked.next(new Blocked(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
        blocked.next(new Blocked(-1, -1, -1));
        blocked.next(new Blocked(400, 400, 399));

        assertThat(grants).isEmpty();
    }

    @Test
    void theWindowGrowsWhenASourceIsBlockedByAFastSubscriber() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            subscribe(new CreditWindow(400, 1_000), Long.MAX_VALUE);

            for (int round = 0; round < 10; round++) {
                fillTheWindow();
                time.advanceTimeBy(Duration.ofMillis(1));
            }

            assertThat(largestWindow()).isEqualTo(1_000);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void theWindowStaysWhenTheSubscriberIsSlow() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            Recorder<Integer> recorder = subscribe(new CreditWindow(400, 1_000), 0);

            long sent = 0;
            for (int round = 0; round < 100; round++) {
                long limit = grants.get(grants.size() - 1).limit();
                emit((int) ((limit - sent) / 20), 4);
                sent += (limit - sent) / 20 * 20;
                blocked.next(new Blocked(limit, sent, 20));
                time.advanceTimeBy(Duration.ofMillis(100));
                recorder.request(1);
            }

            assertThat(largestWindow()).isEqualTo(400);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void aFixedWindowStaysHoweverFastTheSubscriberIs() {
        VirtualTimeScheduler.getOrSet();
        try {
            subscribe(WINDOW, Long.MAX_VALUE);

            for (int round = 0; round < 10; round++) {
                fillTheWindow();
            }

            assertThat(largestWindow()).isEqualTo(400);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    /** Uses up all credit there is in elements of 20, then says so. */
    private void fillTheWindow() {
        Grant last = grants.get(grants.size() - 1);
        emit((int) ((last.limit() - last.consumed()) / 20), 4);
        long sent = last.consumed() + (last.limit() - last.consumed()) / 20 * 20;
        long limit = grants.get(grants.size() - 1).limit();
        blocked.next(new Blocked(limit, sent, 16));
    }

    private long largestWindow() {
        return grants.stream()
                .mapToLong(grant -> grant.limit() - grant.consumed())
                .max()
                .orElseThrow();
    }

    // ---- elements larger than the window

    @Test
    void anElementLargerThanTheWindowIsLetThroughAloneOnDemand() {
        Recorder<Integer> recorder = subscribe(new CreditWindow(400, 1_000), 1);
        emit(2, 84);
        grants.clear();

        blocked.next(new Blocked(400, 200, 1_000));
        assertThat(grants).as("one element is still queued").noneMatch(grant -> grant.limit() > 500);

        recorder.request(1);
        assertThat(grants).as("nothing more is asked for").noneMatch(grant -> grant.limit() > 600);

        Grant ordinary = grants.get(grants.size() - 1);
        blocked.next(new Blocked(ordinary.limit(), 200, 1_000));
        recorder.request(1);
        assertThat(grants).last().isEqualTo(new Grant(200, 1_200));

        emit(1, 984);
        assertThat(recorder.values).containsExactly(84, 84, 984);
        assertThat(recorder.terminated()).isFalse();
    }

    @Test
    void anElementLargerThanTheMaximumFailsInsteadOfWaitingForEver() {
        Recorder<Integer> recorder = subscribe(new CreditWindow(400, 1_000), 0);

        blocked.next(new Blocked(400, 0, 1_001));

        assertThat(recorder.error).isInstanceOfSatisfying(PayloadTooLargeException.class, tooLarge -> {
            assertThat(tooLarge.value()).isEqualTo(1_001);
            assertThat(tooLarge.max()).isEqualTo(1_000);
        });
        source.assertCancelled();
    }

    @Test
    void inventedLargeElementsGetNoMoreThanTheMaximumAhead() {
        subscribe(new CreditWindow(400, 1_000), Long.MAX_VALUE);

        for (int i = 0; i < 100; i++) {
            long limit = grants.get(grants.size() - 1).limit();
            blocked.next(new Blocked(limit, 0, 1_000));
            blocked.next(new Blocked(limit, limit, 1_000));
        }

        assertThat(largestWindow()).isLessThanOrEqualTo(1_000);
    }

    // ---- ends of the inputs

    @Test
    void completionFollowsTheQueue() {
        Recorder<Integer> recorder = subscribe(WINDOW, 0);
        emit(2, 0);
        source.complete();
        assertThat(recorder.terminated()).isFalse();

        recorder.request(2);

        assertThat(recorder.values).hasSize(2);
        assertThat(recorder.completed).isTrue();
        blocked.assertCancelled();
    }

    @Test
    void completionNeedsNoDemand() {
        Recorder<Integer> recorder = subscribe(WINDOW, 0);

        source.complete();

        assertThat(recorder.completed).isTrue();
    }

    @Test
    void anErrorFollowsTheQueue() {
        Recorder<Integer> recorder = subscribe(WINDOW, 0);
        emit(2, 0);
        IllegalStateException broken = new IllegalStateException("broken");
        source.error(broken);
        assertThat(recorder.terminated()).isFalse();

        recorder.request(2);

        assertThat(recorder.values).hasSize(2);
        assertThat(recorder.error).isSameAs(broken);
    }

    @Test
    void aSourceThatHasEndedIsGrantedNoMore() {
        Recorder<Integer> recorder = subscribe(WINDOW, 0);
        emit(20, 4);
        source.complete();
        grants.clear();

        recorder.request(20);

        assertThat(recorder.completed).isTrue();
        assertThat(grants).isEmpty();
    }

    @Test
    void anErrorOfTheBlockedInputFailsAndItsCompletionMeansNothing() {
        Recorder<Integer> recorder = subscribe(WINDOW, 1);
        IllegalStateException lost = new IllegalStateException("wire lost");
        blocked.error(lost);
        assertThat(recorder.error).isSameAs(lost);
        source.assertCancelled();

        Recorder<Integer> other = new Recorder<>(1);
        Flux.just(1)
                .transform(CreditGrant.of(WINDOW, size -> size, Flux.empty(), grant -> {}))
                .subscribe(other);
        assertThat(other.values).containsExactly(1);
        assertThat(other.completed).isTrue();
    }

    // ---- user code and bad arguments

    @Test
    void aThrowingGrantConsumerFailsTheFlux() {
        IllegalStateException thrown = new IllegalStateException("wire lost");
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);
        source.flux()
                .transform(CreditGrant.of(WINDOW, size -> size, blocked, grant -> {
                    if (grant.consumed() > 0) {
                        throw thrown;
                    }
                }))
                .subscribe(recorder);

        emit(5, 4);

        assertThat(recorder.values).hasSize(5);
        assertThat(recorder.error).isSameAs(thrown);
        assertThat(recorder.terminals).hasValue(1);
        source.assertCancelled();
        blocked.assertCancelled();
    }

    @Test
    void aGrantConsumerThatThrowsOnSubscriptionFailsTheFlux() {
        IllegalStateException thrown = new IllegalStateException("no wire");
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);

        source.flux()
                .transform(CreditGrant.<Integer>of(WINDOW, size -> size, blocked, grant -> {
                    throw thrown;
                }))
                .subscribe(recorder);

        assertThat(recorder.error).isSameAs(thrown);
        assertThat(recorder.terminals).hasValue(1);
        source.assertCancelled();
    }

    @Test
    void aThrowingSizeFunctionFailsTheFluxAfterTheQueueAndDiscardsTheElement() {
        List<Object> discarded = new ArrayList<>();
        IllegalStateException thrown = new IllegalStateException("no size");
        Recorder<Integer> recorder = new Recorder<>(0);
        source.flux()
                .transform(CreditGrant.<Integer>of(
                        WINDOW,
                        size -> {
                            if (size == 7) {
                                throw thrown;
                            }
                            return size;
                        },
                        grant -> {}))
                .doOnDiscard(Integer.class, discarded::add)
                .subscribe(recorder);
        emit(1, 1);

        emit(1, 7);
        source.assertCancelled();
        recorder.request(1);

        assertThat(recorder.values).containsExactly(1);
        assertThat(recorder.error).isSameAs(thrown);
        assertThat(discarded).containsExactly(7);
    }

    @Test
    void aNegativeSizeFailsTheFlux() {
        Recorder<Integer> recorder = subscribe(WINDOW, 1);

        emit(1, -1);

        assertThat(recorder.error).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
    }

    @Test
    void argumentsAreChecked() {
        assertThatNullPointerException()
                .isThrownBy(() -> CreditGrant.of(CreditGrantTest.<CreditWindow>nothing(), i -> 0, grant -> {}));
        assertThatNullPointerException().isThrownBy(() -> CreditGrant.of(WINDOW, nothing(), grant -> {}));
        assertThatNullPointerException().isThrownBy(() -> CreditGrant.of(WINDOW, i -> 0, nothing()));
        assertThatNullPointerException().isThrownBy(() -> CreditGrant.of(WINDOW, i -> 0, nothing(), grant -> {}));
    }

    @Test
    void windowsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CreditWindow.fixed(16))
                .withMessage("initialBytes is 16, must be 17..1099511627776");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CreditWindow.defaults().withMaxBytes(65_535))
                .withMessageStartingWith("maxBytes is 65535, must be initialBytes (65536)..");
        assertThatIllegalArgumentException().isThrownBy(() -> CreditWindow.fixed((1L << 40) + 1));
        assertThat(CreditWindow.defaults()).isEqualTo(new CreditWindow(65_536, 4_194_304));
        assertThat(CreditWindow.defaults().withInitialBytes(8_000_000)).isEqualTo(CreditWindow.fixed(8_000_000));
        assertThat(CreditWindow.fixed(100).withMaxBytes(200)).isEqualTo(new CreditWindow(100, 200));
    }

    @SuppressWarnings("NullAway")
    private static <T> T nothing() {
        return null;
    }
}
