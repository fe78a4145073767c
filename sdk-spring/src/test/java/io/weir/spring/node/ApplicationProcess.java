package io.weir.spring.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An application of Boot in a process of its own, with the class path of the tests. */
public final class ApplicationProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ApplicationProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it; returns at once. */
    public static ApplicationProcess start(Class<?> application, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                application.getName(),
                "--logging.level.root=warn",
                "--spring.main.banner-mode=off"));
        command.addAll(List.of(arguments));
        return new ApplicationProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** What follows on the next line that begins so. Waits for it. */
    public String said(String beginning) {
        List<String> others = new ArrayList<>();
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(beginning)) {
                    return line.substring(beginning.length());
                }
                others.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError(
                "the application ended before it said " + beginning + ": " + String.join("\n", others));
    }

    /** Tells it to stop, by SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Ends it as a crash does, by SIGKILL; returns when it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** How it has ended, which must be within that time. */
    public int exitCode(Duration limit) throws InterruptedException, TimeoutException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("still there after " + limit);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
