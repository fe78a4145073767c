package io.weir.samples.cli;

import io.weir.core.identity.Identity;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints who a key file is. */
@Command(
        exitCodeList = {"0:the peer id is printed", ExitCode.UNWRITTEN_TEXT, ExitCode.USAGE_TEXT, ExitCode.KEY_FILE_TEXT
        },
        footer = {"  weir id me.key", "  weir receive inbox --listen 'tcp://[::]:7400' --allow $(weir id friend.key)"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class IdCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "A key file, made by weir keygen.")
    private Path file;

    @Mixin
    private JsonOption json;

    IdCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        json.print(console, "id", Identity.load(file).peerId().toString());
        return ExitCode.OK;
    }
}
