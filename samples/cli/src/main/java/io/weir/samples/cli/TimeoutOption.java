package io.weir.samples.cli;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How long to wait for each answer. */
final class TimeoutOption {

    private static final int MAX_SECONDS = 3_600;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for each answer, 1 to 3,600. Without it: ${DEFAULT-VALUE}.")
    private int seconds;

    /** @param seconds where it is not given */
    TimeoutOption(int seconds) {
        this.seconds = seconds;
    }

    /**
     * As it was given.
     *
     * @throws ParameterException a mistake of usage
     */
    Duration toDuration(CommandSpec command) {
        Main.checkRange("--timeout", seconds, 1, MAX_SECONDS, command);
        return Duration.ofSeconds(seconds);
    }
}
