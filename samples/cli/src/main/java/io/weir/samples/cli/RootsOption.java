package io.weir.samples.cli;

import io.weir.core.integrity.RootSet;
import io.weir.core.wire.Bytes;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Roots of Merkle trees. */
final class RootsOption {

    private static final String MISSING = "-";
    private static final Pattern ROOT = Pattern.compile("[0-9a-fA-F]{64}");

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
        if (roots.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--root is missing, must be given 1 to 64 times");
        }
        try {
            return RootSet.of(roots.stream().map(text -> parse(text, command)).toList());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--root: " + e.getMessage(), e);
        }
    }

    private static Bytes parse(String text, CommandSpec command) {
        if (!text.equals(MISSING) && !ROOT.matcher(text).matches()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--root is '" + text + "', must be 64 hexadecimal digits, or - where it is missing");
        }
        return Bytes.copyOf(text.equals(MISSING) ? new byte[0] : HexFormat.of().parseHex(text));
    }
}
