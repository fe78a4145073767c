package io.weir.samples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows what to type for what. */
@Command(
        exitCodeList = {"0:it is shown", ExitCode.UNWRITTEN_TEXT, ExitCode.USAGE_TEXT},
        footer = {"  weir cheat", "  weir cheat | grep -A3 pipe"})
final class CheatCommand implements Callable<Integer> {

    private static final String PAGE = "cheat.txt";

    private final Console console;

    CheatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        try (InputStream page = Objects.requireNonNull(CheatCommand.class.getResourceAsStream(PAGE), PAGE)) {
            console.write(page.readAllBytes());
        }
        return ExitCode.OK;
    }
}
