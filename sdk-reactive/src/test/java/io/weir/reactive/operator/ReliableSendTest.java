package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

class ReliableSendTest {

    /** 333 ms + 4 * 166.5 ms + 25 ms (RFC 9002 section 6.2). */
    private static final Duration FIRST_TIMEOUT = Duration.ofMillis(1_024);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestPublisher<String> source = TestPublisher.create();
    private final TestPublisher<Feedback> feedback = TestPublisher.create();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();
    private final List<String> renewed = new ArrayList<>();
    private final List<String> acknowledged = new ArrayList<>();

    /** Sends the same again, with a mark, but for what ends in an exclamation mark: nothing replaces that. */
    private final Renewal<String> renewal = new Renewal<>() {
        @Override
        public String renew(String lost) {
            renewed.add(lost);
            return lost.endsWith("!") ? null : lost + "'";
        }

        @Override
        public void onAcknowledged(String arrived) {
            acknowledged.add(arrived);
        }

        @Override
        public boolean elicitsFeedback(String element) {
            return !element.startsWith("(");
        }
    };

    @AfterEach
    void dispose() {
        time.dispose();
    }

    private Recorder<Numbered<String>> subscribe(long demand, int maxWaiting) {
        Recorder<Numbered<String>> recorder =
                new Recorder<>(demand, Operators.enableOnDiscard(Context.empty(), discarded::add));
        source.flux()
                .transform(Reliability.send(
                        feedback.flux(), RecoverySettings.defaults().withMaxWaiting(maxWaiting), time, renewal))
                .subscribe(recorder);
        return recorder;
    }

    private Recorder<Numbered<String>> subscribe() {
        return subscribe(Long.MAX_VALUE, 100);
    }

    /** @param numbers first and last of each range, the highest range first */
    private void hear(long... numbers) {
        List<PacketRange> ranges = new ArrayList<>();
        for (int i = 0; i < numbers.length; i += 2) {
            ranges.add(new PacketRange(numbers[i], numbers[i + 1]));
        }
        feedback.next(new Feedback(ranges, 0, 0, 0, 0));
    }

    private static List<String> sent(Recorder<Numbered<String>> recorder) {
        return recorder.values.stream().map(n -> n.number() + n.value()).toList();
    }

    // ---- numbers

    @Test
    void elementsGoOutAtOnceAndAreNumbered() {
        Recorder<Numbered<String>> recorder = subscribe();

        source.next("a", "b", "c");

        assertThat(sent(recorder)).containsExactly("0a", "1b", "2c");
    }

    @Test
    void whatIsLostGoesOutWithANumberOfItsOwn() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a", "b", "c", "d");

        hear(1, 3);

