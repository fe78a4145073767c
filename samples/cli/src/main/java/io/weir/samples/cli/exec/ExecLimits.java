package io.weir.samples.cli.exec;

import java.time.Duration;
import java.util.Locale;

/**
 * What a command may use.
 *
 * @param processes how many run at once, 1 to 256
 * @param outputBytes how much one may write on its standard output, 0 to 16,000,000; so much memory each may take
 * @param time how long one may run, 1 s to 1 h
 */
public record ExecLimits(int processes, int outputBytes, Duration time) {

    private static final int MAX_PROCESSES = 256;
    private static final int MAX_OUTPUT_BYTES = 16_000_000;
    private static final int MAX_SECONDS = 3_600;

    public ExecLimits {
        require("processes", processes, 1, MAX_PROCESSES);
        require("output bytes", outputBytes, 0, MAX_OUTPUT_BYTES);
        require("seconds", time.toSeconds(), 1, MAX_SECONDS);
    }

    private static void require(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s is %d, must be %,d to %,d", field, value, least, most));
        }
    }
}
