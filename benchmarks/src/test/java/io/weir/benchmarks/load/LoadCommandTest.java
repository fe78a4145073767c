package io.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Each load, as small as it can be: what it tells, and that what must add up does. */
class LoadCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int load(String... args) {
        return new CommandLine(new LoadCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    @Test
    void manySessionsLoseNoneAndNoRequest() {
        assertThat(load("--loads", "C", "--sessions", "50", "--seconds", "1"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern("\\| C +\\| sessions lost, requests failed of 50 +\\| +0, 0 \\| +0, 0 \\| met")
                .containsPattern("\\| heap of the node for each session +\\| +[\\d,]+ bytes")
                .containsPattern("\\| requests, p99 +\\| +[\\d,]+ us");
    }

    @Test
    void overloadIsBusyAndItsCountsAgree() {
        assertThat(load("--loads", "O", "--seconds", "1")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern(
                        "\\| O +\\| requests/s asked, answered, BUSY +\\| +[1-9][\\d,]*, [1-9][\\d,]*, [1-9][\\d,]* ")
                .containsPattern("\\| BUSY, p99 +\\| +[\\d,]+ us")
                .containsPattern("\\| accepted under overload, p99 +\\| +[\\d,]+ us, [\\d.]+x");
    }

    @Test
    void churnConnectsBothWays() {
        assertThat(load("--loads", "churn", "--window", "200"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern("\\| raw TLS 1.3, both authenticated, netty-tcnative +\\| +[1-9][\\d,]* connects/s")
                .containsPattern("\\| Weir, sessions +\\| +[1-9][\\d,]* connects/s, [\\d.]+x");
    }

    @Test
    void costIsToldForEachCount() {
        assertThat(load("--loads", "cost", "--window", "200", "--streams", "1,3", "--cost-sessions", "1,2"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern("\\| 1 streams of a session +\\| +[\\d,]+ ns, 1.00x, 1.00x to 1.00x")
                .containsPattern(
                        "\\| 3 streams of a session +\\| +[\\d,]+ ns, [\\d.]+x, [\\d.]+x to [\\d.]+x \\| +<= 1.2x")
                .containsPattern("\\| 2 sessions of a stream +\\| +[\\d,]+ ns, [\\d.]+x");
    }

    @Test
    void metersAreComparedInTheSameProcessesAndInTheirOwn() {
        assertThat(load(
                        "--loads",
                        "meters",
                        "--workloads",
                        "R256",
                        "--window",
                        "500",
                        "--pairs",
                        "1",
                        "--warm-up",
                        "1",
                        "--rounds",
                        "1"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern(
                        "R256, in the same processes: without meters +\\| +[1-9][\\d,]* req/s, [1-9][\\d,]* ns ")
                .containsPattern(
                        "R256, in the same processes: rate without by with +\\| +[\\d.]+x, .* \\| at most 1.03x")
                .containsPattern("R256, in the same processes: processor time .*x, .* \\| at most 1.03x")
                .containsPattern("R256, each in its own processes: rate without by with +\\| +[\\d.]+x, ")
                .containsPattern("R256, in the same processes, both without: rate without by with +\\| +[\\d.]+x, ");
    }

    @Test
    void namesWhatMetersAreComparedBy() {
        assertThat(load("--loads", "meters", "--pairs", "0")).isEqualTo(2);
        assertThat(load("--loads", "meters", "--warm-up", "-1")).isEqualTo(2);
        assertThat(load("--loads", "meters", "--rounds", "1001")).isEqualTo(2);
        assertThat(load("--loads", "meters", "--workloads", "X")).isEqualTo(2);
        assertThat(load("--loads", "meters", "--workloads", "L-0")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "--pairs = 0, legal: 1 to 100",
                        "--warm-up = -1, legal: 0 to 1000",
                        "--rounds = 1001, legal: 1 to 1000",
                        "--workloads: unknown workload 'X'",
                        "--workloads = L-0, legal: those over the loopback interface as it is");
    }

    @Test
    void namesWhatThereIs() {
        assertThat(load("--loads", "X")).isEqualTo(2);
        assertThat(err.toString()).contains("--loads = X, legal: C, O, churn, cost, meters");
    }
}
