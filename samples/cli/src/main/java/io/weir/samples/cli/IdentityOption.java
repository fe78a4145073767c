package io.weir.samples.cli;

import io.weir.core.identity.Identity;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who this end is. */
final class IdentityOption {

    @Option(
            names = "--identity",
            paramLabel = "FILE",
            description = "This end's key file, made by weir keygen. Without it: a new identity for this run.")
    private @Nullable Path file;

    /** Reads the key file, or draws a new identity. */
    Identity load() {
        return file == null ? Identity.generate() : Identity.load(file);
    }
}
