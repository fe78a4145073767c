package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Line;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running process of one side, known by its own handle. What it says goes to a listener, from a thread of its own;
 * all else it prints goes to its log.
 */
public final class Side implements AutoCloseable {
    private static final int STOP_SECONDS = 5;

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedWriter commands;

    /**
     * What a side said, or that it ended.
     *
     * @param side who
     * @param line what, or null at the end of its process
     */
    public record Event(Side side, @Nullable Line line) {}

    private Side(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a process and listens to it. */
    public static Side start(String name, List<String> command, Path log, Consumer<Event> listener) throws IOException {
        Files.writeString(log, String.join(" ", command) + "\n");
        Process process = Subprocesses.start(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
        Side side = new Side(name, log, process);
        Thread reader = new Thread(() -> side.read(listener), name + "-output");
        reader.setDaemon(true);
        reader.start();
        return side;
    }

    /** {@code server} or {@code client}, with the pair's name. */
    String name() {
        return name;
    }

    /** Where its diagnostics go. */
    Path log() {
        return log;
    }

    /** The id of its process. */
    long pid() {
        return process.pid();
    }

    /** CPU time of its process so far, as the kernel counts it; zero where that is unknown. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** That it failed, how, and where its log is. */
    PeerFailure failure(String what) {
        return new PeerFailure(name + " " + what + "; its log: " + log);
    }

    /** Gives it a command. A side that is gone reports that itself, as an event. */
    public void tell(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            // Broken pipe: the end of the process arrives as an event and says more than this exception.
        }
    }

    /** How the process ended, in words; only after the event that it ended. */
    String exit() throws InterruptedException {
        return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)
                ? "exited with status " + process.exitValue()
                : "closed its output but still runs";
    }

    /** Asks the process to stop, and ends it by force if it does not within 5 s. */
    @Override
    public void close() {
        tell("stop");
        try {
            commands.close();
        } catch (IOException e) {
            // Already closed from the other end.
        }
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read(Consumer<Event> listener) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
                PrintStream other = new PrintStream(
                        Files.newOutputStream(log, java.nio.file.StandardOpenOption.APPEND),
                        true,
                        StandardCharsets.UTF_8)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                Optional<Line> line = Line.parse(text);
                if (line.isPresent()) {
                    listener.accept(new Event(this, line.get()));
                } else {
                    other.println(text);
                }
            }
        } catch (IOException e) {
            // The stream broke with its process, whose end is reported below.
        }
        listener.accept(new Event(this, null));
    }
}
