package io.weir.benchmarks.vote;

import io.weir.benchmarks.measure.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a contestant has done in all rounds that count.
 *
 * @param contestant who
 * @param rounds in their order
 */
record Played(Contestant contestant, List<Round> rounds) {

    /** Nothing yet. */
    static Played by(Contestant contestant) {
        return new Played(contestant, new ArrayList<>());
    }

    Summary perSecond() {
        return summary(Round::perSecond);
    }

    /** The median of the rounds' percentiles. */
    double micros(double percentile) {
        return summary(round -> round.micros(percentile)).median();
    }

    private Summary summary(ToDoubleFunction<Round> quantity) {
        return Summary.of(rounds.stream().mapToDouble(quantity).toArray());
    }
}
