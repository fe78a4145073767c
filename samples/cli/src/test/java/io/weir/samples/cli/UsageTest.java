package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line: help, and what is said about mistakes. */
final class UsageTest {

    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String VALID_ID = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    @ParameterizedTest
    @CsvSource({
        "keygen, 0 1 2 3",
        "id, 0 1 2 3",
        "ticket, 0 1 2",
        "receive, 0 1 2 3 130",
        "send, 0 1 2 3 4",
        "pipe, 0 1 2 3 4",
        "forward, 1 2 3 4 130",
        "ping, 0 1 2 3 4",
        "bench, 0 1 2 3 4 130",
        "peers, 0 1 2 3 4 130",
        "request, 0 1 2 3 4",
        "serve, 1 2 3 130",
        "vote, 0 1 2",
        "stats, 0 1 2 3 4",
        "demo, 0 1 2",
        "cheat, 0 1 2",
        "completion, 0 1 2"
    })
    void helpOfEachCommandHasExamplesAndItsExitCodes(String command, String codes) throws Exception {
        ToolRun run = ToolRun.run(command, "--help");

        assertThat(run.exitCode()).isZero();
        String help = run.out().text();
        assertThat(help).contains("Usage: weir " + command, "Examples:", "weir " + command + " ");
        String listed = help.substring(help.indexOf("Exit codes:"), help.indexOf("Examples:"));
        assertThat(listed.lines()
                        .skip(1)
                        .filter(line -> line.matches("  \\d.*"))
                        .map(line -> line.strip().split(" ")[0]))
                .containsExactly(codes.split(" "));
    }

    @Test
    void helpListsTheCommands() throws Exception {
        ToolRun run = ToolRun.run("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().text()).contains("--verbose", "--version");
        for (ToolCommand command : ToolCommand.values()) {
            assertThat(run.out().text()).contains("\n  " + command.word() + " ");
        }
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
                "memory://server          | must begin with tcp://, udp:// or quic://",
            })
    void badAddressIsAMistakeOfUsage(String address, String why) throws Exception {
        assertUsage(ToolRun.run("send", "/dev/null", address), why);
        assertUsage(ToolRun.run("pipe", address), why);
        assertUsage(ToolRun.run("receive", "/tmp", "--listen", address), why);
        assertUsage(ToolRun.run("ping", address), why);
        assertUsage(ToolRun.run("request", address, "exec"), why);
        assertUsage(ToolRun.run("peers", "--add", "tcp://127.0.0.1:1", "--add", address), why);
        assertUsage(ToolRun.run("peers", "--listen", address), why);
        assertUsage(ToolRun.run("serve", "--exec", "cat", "--listen", address), why);
    }

    /** Whoever makes files must not be able to say what the command does, as with {@code weir send * ADDR}. */
    @Test
    void argumentThatBeginsWithAnAtSignIsNoFileOfArguments(@TempDir Path folder) throws Exception {
        Path arguments = Files.writeString(folder.resolve("arguments"), "--help");

        ToolRun run = ToolRun.run("id", "@" + arguments);

        assertThat(run.exitCode()).isEqualTo(ExitCode.KEY_FILE);
        assertThat(run.out().text()).isEmpty();
    }

    @Test
    void optionsOfTheToolMayStandBeforeTheCommand() throws Exception {
        assertThat(ToolRun.run("--verbose", "send", "--help").out().text()).startsWith("Usage: weir send ");
    }

