package io.weir.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    private final Results results = ResultsFixture.of(
            17,
            ResultsFixture.cell("S-64", "weir", 12.34e6, 120),
            ResultsFixture.cell("S-64", "rsocket", 1.5e6, 678),
            CellResult.failed("S-64", "raw", "raw-server exited with status 1; its log: /tmp/x.log"));

    @Test
    void showsRatesCostsAndRatios() {
        String tables = new MarkdownReport(results).tables();

        assertThat(tables)
                .contains("## S-64: one stream, 64 B")
                .containsPattern(
                        "\\| weir +\\| +12.3 \\| +790 \\| +- \\| +6 \\| +100 \\| +200 \\| +- \\| +- \\| +- \\| +40 \\| +120 "
                                + "\\| +0.0 % \\|")
                .containsPattern("\\| rsocket +\\| +1.50 \\| +96 \\| +8.23x ±0.0 % \\| +6 \\|.* 1.00x ±0.0 % \\|");
    }

    @Test
    void marksTargetsAsMetOrMissed() {
        assertThat(new MarkdownReport(results).tables())
                .containsPattern("\\| S-64 +\\| at least 4.0x rsocket +\\| required +\\| +8.23x ±0.0 % \\| met +\\|")
                .containsPattern(
                        "\\| S-64 +\\| at least 10.0x rsocket +\\| moonshot +\\| +8.23x ±0.0 % \\| missed +\\|");
    }

    @Test
    void saysThatARatioIsNoisy() {
        String tables = new MarkdownReport(ResultsFixture.of(
                        17,
                        ResultsFixture.rounds("S-64", "weir", 9, 10, 10, 10, 10, 13),
                        ResultsFixture.rounds("S-64", "rsocket", 10, 10, 10, 10, 10, 10)))
                .tables();

        assertThat(tables)
                .containsPattern("\\| rsocket .*\\| +1.00x ±30.0 % noisy \\|")
                .containsPattern("at least 4.0x rsocket.* 1.00x ±30.0 % noisy \\| missed");
    }

    @Test
    void saysThatTooFewRoundsTellNothing() {
        String tables = new MarkdownReport(ResultsFixture.of(
                        17, ResultsFixture.rounds("S-64", "weir", 10), ResultsFixture.rounds("S-64", "rsocket", 10)))
                .tables();

        assertThat(tables).containsPattern("\\| rsocket .*\\| +1.00x ±\\? noisy \\|");
    }

    @Test
    void showsSystemCallsIdlenessAndColdStarts() {
        CellResult weir = ResultsFixture.with(
                ResultsFixture.rounds("S-1K", "weir", 10), "perf", ColdStartTest.cold(1.5, 2.25, 3));
        CellResult raw =
                ResultsFixture.with(ResultsFixture.rounds("S-1K", "raw", 10), "strace", ColdStartTest.cold(Double.NaN));

        assertThat(new MarkdownReport(ResultsFixture.of(17, weir, raw)).tables())
                .containsPattern("\\| weir .*\\| +5000 \\+ 10000 \\| +5000 \\+ 10000 \\|.*\\| +1.2 % \\|")
                .containsPattern("\\| raw .*\\| +5000 \\+ 10000 \\(strace\\) \\|")
                .contains("From a cold start:")
                .containsPattern("\\| weir +\\| +2.25 \\| +1.50 \\| +3.00 \\| +3 \\|")
                .containsPattern("\\| raw +\\| +> 10 \\| +> 10 \\| +> 10 \\| +1 \\|");
    }

    @Test
    void tellsHowRatiosWereTakenAndWhenTheyAreNoisy() {
        assertThat(new MarkdownReport(results).page())
                .contains("`weir` over the peer")
                .contains("'noisy' what is above 5.0 %")
                .contains("after 40\nrounds at most, 6 at least");
    }

    @Test
    void writesTheRatiosOfEachRoundAsJson() {
        String json = JsonReport.render(ResultsFixture.of(
                17,
                ResultsFixture.rounds("S-64", "weir", 9, 10, 10, 10, 10, 13),
                ResultsFixture.with(
                        ResultsFixture.rounds("S-64", "rsocket", 10, 10, 10, 10, 10, 10),
                        "perf",
                        ColdStartTest.cold(1.5, Double.NaN))));

        assertThat(json)
                .contains("\"byRound\" : [ 0.9, 1.0, 1.0, 1.0, 1.0, 1.3 ]", "\"noisy\" : true", "\"low\" : 0.9")
                .contains("\"senderPerMegabyte\" : 5000.0", "\"writev\" : 450", "\"idleShare\" : 0.012")
                .contains("\"seconds\" : 1.5", "\"nanosAndCounts\" : \"0:0\"")
                .doesNotContain("Infinity");
    }

    @Test
    void tellsWhyACellFailedAndWhereItsLogIs() {
        assertThat(new MarkdownReport(results).tables())
                .containsPattern("\\| raw +\\| +failed \\|")
                .contains("- raw failed: raw-server exited with status 1; its log: /tmp/x.log");
    }

    @Test
    void tellsMachineVersionsCommitAndDate() {
        assertThat(new MarkdownReport(results).page())
                .contains("Commit 0123456789ab, 2026-01-31T12:00:00Z, JDK 17.0.1 Vendor.")
                .contains("Processor, 2 cores")
                .contains("16.0 GiB")
                .containsPattern("\\| reactor-core +\\| 3.8.6 +\\|");
    }

    @Test
    void showsRequestsWithTheirLatencies() {
        String tables = new MarkdownReport(ResultsFixture.of(
                        17,
                        ResultsFixture.requests("R256", "weir", 1.234e6, 123_400),
                        ResultsFixture.requests("R256", "rsocket", 0.3e6, 246_800),
                        CellResult.failed("R256", "raw", "raw-client exited with status 1; its log: /tmp/x.log")))
                .tables();

        assertThat(tables)
                .contains("## R256: requests of 64 B and as large replies, 256 in flight")
                .containsPattern("\\| weir +\\| +1234 \\| +- \\| +6 \\| +123 \\| +- \\| +1234 \\| +- \\| +12340 "
                        + "\\| +100 \\| +200 \\| +- \\| +- \\| +40 \\| +50 \\|")
                .containsPattern("\\| rsocket +\\| +300 \\| +4.11x ±0.0 % \\| +6 \\| +247 \\| +0.50x ±0.0 % "
                        + "\\| +2468 \\| +0.50x ±0.0 % \\|")
                .containsPattern("\\| raw +\\| +failed \\|");
    }

    @Test
    void writesLatenciesAsJsonOnlyWhereThereAreSome() {
        assertThat(JsonReport.render(results)).doesNotContain("atency");
        assertThat(JsonReport.render(ResultsFixture.of(17, ResultsFixture.requests("R1", "weir", 12e3, 60_000))))
                .contains("\"latencyP50Nanos\"", "\"requestsPerSecond\"", "\"p999Nanos\" : 6000000.0");
    }

    @Test
    void writesTheSameAsJson() {
        assertThat(JsonReport.render(results))
                .contains("\"commit\" : \"0123456789ab\"")
                .contains("\"elementsPerSecond\"")
                .contains("\"median\" : 1.234E7")
                .contains("\"failure\" : \"raw-server exited");
    }
}
