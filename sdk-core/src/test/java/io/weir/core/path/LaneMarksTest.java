package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneMarksTest {

    private final LaneMarks<String> marks = new LaneMarks<>();

    @Test
    void whatHasComeIsNotWaitedFor() {
        long number = marks.mark("control", 100);
        assertThat(marks.onMarked(number)).isNull();

        assertThat(marks.stalledNanos(1_000)).isZero();
    }

    @Test
    void aLaneWithAGapIsWaitedForSinceItWasMarked() {
        long control = marks.mark("control", 100);
        marks.mark("half", 100);
        marks.mark("other half", 300);

        marks.onMarked(control);

        assertThat(marks.stalledNanos(1_000)).isEqualTo(900);
    }

    @Test
    void nothingIsSaidOfAPeerThatDoesNotKnowMarks() {
        marks.mark("control", 100);
        marks.mark("half", 100);

        assertThat(marks.stalledNanos(Long.MAX_VALUE / 2)).isZero();
    }

    @Test
    void aLaneIsMarkedAnewWhenItsMarkHasCome() {
        long first = marks.mark("half", 100);
        assertThat(marks.mark("half", 200)).as("it waits").isZero();

        assertThat(marks.onMarked(first)).isEqualTo("half");
        long second = marks.mark("half", 500);

        assertThat(second).isGreaterThan(first);
        assertThat(marks.stalledNanos(700)).isEqualTo(200);
        assertThat(marks.onMarked(second)).isNull();
        assertThat(marks.stalledNanos(700)).isZero();
    }

    @Test
    void aLaneThatIsOverIsNotWaitedFor() {
        long control = marks.mark("control", 100);
        long half = marks.mark("half", 100);
        marks.onMarked(control);

        marks.forget("half");
        marks.forget("another one");

        assertThat(marks.stalledNanos(1_000)).isZero();
        assertThat(marks.onMarked(half)).isNull();
    }

    @Test
    void anAnswerToNoMarkSaysNothing() {
        marks.mark("half", 100);

        assertThat(marks.onMarked(77)).isNull();

        assertThat(marks.stalledNanos(1_000)).as("the peer has heard none").isZero();
    }

    @Test
    void aSideJoinsARoundOnce() {
        assertThat(marks.round()).isZero();
        assertThat(marks.joins(1)).isTrue();
        assertThat(marks.joins(1)).isFalse();
        assertThat(marks.begin()).isEqualTo(2);
        assertThat(marks.joins(2)).as("its own").isFalse();
        assertThat(marks.joins(5)).isTrue();
        assertThat(marks.round()).isEqualTo(5);
    }
}
