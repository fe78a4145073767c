package io.weir.samples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong about a command line, in the words of whoever typed it: picocli speaks of indices, types and its own classes. */
final class Mistake {

    private static final Pattern TOO_FEW = Pattern.compile(
            "positional parameter at index \\S+ \\((?<name>.*)\\) requires at least (?<least>\\d+) values, but "
                    + "(?:none|only \\d+) were specified(?:: \\[(?<given>.*)])?\\.?");
    private static final Pattern ONE_OF =
            Pattern.compile("Missing required argument \\(specify one of these\\): \\((?<these>.*)\\)");
    private static final Pattern VALUES =
            Pattern.compile(": expected one of \\[(?<values>.*)] \\(case-insensitive\\) but was '(?<typed>.*)'");
    private static final String INVALID = "Invalid value for ";
    private static final String ERROR = "Error: ";

    private final ParameterException failure;

    private Mistake(ParameterException failure) {
        this.failure = failure;
    }

    /** In one line. */
    static String text(ParameterException failure) {
        return new Mistake(failure).text();
    }

    private String text() {
        CommandLine line = failure.getCommandLine();
        List<String> unmatched =
                failure instanceof UnmatchedArgumentException e ? e.getUnmatched() : line.getUnmatchedArguments();
        List<String> options =
                unmatched.stream().filter(word -> word.startsWith("-")).toList();
        if (!options.isEmpty()) { // also where something else was said: what follows it was taken for what it is not
            return unknown("option", options.get(0), optionsOf(line.getCommandSpec()));
        }
        if (!(failure instanceof UnmatchedArgumentException)) {
            return told();
        }
        CommandSpec command = line.getCommandSpec();
        if (command.subcommands().isEmpty()) {
            return "too many arguments: "
                    + unmatched.stream().map(Mistake::quoted).collect(Collectors.joining(", "));
        }
        List<String> known = new ArrayList<>(command.subcommands().keySet());
        known.addAll(optionsOf(command));
        return unknown("command", unmatched.get(0), known);
    }

    private static String unknown(String kind, String typed, List<String> known) {
        List<String> similar = Similar.to(typed, known);
        return "there is no " + kind + " " + quoted(typed)
                + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
    }

    private static List<String> optionsOf(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .toList();
    }

    private String told() {
        String message = String.valueOf(failure.getMessage());
        ArgSpec argument = failure.getArgSpec();
        int said = message.indexOf(": ");
        if (argument != null && message.startsWith(INVALID) && said >= 0) {
            return name(argument) + plain(message.substring(said));
        }
        Matcher tooFew = TOO_FEW.matcher(message);
        if (tooFew.matches()) {
            String given = tooFew.group("given");
            return tooFew.group("name") + ": at least " + tooFew.group("least") + " are needed, "
                    + (given == null ? "there are none" : "there is only " + quoted(given));
        }
        String bare = message.startsWith(ERROR) ? message.substring(ERROR.length()) : message;
        Matcher oneOf = ONE_OF.matcher(bare);
        return oneOf.matches() ? "one of these is missing: " + oneOf.group("these") : bare;
    }

    private static String plain(String told) {
        Matcher values = VALUES.matcher(told);
        return values.matches()
                ? ": there is no '" + values.group("typed") + "', but "
                        + values.group("values").toLowerCase(Locale.ROOT)
                : told.replaceFirst(" is not an? (?:int|long)$", " is not a whole number");
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String quoted(String word) {
        return "'" + word + "'";
    }
}
