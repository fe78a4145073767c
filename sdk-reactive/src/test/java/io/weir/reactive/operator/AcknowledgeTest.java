package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.VarInt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Operators;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

class AcknowledgeTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestPublisher<Numbered<String>> source = TestPublisher.create();
    private final List<Feedback> told = new ArrayList<>();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();

    @AfterEach
    void dispose() {
        time.dispose();
    }

    private Recorder<String> subscribe(long demand) {
        Recorder<String> recorder = new Recorder<>(demand, Operators.enableOnDiscard(Context.empty(), discarded::add));
        source.flux()
                .transform(Reliability.acknowledge(told::add, time, (String element) -> !element.startsWith("(")))
                .subscribe(recorder);
        return recorder;
    }

    private void receive(long number, String value) {
        source.next(new Numbered<>(number, value));
    }

    private List<PacketRange> lastTold() {
        return told.get(told.size() - 1).ranges();
    }

    @Test
    void elementsPassAtOnceInTheOrderInWhichTheyCome() {
        Recorder<String> recorder = subscribe(Long.MAX_VALUE);

        receive(2, "c");
        receive(0, "a");
        receive(1, "b");

        assertThat(recorder.values).containsExactly("c", "a", "b");
    }

    @Test
    void aRepeatIsDroppedAndDoesNotCountAsDemanded() {
        Recorder<String> recorder = subscribe(2);
        receive(0, "a");
        receive(0, "a");

        receive(1, "b");

        assertThat(recorder.values).containsExactly("a", "b");
        assertThat(discarded).containsExactly(new Numbered<>(0, "a"));
    }

    @Test
    void everySecondElementOfASlowSourceIsTold() {
        subscribe(Long.MAX_VALUE);
        receive(0, "a");
        assertThat(told).isEmpty();

        receive(1, "b");

        assertThat(told).hasSize(1);
        assertThat(lastTold()).containsExactly(new PacketRange(0, 1));
    }

    @Test
    void oneAloneIsToldAfterTheLargestDelay() {
        subscribe(Long.MAX_VALUE);
        receive(0, "a");

        time.advanceTimeBy(Duration.ofMillis(24));
        assertThat(told).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(told).hasSize(1);
        assertThat(told.get(0).delayMicros()).isEqualTo(25_000);
        time.advanceTimeBy(Duration.ofHours(1));
        assertThat(told).hasSize(1);
    }

    @Test
    void aGapIsToldAtOnce() {
        subscribe(Long.MAX_VALUE);
        receive(0, "a");

        receive(2, "c");

        assertThat(told).hasSize(1);
        assertThat(lastTold()).containsExactly(new PacketRange(2, 2), new PacketRange(0, 0));
        receive(1, "b");
        assertThat(lastTold()).containsExactly(new PacketRange(0, 2));
    }

    @Test
    void acknowledgementsAreNotAcknowledged() {
        Recorder<String> recorder = subscribe(Long.MAX_VALUE);
        for (int i = 0; i < 100; i++) {
            receive(2 * i, "(a");
        }
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(recorder.values).hasSize(100);
        assertThat(told).isEmpty();
    }

    @Test
    void whatWasNotToldIsToldBeforeTheEnd() {
        Recorder<String> recorder = subscribe(Long.MAX_VALUE);
        receive(0, "a");

        source.complete();

        assertThat(lastTold()).containsExactly(new PacketRange(0, 0));
        assertThat(recorder.completed).isTrue();
    }

    @Test
    void gapsCostNoMoreThanTheRangesThatAreKept() {
        Recorder<String> recorder = subscribe(Long.MAX_VALUE);
        for (long number = 0; number < 20_000; number += 2) {
            receive(number, "a");
        }

        assertThat(lastTold())
                .as("the highest, and those below it 16 times each")
                .hasSize(17);
        receive(1, "too late");
        receive(20_000 - 2 * 256 + 1, "late");
        assertThat(recorder.values).hasSize(10_001).contains("late").doesNotContain("too late");
    }

    @Test
    void whatTheConsumerThrowsFailsTheFlux() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<String> recorder = new Recorder<>(Long.MAX_VALUE);
        source.flux()
                .transform(Reliability.<String>acknowledge(
                        feedback -> {
                            throw broken;
                        },
                        time))
                .subscribe(recorder);

        receive(5, "a");

        assertThat(recorder.values).containsExactly("a");
        assertThat(recorder.error).isSameAs(broken);
        source.assertCancelled();
    }

    @Test
    void whatThePredicateThrowsFailsTheFluxInPlaceOfTheElement() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<String> recorder =
                new Recorder<>(Long.MAX_VALUE, Operators.enableOnDiscard(Context.empty(), discarded::add));
        source.flux()
                .transform(Reliability.acknowledge(told::add, time, (String element) -> {
                    throw broken;
                }))
                .subscribe(recorder);

        receive(0, "a");

        assertThat(recorder.values).isEmpty();
        assertThat(recorder.error).isSameAs(broken);
        assertThat(discarded).containsExactly(new Numbered<>(0, "a"));
    }

    @Test
    void cancelTellsNothing() {
        Recorder<String> recorder = subscribe(Long.MAX_VALUE);
        receive(0, "a");

        recorder.cancel();
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, VarInt.MAX + 1})
    void aNumberIsInItsRange(long number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Numbered<>(number, "a"))
                .withMessageContaining("number is " + number);
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Reliability.acknowledge(null, time));
        assertThatNullPointerException().isThrownBy(() -> Reliability.acknowledge(told::add, null));
        assertThatNullPointerException().isThrownBy(() -> Reliability.acknowledge(told::add, time, null));
        assertThatNullPointerException().isThrownBy(() -> new Numbered<>(0, null));
    }
}
