package io.weir.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void judgesRatioRateAndAllocation() {
        List<Target.Verdict> verdicts = Target.judge(ResultsFixture.of(
                17, ResultsFixture.cell("S-64", "weir", 12e6, 151), ResultsFixture.cell("S-64", "rsocket", 1e6, 678)));

        assertThat(verdicts)
                .extracting(verdict -> verdict.target().text() + " -> " + verdict.measured() + " " + verdict.met())
                .containsExactly(
                        "at least 4.0x rsocket -> 12.0 true",
                        "at most 150 B allocated by the receiver -> 151.0 false",
                        "at least 10.0 M el/s -> 1.2E7 true",
                        "at least 10.0x rsocket -> 12.0 true");
    }

    @Test
    void judgesLatenciesByWhatTheyAtMostMayBe() {
        List<Target.Verdict> verdicts = Target.judge(ResultsFixture.of(
                17,
                ResultsFixture.requests("R1", "weir", 12e3, 60_000),
                ResultsFixture.requests("R1", "raw-tls", 15e3, 50_000),
                ResultsFixture.requests("R256", "weir", 1e6, 200_000),
                ResultsFixture.requests("R256", "rsocket", 0.25e6, 800_000)));

        assertThat(verdicts)
                .extracting(verdict -> verdict.target().text() + " -> " + verdict.measured() + " " + verdict.met())
                .containsExactly(
                        "p50 at most 1.15x raw-tls -> 1.2 false",
                        "at least 3.0x rsocket -> 4.0 true",
                        "p99 at most 0.50x rsocket -> 0.25 true",
                        "at least 1.50 M req/s -> 1000000.0 false");
    }

    @Test
    void judgesWeirOverDatagramsBesideItsOwnPeers() {
        List<Target.Verdict> verdicts = Target.judge(ResultsFixture.of(
                17,
                ResultsFixture.cell("S-16K", "weir", 1e5, 1),
                ResultsFixture.cell("S-16K", "weir-udp", 3e4, 1),
                ResultsFixture.cell("S-16K", "aeron", 1.5e4, 1)));

        assertThat(verdicts)
                .extracting(verdict -> verdict.target().text() + " -> " + verdict.measured() + " " + verdict.met())
                .containsExactly(
                        "weir-udp: at least 1.5x aeron -> 2.0 true", "weir-udp: at least 3.0x aeron -> 2.0 false");
    }

    @Test
    void addsUpWhatBothSidesAllocate() {
        List<Target.Verdict> verdicts =
                Target.judge(ResultsFixture.of(17, ResultsFixture.cell("S-1K", "weir-udp", 1e5, 1_500)));

        assertThat(verdicts).extracting(Target.Verdict::measured).containsExactly(1_540.0, 1_540.0);
    }

    @Test
    void leavesOutWhatTheRunDoesNotTell() {
        assertThat(Target.judge(ResultsFixture.of(17, ResultsFixture.cell("S-16K", "weir", 1e5, 1))))
                .isEmpty();
    }

    @Test
    void appliesTargetsOfANewerJdkOnlyThere() {
        CellResult cell = ResultsFixture.cell("S-1K", "weir", 3.5e6, 1);

        assertThat(Target.judge(ResultsFixture.of(17, cell))).isEmpty();
        assertThat(Target.judge(ResultsFixture.of(25, cell))).singleElement().matches(Target.Verdict::met);
    }

    @Test
    void judgesARatioByTheRoundsAndNotByTheMedians() {
        // given a host whose speed drifts, so that medians come from different rounds: 10 of the first and 3 of the
        // second
        CellResult weir = ResultsFixture.rounds("S-64", "weir", 10, 6, 100);
        CellResult rsocket = ResultsFixture.rounds("S-64", "rsocket", 2, 3, 10);

        Target.Verdict verdict =
                Target.judge(ResultsFixture.of(17, weir, rsocket)).get(0);

        assertThat(verdict.measured()).isEqualTo(5);
        assertThat(verdict.ratios().orElseThrow().byRound()).containsExactly(5.0, 2.0, 10.0);
    }

    @Test
    void usesTheMedianOfTheWindowsForWhatIsNoRatio() {
        assertThat(Target.judge(ResultsFixture.of(17, ResultsFixture.rounds("S-64", "weir", 1, 9, 4))))
                .extracting(Target.Verdict::measured)
                .containsExactly(0.0, 4.0);
    }
}
