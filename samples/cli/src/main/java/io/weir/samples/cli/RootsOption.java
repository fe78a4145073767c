package io.weir.samples.cli;

import io.weir.core.integrity.RootSet;
import io.weir.core.wire.Bytes;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Roots of Merkle trees. */
final class RootsOption {

    private static final String MISSING = "-";

    @Option(
            names = "--root",
            paramLabel = "HEX",
            description =
                    "The root of a denomination's tree: 64 hexadecimal digits, or - where it is missing; repeated, "
                            + "in order, for up to 64 denominations.")
    private List<String> roots = List.of();

    boolean isEmpty() {
        return roots.isEmpty();
    }

    /** What was given. */
    RootSet load(CommandSpec command) {
        try {
            return RootSet.of(roots.stream().map(RootsOption::parse).toList());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--root: " + e.getMessage(), e);
        }
    }

    private static Bytes parse(String text) {
        return Bytes.copyOf(text.equals(MISSING) ? new byte[0] : HexFormat.of().parseHex(text));
    }
}
