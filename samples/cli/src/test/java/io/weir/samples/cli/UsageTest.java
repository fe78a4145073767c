package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: help, and what is said about mistakes. */
final class UsageTest {

    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    @ParameterizedTest
    @ValueSource(strings = {"keygen", "id", "receive", "send", "pipe", "demo"})
    void helpOfEachCommandHasExamplesAndExitCodes(String command) throws Exception {
        ToolRun run = ToolRun.run(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().text())
                .contains("Usage: weir " + command, "Examples:", "  weir " + command + " ", "Exit codes:", "  4   ");
    }

    @Test
    void helpListsTheCommands() throws Exception {
        ToolRun run = ToolRun.run("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().text()).contains("keygen", "receive", "send", "pipe", "demo", "--verbose");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:7400           | it must be scheme://host:port",
                "tcp://127.0.0.1          | the port is missing",
                "tcp://127.0.0.1:70000    | must be 0..65535",
                "tcp://::1:7400           | must stand in brackets",
                "tcp://127.0.0.1:7400#abc | peer id has 3 characters",
                "tcp://127.0.0.1:7400#" + ID + " | small order",
                "udp://127.0.0.1:7400     | only tcp:// is there yet",
            })
    void badAddressIsAMistakeOfUsage(String address, String why) throws Exception {
        assertUsage(ToolRun.run("send", "/dev/null", address), why);
        assertUsage(ToolRun.run("pipe", address), why);
        assertUsage(ToolRun.run("receive", "/tmp", "--listen", address), why);
    }

    @Test
    void missingCommandIsSaid() throws Exception {
        assertUsage(ToolRun.run(), "a command is missing");
    }

    @Test
    void unknownCommandIsSaid() throws Exception {
        assertUsage(ToolRun.run("recieve", "inbox"), "recieve");
    }

    @Test
    void unknownOptionIsSaid() throws Exception {
        assertUsage(ToolRun.run("send", "a", "tcp://127.0.0.1:1", "--fast"), "--fast");
    }

    @Test
    void pipeTakesOneEndOnly() throws Exception {
        assertUsage(ToolRun.run("pipe"), "--listen");
        assertUsage(ToolRun.run("pipe", "tcp://127.0.0.1:1", "--listen", "tcp://127.0.0.1:0"), "mutually exclusive");
    }

    @Test
    void addressToDialNeedsAPort() throws Exception {
        assertUsage(ToolRun.run("send", "/dev/null", "tcp://127.0.0.1:0"), "port 0");
        assertUsage(ToolRun.run("pipe", "tcp://127.0.0.1:0"), "port 0");
    }

    @Test
    void demoOfImpossibleSizeIsAMistakeOfUsage() throws Exception {
        assertUsage(ToolRun.run("demo", "--megabytes", "-1"), "--megabytes is -1");
    }

    private static void assertUsage(ToolRun run, String part) throws Exception {
        assertThat(run.exitCode()).as(run.err().text()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().text())
                .startsWith("weir: ")
                .contains(part)
                .contains("--help")
                .doesNotContain("\tat ");
        assertThat(run.err().text().lines()).hasSize(2);
        assertThat(run.out().text()).isEmpty();
    }
}
