package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weir bench}: that each thing is measured, not how fast it is. */
final class BenchTest {

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp", "quic"})
    void eachThingIsMeasured(String scheme) throws Exception {
        ToolRun listening = ToolRun.start("bench", "--listen", scheme + "://127.0.0.1:0");

        ToolRun bench = ToolRun.run("bench", listening.address(), "--seconds", "1");

        assertThat(bench.exitCode()).as(bench.err().text()).isZero();
        assertThat(bench.out().text().lines())
                .hasSize(6)
                .allMatch(line -> line.matches(".* +[1-9][\\d,]* /s.*"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("round trips").contains("p99"),
                        line -> assertThat(line).startsWith("requests of 64 B"),
                        line -> assertThat(line)
                                .startsWith("stream there, 64 B")
                                .contains("MB/s"),
                        line -> assertThat(line)
                                .startsWith("stream there, 16 KiB")
                                .contains("MB/s"),
                        line -> assertThat(line)
                                .startsWith("stream back, 16 KiB")
                                .contains("MB/s"),
                        line -> assertThat(line).startsWith("network itself").contains("MB/s"));
        listening.interrupt();
        assertThat(listening.exitCode()).isZero();
    }

    @Test
    void programsGetAnObjectForEach() throws Exception {
        ToolRun listening = ToolRun.start("bench", "--listen", "tcp://127.0.0.1:0", "--json");
        String ticket = listening.out().await("ticket").replaceAll(".*\"ticket\":\"([^\"]*)\".*", "$1");

        ToolRun bench = ToolRun.run("bench", ticket, "--seconds", "1", "--json");

        assertThat(bench.out().text().lines())
                .hasSize(6)
                .allMatch(line -> line.matches("\\{.*\"measured\":\".*\"perSecond\":.*\"megabytesPerSecond\":.*}"));
        listening.interrupt();
    }

    @Test
    void peerThatIsNotMeasuredSaysSo() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat");

        ToolRun bench = ToolRun.run("bench", serving.address(), "--seconds", "1");

        assertThat(bench.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(bench.err().text())
                .endsWith("weir: the peer cannot be measured: is weir bench --listen running there? (NO_HANDLER)\n");
        assertThat(bench.out().text()).isEmpty();
        serving.interrupt();
    }
}
