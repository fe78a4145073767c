package io.weir.samples.cli.exec;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program and its arguments, each passed as it is: nothing splits, expands or quotes them.
 *
 * @param command the program, then its arguments
 */
public record Program(List<String> command) {

    private static final String SHELL = "/bin/sh";
    private static final String SHELL_NAME = "weir";

    public Program {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command has no words, must have 1 or more");
        }
    }

    /** The program itself. */
    public static Program of(String file, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(file));
        command.addAll(arguments);
        return new Program(command);
    }

    /** A shell that runs the script; the arguments are its {@code $1}, {@code $2} and so on. */
    public static Program script(String script, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("-c", script, SHELL_NAME));
        command.addAll(arguments);
        return of(SHELL, command);
    }

    /** Whether there is such a program: where its name says, or on the path. */
    public boolean exists() {
        String file = command.get(0);
        if (file.contains(File.separator)) {
            return isProgram(Path.of(file));
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> isProgram(Path.of(directory, file)));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
