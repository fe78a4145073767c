package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RatiosTest {
    @Test
    void divideWindowsOfTheSameRound() {
        // given a host that is three times as fast in the second round, and a peer twice as fast as the other in each
        List<Window> above = List.of(window(200), window(600));
        List<Window> below = List.of(window(100), window(300));

        assertThat(Ratios.of(Figure.RATE, above, below).byRound()).containsExactly(2.0, 2.0);
    }

    @Test
    void leaveOutARoundInWhichOnlyOneWasMeasured() {
        assertThat(Ratios.of(Figure.RATE, List.of(window(4), window(5)), List.of(window(2)))
                        .byRound())
                .containsExactly(2.0);
    }

    @Test
    void compareWhatAnElementCostsBothProcesses() {
        assertThat(Ratios.of(Figure.CPU, List.of(window(1)), List.of(window(2))).byRound())
                .containsExactly(1.0);
        assertThat(Figure.CPU.of(window(1))).isEqualTo(300);
    }

    @Test
    void theirMedianDoesNotFollowAnOutlier() {
        assertThat(ratios(1.0, 1.1, 0.9, 50.0, 1.05).median()).isEqualTo(1.05);
    }

    @Test
    void haveNoIntervalBelowSixRounds() {
        assertThat(ratios(1, 1, 1, 1, 1).interval()).isEmpty();
        assertThat(ratios(1, 1, 1, 1, 1).spread()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void takeTheExtremesOfSixToEight() {
        assertThat(ratios(6, 1, 3, 2, 5, 4).interval()).contains(new Ratios.Interval(1, 6));
        assertThat(upTo(8).interval()).contains(new Ratios.Interval(1, 8));
    }

    /** As in the tables of the sign test: ranks 2 of 9 to 11, 3 of 12 to 14, 6 of 20, 40 of 100. */
    @Test
    void takeTheRanksOfTheSignTestWithMore() {
        assertThat(upTo(9).interval()).contains(new Ratios.Interval(2, 8));
        assertThat(upTo(11).interval()).contains(new Ratios.Interval(2, 10));
        assertThat(upTo(12).interval()).contains(new Ratios.Interval(3, 10));
        assertThat(upTo(20).interval()).contains(new Ratios.Interval(6, 15));
        assertThat(upTo(100).interval()).contains(new Ratios.Interval(40, 61));
        assertThat(upTo(1000).interval()).contains(new Ratios.Interval(469, 532));
    }

    @Test
    void holdTheTrueMedianAsOftenAsTheySay() {
        Random random = new Random(7);
        int runs = 4_000;

        long held = IntStream.range(0, runs)
                .mapToObj(run -> new Ratios(Stream.generate(() -> Math.exp(random.nextGaussian()))
                                .limit(15)
                                .toList())
                        .interval())
                .flatMap(Optional::stream)
                .filter(interval -> interval.low() <= 1 && 1 <= interval.high())
                .count();

        // 96.5 % by the binomial distribution; four standard errors are 1.2 %
        assertThat(held / (double) runs).isCloseTo(0.965, within(0.012));
    }

    @Test
    void theirSpreadIsTheFartherEndAsAShareOfTheMedian() {
        assertThat(ratios(0.9, 1, 1, 1, 1, 1.3).spread()).isCloseTo(0.3, within(1e-9));
        assertThat(ratios(1.8, 2, 2, 2, 2, 2.1).spread()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void refuseNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> ratios()).withMessageContaining("ratios");
    }

    private static Ratios upTo(int n) {
        return ratios(IntStream.rangeClosed(1, n).asDoubleStream().toArray());
    }

    private static Ratios ratios(double... values) {
        return new Ratios(DoubleStream.of(values).boxed().collect(Collectors.toList()));
    }

    private static Window window(double rate) {
        return new Window(1, rate, rate * 64, new Window.Cost(100, 0, 0), new Window.Cost(200, 0, 0), Optional.empty());
    }
}