        assertThat(sent(recorder)).containsExactly("0a", "1b", "2c", "3d", "4a'");
        assertThat(acknowledged).containsExactly("b", "c", "d");
        hear(1, 4);
        hear(0, 4);
        assertThat(sent(recorder)).hasSize(5);
        assertThat(acknowledged).containsExactly("b", "c", "d", "a'", "a");
    }

    @Test
    void whatIsDueAgainGoesBeforeWhatIsNew() {
        Recorder<Numbered<String>> recorder = subscribe(4, 100);
        source.next("a", "b", "c", "d");
        hear(1, 3);
        assertThat(sent(recorder)).hasSize(4);
        assertThat(Scannable.from(recorder.subscription()).scan(Attr.BUFFERED)).isEqualTo(1);

        recorder.request(2);
        source.next("e");

        assertThat(sent(recorder)).endsWith("4a'", "5e");
    }

    @Test
    void theSecondLossOfAnElementRenewsWhatReplacedIt() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a", "b", "c", "d");
        hear(1, 3);
        source.next("e", "f", "g");

        hear(5, 7, 1, 3);

        assertThat(sent(recorder)).endsWith("8a''");
    }

    @Test
    void nothingGoesOutForWhatIsNotRenewed() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a!", "b", "c", "d");

        hear(1, 3);
        source.complete();

        assertThat(sent(recorder)).hasSize(4);
        assertThat(renewed).containsExactly("a!");
        assertThat(recorder.completed).isTrue();
    }

    // ---- time

    @Test
    void whatIsLateIsLostByTheTimer() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a", "b");
        time.advanceTimeBy(Duration.ofMillis(80));
        hear(1, 1);

        time.advanceTimeBy(Duration.ofMillis(9)); // 9/8 of 80 ms are 90
        assertThat(sent(recorder)).hasSize(2);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(sent(recorder)).endsWith("2a'");
    }

    @Test
    void withoutAnyFeedbackTheTwoOldestGoOutAgainLessAndLessOften() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a", "b", "c");

        time.advanceTimeBy(FIRST_TIMEOUT);
        assertThat(sent(recorder)).endsWith("2c", "3a'", "4b'");
        time.advanceTimeBy(FIRST_TIMEOUT.multipliedBy(2).minusMillis(1));
        assertThat(sent(recorder)).hasSize(5);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(sent(recorder)).endsWith("5c'", "6a''");
    }

    /** The alarm is set for the time-out of all when the loss of one is to be judged earlier. */
    @Test
    void anEarlierDeadlineMovesTheTimer() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a");
        time.advanceTimeBy(Duration.ofMillis(80));
        hear(0, 0);
        source.next("b", "c", "d");
        time.advanceTimeBy(Duration.ofMillis(80));
        hear(3, 3, 0, 0);
        assertThat(sent(recorder)).hasSize(4);

        time.advanceTimeBy(Duration.ofMillis(10));

        assertThat(sent(recorder)).endsWith("4b'", "5c'");
    }

    @Test
    void anHourOfSilenceIsSurvived() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a");
        source.complete();
        time.advanceTimeBy(Duration.ofHours(1));
        int sendings = recorder.values.size();
        assertThat(sendings).isBetween(60, 75);

        hear(sendings - 1, sendings - 1);

        assertThat(recorder.completed).isTrue();
    }

    // ---- bound

    @Test
    void noMoreWaitThanMayAndTheSourceIsAskedForNoMore() {
        Recorder<Numbered<String>> recorder = subscribe(Long.MAX_VALUE, 3);
        source.assertMaxRequested(3);
        source.next("a", "b", "c");
        source.assertMaxRequested(3);

        hear(0, 1);
        source.next("d", "e");

        assertThat(sent(recorder)).containsExactly("0a", "1b", "2c", "3d", "4e");
    }

    @Test
    void whatIsSentAgainTakesNoPlaceOfItsOwn() {
        Recorder<Numbered<String>> recorder = subscribe(Long.MAX_VALUE, 4);
        source.next("a", "b", "c", "d");

        hear(3, 3);

        assertThat(sent(recorder)).endsWith("4a'");
        source.next("e");
        assertThat(sent(recorder)).endsWith("5e");
    }

    @Test
    void whatElicitsNothingIsNotWaitedFor() {
        Recorder<Numbered<String>> recorder = subscribe(Long.MAX_VALUE, 2);
        source.next("(a");
        source.next("(b");
        source.next("c");
        source.next("d");
        source.complete();
        assertThat(sent(recorder)).containsExactly("0(a", "1(b", "2c", "3d");

        hear(2, 3);

        assertThat(recorder.completed).isTrue();
        assertThat(renewed).isEmpty();
    }

    // ---- ends

    @Test
    void completionWaitsUntilNothingIsOutstanding() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a", "b");
        source.complete();
        assertThat(recorder.terminated()).isFalse();
        hear(0, 0);
        assertThat(recorder.terminated()).isFalse();

        hear(0, 1);

        assertThat(recorder.completed).isTrue();
        feedback.assertCancelled();
    }

    @Test
    void anErrorFollowsWhatWasSentBefore() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a");
        source.error(broken);
        assertThat(recorder.terminated()).isFalse();

        hear(0, 0);

        assertThat(recorder.error).isSameAs(broken);
    }

    @Test
    void acknowledgingWhatWasNeverSentFailsTheFlux() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a");

        hear(0, 1);

        assertThat(recorder.error)
                .isInstanceOfSatisfying(
                        StreamStopped.class,
                        stopped -> assertThat(stopped.reason().error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
        source.assertCancelled();
    }

    @Test
    void anErrorOfTheFeedbackFailsTheFlux() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Numbered<String>> recorder = subscribe();

        feedback.error(broken);

        assertThat(recorder.error).isSameAs(broken);
        source.assertCancelled();
    }

    @Test
    void feedbackThatCompletesWhileSomethingWaitsFailsTheFlux() {
        Recorder<Numbered<String>> recorder = subscribe();
        feedback.complete();
        assertThat(recorder.terminated()).isFalse();

        source.next("a");

        assertThat(recorder.error)
                .isInstanceOfSatisfying(
                        StreamStopped.class,
                        stopped -> assertThat(stopped.reason().error()).isEqualTo(ErrorCode.STREAM_CLOSED));
    }

    @Test
    void feedbackThatCompletesWithTheSourceEndsWell() {
        Recorder<Numbered<String>> recorder = subscribe();
        source.next("a");
        hear(0, 0);
        feedback.complete();

        source.complete();

        assertThat(recorder.completed).isTrue();
    }

    @Test
    void cancelDiscardsWhatIsDueAgain() {
        Recorder<Numbered<String>> recorder = subscribe(4, 100);
        source.next("a", "b", "c", "d");
        hear(1, 3);

        recorder.cancel();
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(discarded).containsExactly("a'");
        feedback.assertCancelled();
        assertThat(recorder.values).hasSize(4);
    }

    @Test
    void whatRenewThrowsFailsTheFlux() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Numbered<String>> recorder = new Recorder<>(Long.MAX_VALUE);
        source.flux()
                .transform(Reliability.send(feedback.flux(), RecoverySettings.defaults(), time, lost -> {
                    throw broken;
                }))
                .subscribe(recorder);
        source.next("a", "b", "c", "d", "e");

        hear(3, 4);

        assertThat(recorder.error).isSameAs(broken);
        assertThat(recorder.terminals).hasValue(1);
        source.assertCancelled();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheOtherFunctionsThrowFailsTheFluxToo(boolean onSending) {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Numbered<String>> recorder =
                new Recorder<>(Long.MAX_VALUE, Operators.enableOnDiscard(Context.empty(), discarded::add));
        Renewal<String> throwing = new Renewal<>() {
            @Override
            public String renew(String lost) {
                return lost;
            }

            @Override
            public void onAcknowledged(String arrived) {
                throw broken;
            }

            @Override
            public boolean elicitsFeedback(String element) {
                if (onSending) {
                    throw broken;
                }
                return true;
            }
        };
        source.flux()
                .transform(Reliability.send(feedback.flux(), RecoverySettings.defaults(), time, throwing))
                .subscribe(recorder);
        source.next("a");
        if (!onSending) {
            hear(0, 0);
        }

        assertThat(recorder.error).isSameAs(broken);
        assertThat(discarded).isEqualTo(onSending ? List.of("a") : List.of());
    }

    @Test
    void aSchedulerThatIsDisposedFailsTheFlux() {
        Scheduler disposed = Schedulers.newSingle("disposed");
        disposed.dispose();
        Recorder<Numbered<String>> recorder = new Recorder<>(1);
        Flux.just("a")
                .transform(Reliability.send(Flux.never(), RecoverySettings.defaults(), disposed, lost -> lost))
                .subscribe(recorder);

        assertThat(recorder.error).isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
    }

    // ---- arguments

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1, 65_537})
    void theBoundOfWhatWaitsIsInItsRange(int maxWaiting) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecoverySettings.defaults().withMaxWaiting(maxWaiting))
                .withMessage("maxWaiting is " + maxWaiting + ", must be 2 to 65536");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 16_001})
    void theDelayOfFeedbackIsInItsRange(long millis) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecoverySettings.defaults().withMaxFeedbackDelay(Duration.ofMillis(millis)))
                .withMessageContaining("maxFeedbackDelay is " + Duration.ofMillis(millis));
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Reliability.send(null, RecoverySettings.defaults(), time, lost -> lost));
        assertThatNullPointerException().isThrownBy(() -> Reliability.send(Flux.never(), null, time, lost -> lost));
        assertThatNullPointerException()
                .isThrownBy(() -> Reliability.send(Flux.never(), RecoverySettings.defaults(), null, lost -> lost));
        assertThatNullPointerException()
                .isThrownBy(() -> Reliability.send(Flux.never(), RecoverySettings.defaults(), time, null));
    }
}
