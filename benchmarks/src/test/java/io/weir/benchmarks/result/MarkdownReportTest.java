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
                        "\\| weir +\\| +12.3 \\| +12.3 \\| +12.3 \\| +790 \\| +- \\| +100 \\| +200 \\| +40 \\| +120 \\|")
                .containsPattern("\\| rsocket +\\| +1.50 \\|.* 8.23x \\|");
    }

    @Test
    void marksTargetsAsMetOrMissed() {
        assertThat(new MarkdownReport(results).tables())
                .containsPattern("\\| S-64 +\\| at least 4.0x rsocket +\\| required +\\| +8.23x \\| met +\\|")
                .containsPattern("\\| S-64 +\\| at least 10.0x rsocket +\\| moonshot +\\| +8.23x \\| missed +\\|");
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
                .containsPattern(
                        "\\| weir +\\| +1234 \\| +1234 \\| +1234 \\| +- \\| +123 \\| +- \\| +1234 \\| +- \\| +12340 "
                                + "\\| +100 \\| +200 \\| +40 \\| +50 \\|")
                .containsPattern("\\| rsocket +\\| +300 \\|.* 4.11x \\| +247 \\| +0.50x \\| +2468 \\| +0.50x \\|")
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