    @Test
    void withoutArgumentsTheUsageIsShown() throws Exception {
        ToolRun run = ToolRun.run();

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out().text()).isEmpty();
        assertThat(run.err().text())
                .isEqualTo(ToolRun.run("--help").out().text())
                .startsWith("Usage: weir ");
    }

    @Test
    void versionTellsWhatAFaultReportNeeds() throws Exception {
        ToolRun run = ToolRun.run("--version");

        assertThat(run.exitCode()).as(run.err().text()).isZero();
        assertThat(run.out().text())
                .startsWith("weir ")
                .contains("JDK        " + Runtime.version(), "\ntransports tcp, udp, quic; ")
                .containsPattern("\ncipher     \\S+ \\S+\n$");
    }

    @Test
    void cheatShowsEachCommandThatExists() throws Exception {
        ToolRun run = ToolRun.run("cheat");

        assertThat(run.exitCode()).isZero();
        List<String> commands = Pattern.compile("(?:^  |\\| )weir (\\w+)", Pattern.MULTILINE)
                .matcher(run.out().text())
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        assertThat(commands)
                .contains(
                        "keygen", "ticket", "receive", "send", "pipe", "serve", "request", "vote", "stats", "ping",
                        "peers");
        for (String command : commands) {
            assertThat(ToolRun.run(command, "--help").exitCode()).as(command).isZero();
        }
    }

    /** The script is for people's shells: here one reads it, and is asked. */
    @Test
    void bashCompletesCommandsAndOptions(@TempDir Path folder) throws Exception {
        Path script = Files.write(
                folder.resolve("weir"), ToolRun.run("completion", "bash").out().bytes());
        String ask = "source " + script + "; type compopt >/dev/null; "
                + "complete() { :; }; compopt() { :; }; "
                + "COMP_WORDS=(weir pi); COMP_CWORD=1; _complete_weir; echo ${COMPREPLY[@]}; "
                + "COMP_WORDS=(weir send --ident); COMP_CWORD=2; _complete_weir; echo ${COMPREPLY[@]}; "
                + "COMP_WORDS=(weir send --progress p); COMP_CWORD=3; _complete_weir; echo ${COMPREPLY[@]}; "
                + "COMP_WORDS=(weir completion b); COMP_CWORD=2; _complete_weir; echo ${COMPREPLY[@]}";

        Process bash =
                new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();

        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        assertThat(said.lines()).containsExactly("pipe ping", "--identity", "plain", "bash");
    }

    @Test
    void zshGetsTheSameScript() throws Exception {
        assertThat(ToolRun.run("completion", "zsh").out().text())
                .isEqualTo(ToolRun.run("completion", "bash").out().text())
                .contains("bashcompinit");
        assertUsage(ToolRun.run("completion", "fish"), "fish");
    }

    @Test
    void unknownOptionIsSaid() throws Exception {
        assertUsage(ToolRun.run("send", "a", "tcp://127.0.0.1:1", "--fast"), "--fast");
    }

    /** A test has no terminal: neither has its help. */
    @Test
    void helpHasNoColoursElsewhereThanOnATerminal() throws Exception {
        assertThat(ToolRun.run("send", "--help").out().text()).doesNotContain("\033");
        try (ToolProcess terminal =
                ToolProcess.start(builder -> builder.environment().put("WEIR_COLOUR", "on"), "send", "--help")) {
            assertThat(terminal.exitCode()).isZero();
            assertThat(terminal.out().await("Usage:")).contains("\033[");
        }
    }

    @Test
    void pipeTakesOneEndOnly() throws Exception {
        assertUsage(ToolRun.run("pipe"), "--listen");
        assertUsage(ToolRun.run("pipe", "tcp://127.0.0.1:1", "--listen", "tcp://127.0.0.1:0"), "mutually exclusive");
    }

    @Test
    void benchHasALegalTimeAndOneEnd() throws Exception {
        assertUsage(ToolRun.run("bench"), "--listen");
        assertUsage(ToolRun.run("bench", "tcp://127.0.0.1:0"), "port 0");
        assertUsage(ToolRun.run("bench", "tcp://127.0.0.1:1", "--seconds", "61"), "--seconds is 61, must be 1 to 60");
    }

    @Test
    void forwardNeedsBothItsEnds() throws Exception {
        String address = "tcp://127.0.0.1:1";
        assertUsage(ToolRun.run("forward", address), "--accept");
        assertUsage(ToolRun.run("forward", "--accept", "127.0.0.1:0"), "--listen");
        assertUsage(
                ToolRun.run("forward", address, "--accept", "127.0.0.1:0", "--connect", "127.0.0.1:1"),
                "mutually exclusive");
        assertUsage(ToolRun.run("forward", address, "--accept", "127.0.0.1"), "--accept must be HOST:PORT");
        assertUsage(ToolRun.run("forward", address, "--connect", "127.0.0.1:0"), "port 0");
        assertUsage(ToolRun.run("forward", "tcp://127.0.0.1:0", "--accept", "127.0.0.1:0"), "port 0");
        assertUsage(
                ToolRun.run("forward", address, "--accept", "127.0.0.1:0", "--connections", "0"),
                "--connections is 0, must be 1 to 65,535");
    }

    @Test
    void addressToDialNeedsAPort() throws Exception {
        assertUsage(ToolRun.run("send", "/dev/null", "tcp://127.0.0.1:0"), "port 0");
        assertUsage(ToolRun.run("pipe", "tcp://127.0.0.1:0"), "port 0");
        assertUsage(ToolRun.run("ping", "tcp://127.0.0.1:0"), "port 0");
        assertUsage(ToolRun.run("request", "tcp://127.0.0.1:0", "exec"), "port 0");
        assertUsage(ToolRun.run("peers", "--add", "tcp://127.0.0.1:0"), "port 0");
    }

    @Test
    void demoGoesOverOneTransport() throws Exception {
        assertUsage(ToolRun.run("demo", "--udp", "--quic"), "mutually exclusive");
    }

    @Test
    void demoOfImpossibleSizeIsAMistakeOfUsage() throws Exception {
        assertUsage(ToolRun.run("demo", "--megabytes", "-1"), "--megabytes is -1");
    }

    @Test
    void pingHasALegalCountAndInterval() throws Exception {
        String address = "tcp://127.0.0.1:1";
        assertUsage(ToolRun.run("ping", address, "--count", "0"), "--count is 0, must be 1 to 100,000");
        assertUsage(ToolRun.run("ping", address, "--count", "100001"), "--count is 100001");
        assertUsage(ToolRun.run("ping", address, "--interval", "-1"), "--interval is -1, must be 0 to 60,000");
        assertUsage(ToolRun.run("ping", address, "--timeout", "3601"), "--timeout is 3601, must be 1 to 3,600");
    }

    @Test
    void peersNeedsSomebodyAndALegalTime() throws Exception {
        String address = "tcp://127.0.0.1:1";
        assertUsage(ToolRun.run("peers"), "--add or --listen is missing");
        assertUsage(ToolRun.run("peers", "--add", address, "--allow", VALID_ID), "--allow needs --listen");
        assertUsage(
                ToolRun.run("peers", "--listen", "tcp://127.0.0.1:0", "--until-ready"), "--until-ready needs somebody");
        assertUsage(ToolRun.run("peers", "--add", address, "--for", "0"), "--for is 0, must be 1 to 1,000,000");
        assertUsage(ToolRun.run("peers", "--add", address, "--for", "1000001"), "--for is 1000001");
    }

    @Test
    void requestHasALegalTimeoutAndRoute() throws Exception {
        String address = "tcp://127.0.0.1:1";
        assertUsage(ToolRun.run("request", address, "exec", "--timeout", "0"), "--timeout is 0, must be 1 to 3,600");
        assertUsage(
                ToolRun.run("request", address, "\u00e9".repeat(128)),
                "route has 256 bytes of UTF-8, must have at most 255");
        assertUsage(ToolRun.run("request", address), "ROUTE");
    }

    @Test
    void serveNeedsAProgramThatExists() throws Exception {
        assertUsage(ToolRun.run("serve"), "--exec");
        assertUsage(ToolRun.run("serve", "--exec", "no-such-program"), "there is no program 'no-such-program'");
        assertUsage(ToolRun.run("serve", "--exec", "/etc"), "there is no program '/etc'");
    }

    @Test
    void limitsOfServeHaveTheirRanges() throws Exception {
        assertUsage(ToolRun.run("serve", "--exec", "cat", "--processes", "0"), "processes is 0, must be 1 to 256");
        assertUsage(ToolRun.run("serve", "--exec", "cat", "--processes", "257"), "processes is 257");
        assertUsage(ToolRun.run("serve", "--exec", "cat", "--max-output", "-1"), "output bytes is -1");
        assertUsage(ToolRun.run("serve", "--exec", "cat", "--max-output", "16000001"), "must be 0 to 16,000,000");
        assertUsage(ToolRun.run("serve", "--exec", "cat", "--time-limit", "0"), "seconds is 0, must be 1 to 3,600");
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
