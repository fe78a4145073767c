package io.weir.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RunCommandTest {
    private static final int WRONG_OPTIONS = 2;

    @TempDir
    private Path home;

    @Test
    void refusesAnUnknownWorkload() {
        assertRefused("unknown workload 'Z', legal: S, F, R", "--workloads", "S,Z");
    }

    @Test
    void refusesAnUnknownPeer() {
        assertRefused("unknown peer 'grpc', legal: all", "--peers", "grpc");
    }

    @Test
    void refusesPeersOfWhichNoneRunsTheWorkload() {
        assertRefused(
                "no peer of [raw-tls-each] runs a workload of [R1]", "--workloads", "R1", "--peers", "raw-tls-each");
    }

    @Test
    void refusesNoRounds() {
        assertRefused("--rounds = 0, legal: 1 to 1000", "--rounds", "0");
    }

    @Test
    void stillKnowsWindowsAsRounds() {
        assertRefused("--rounds = 0, legal: 1 to 1000", "--windows", "0");
    }

    @Test
    void refusesFewerRoundsAtMostThanAtLeast() {
        assertRefused("--max-rounds = 5, legal: 10 to 1000", "--max-rounds", "5");
    }

    @Test
    void refusesPairsThatServeNoRound() {
        assertRefused("--fresh = 0, legal: 1 to 1000", "--fresh", "0");
    }

    @Test
    void refusesASpreadThatNothingReaches() {
        assertRefused("--spread = 0.0, legal: above 0, up to 100", "--spread", "0");
    }

    @Test
    void refusesManyColdStarts() {
        assertRefused("--cold = 21, legal: 0 to 20", "--cold", "21");
    }

    @Test
    void refusesABuildWithoutAName() {
        assertRefused("--build = HEAD, legal: NAME=COMMIT or NAME=DIRECTORY", "--build", "HEAD");
    }

    @Test
    void refusesASubjectThatIsNoPeer() {
        assertRefused("--subject = rsocket, legal: weir, raw", "--peers", "weir,raw", "--subject", "rsocket");
    }

    @Test
    void refusesAWindowWithoutLength() {
        assertRefused("--seconds = 0, legal: 1 to 600", "--seconds", "0");
    }

    @Test
    void refusesWhatIsNotANumber() {
        assertRefused("'long' is not an int", "--seconds", "long");
    }

    @Test
    void refusesADirectoryWithoutAJdk() {
        assertRefused("legal: a directory with bin/java in it", "--jdk", home.toString());
    }

    @Test
    void refusesAnUnknownOption() {
        assertRefused("--fast", "--fast");
    }

    private void assertRefused(String message, String... options) {
        StringWriter errors = new StringWriter();
        CommandLine command = RunCommand.commandLine().setErr(new PrintWriter(errors, true));
        String[] arguments = new String[options.length + 2];
        arguments[0] = "--home";
        arguments[1] = home.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);

        int status = command.execute(arguments);

        assertThat(status).isEqualTo(WRONG_OPTIONS);
        assertThat(errors.toString()).contains(message).contains("--help");
        assertThat(home).isEmptyDirectory();
    }
}
