package io.weir.samples.cli;

import io.weir.core.identity.Identity;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key file. */
@Command(
        exitCodeList = {
            "0:the key file is made",
            ExitCode.UNWRITTEN_TEXT,
            ExitCode.USAGE_TEXT,
            "3:the key file exists already, or cannot be written"
        },
        footer = {
            "  weir keygen me.key",
            "  id=$(weir keygen me.key)      the peer id is the only line on standard output"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class KeygenCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "The key file to make. One that exists is left as it is.")
    private Path file;

    @Option(names = "--force", description = "Replace a key file that exists. Its identity is lost.")
    private boolean force;

    @Mixin
    private JsonOption json;

    KeygenCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Identity identity = Identity.generate();
        if (force) {
            identity.replace(file);
        } else {
            identity.save(file);
        }
        json.print(console, "id", identity.peerId().toString());
        return ExitCode.OK;
    }
}
