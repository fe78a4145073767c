package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.wire.VarInt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Operators;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** Elements are their own positions. */
class ReliableOrderTest {

    private static final int BOUND = 10;

    private final TestPublisher<Long> source = TestPublisher.create();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();

    private Recorder<Long> subscribe(long demand, int bound) {
        Recorder<Long> recorder = new Recorder<>(demand, Operators.enableOnDiscard(Context.empty(), discarded::add));
        source.flux().transform(Reliability.order(i -> i, bound, gaps::add)).subscribe(recorder);
        return recorder;
    }

    private void receive(long... positions) {
        for (long position : positions) {
            source.next(position);
        }
    }

    // ---- in order and once

    @Test
    void whatIsAheadWaitsForWhatIsMissing() {
        Recorder<Long> recorder = subscribe(Long.MAX_VALUE, BOUND);
        receive(2, 0, 3);
        assertThat(recorder.values).containsExactly(0L);

        receive(1);

        assertThat(recorder.values).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void aRepeatIsDiscardedWhetherItHasGoneOrWaits() {
        Recorder<Long> recorder = subscribe(Long.MAX_VALUE, BOUND);

        receive(0, 0, 2, 2, 1);

        assertThat(recorder.values).containsExactly(0L, 1L, 2L);
        assertThat(discarded).containsExactly(0L, 2L);
    }

    @Test
    void whatWaitsTakesNoDemand() {
        Recorder<Long> recorder = subscribe(1, BOUND);

        receive(3, 2, 1, 0);

        assertThat(recorder.values).containsExactly(0L);
        recorder.request(2);
        assertThat(recorder.values).containsExactly(0L, 1L, 2L);
        recorder.request(1);
        assertThat(recorder.values).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void eachMissingPositionIsToldOnce() {
        subscribe(Long.MAX_VALUE, BOUND);

        receive(0, 3, 2, 7, 1);

        assertThat(gaps).containsExactly(new Gap(1, 2), new Gap(4, 6));
        assertThat(gaps.get(1).length()).isEqualTo(3);
    }

    @Test
    void anElementBeyondTheBoundFailsTheFlux() {
        Recorder<Long> recorder = subscribe(Long.MAX_VALUE, BOUND);
        receive(0, 2, 11);
        assertThat(recorder.terminated()).isFalse();

        receive(12);

        assertThat(recorder.error).isInstanceOfSatisfying(StreamReset.class, reset -> {
            assertThat(reset.reason().error()).isEqualTo(ErrorCode.FLOW_CONTROL);
            assertThat(reset.reason().detail()).isEqualTo("an element came more than 10 ahead of position 1");
        });
        assertThat(discarded).containsExactlyInAnyOrder(2L, 11L, 12L);
        source.assertCancelled();
    }

    @Test
    void aSourceThatCompletesWhileSomeWaitFailsTheFlux() {
        Recorder<Long> recorder = subscribe(Long.MAX_VALUE, BOUND);
        receive(0, 2);

        source.complete();

        assertThat(recorder.values).containsExactly(0L);
        assertThat(recorder.error).isInstanceOfSatisfying(StreamReset.class, reset -> {
            assertThat(reset.reason().error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(reset.reason().detail()).isEqualTo("1 elements wait for position 1, which has not come");
        });
        assertThat(discarded).containsExactly(2L);
    }

    @Test
    void anErrorOfTheSourceFollowsWhatHasItsTurnAndDiscardsWhatHasNot() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Long> recorder = subscribe(1, BOUND);
        receive(1, 5, 0);
        source.error(broken);
        assertThat(recorder.terminated()).isFalse();

        recorder.request(1);

        assertThat(recorder.values).containsExactly(0L, 1L);
        assertThat(recorder.error).isSameAs(broken);
        assertThat(discarded).containsExactly(5L);
    }

    @Test
    void completionNeedsNoDemandWhereOnlyRepeatsAreLeft() {
        Recorder<Long> recorder = subscribe(2, BOUND);
        receive(0, 0);
        recorder.request(0x7FFF);
        receive(1);

        source.complete();

        assertThat(recorder.completed).isTrue();
    }

    @Test
    void cancelDiscardsWhatWaits() {
        Recorder<Long> recorder = subscribe(1, BOUND);
        receive(1, 5, 0);

        recorder.cancel();

        assertThat(discarded).containsExactlyInAnyOrder(1L, 5L);
    }

    // ---- increasing only

    @Test
    void withoutABoundElementsPassAtOnceAndWhatIsLateIsDropped() {
        Recorder<Long> recorder = subscribe(Long.MAX_VALUE, 0);

        receive(2, 0, 3, 3, 1, 9);
        source.complete();

        assertThat(recorder.values).containsExactly(2L, 3L, 9L);
        assertThat(discarded).containsExactly(0L, 3L, 1L);
        assertThat(gaps).containsExactly(new Gap(0, 1), new Gap(4, 8));
        assertThat(recorder.completed).isTrue();
    }

    // ---- functions and arguments

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, VarInt.MAX + 1})
    void aPositionOutOfRangeFailsTheFlux(long position) {
        Recorder<Long> recorder = subscribe(Long.MAX_VALUE, 0);

        receive(position);

        assertThat(recorder.error)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("position is " + position + ", must be 0 to " + VarInt.MAX);
        assertThat(discarded).containsExactly(position);
    }

    @Test
    void whatTheConsumerOfGapsThrowsFailsTheFlux() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Long> recorder =
                new Recorder<>(Long.MAX_VALUE, Operators.enableOnDiscard(Context.empty(), discarded::add));
        source.flux()
                .transform(Reliability.order(i -> i, BOUND, gap -> {
                    throw broken;
                }))
                .subscribe(recorder);

        receive(3);

        assertThat(recorder.error).isSameAs(broken);
        assertThat(recorder.terminals).hasValue(1);
        assertThat(discarded).containsExactly(3L);
        source.assertCancelled();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_048_577})
    void theBoundIsInItsRange(int bound) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reliability.order((Long i) -> i, bound, gaps::add))
                .withMessage("bound is " + bound + ", must be 0 to 1048576");
    }

    @Test
    void aGapAscends() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Gap(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Gap(-1, 1));
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Reliability.order(null, 1, gaps::add));
        assertThatNullPointerException().isThrownBy(() -> Reliability.order((Long i) -> i, 1, null));
    }
}
