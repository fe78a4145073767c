package io.weir.samples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One command of the tool in a process of its own, which can be killed. It does not outlive the test. */
final class ToolProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Captured out = new Captured();
    private final Captured err = new Captured();
    private final Process process;
    private final Thread outReader;
    private final Thread errReader;

    private ToolProcess(Process process) {
        this.process = process;
        outReader = readInto(out, process.getInputStream());
        errReader = readInto(err, process.getErrorStream());
    }

    static ToolProcess start(String... args) throws IOException {
        return start(builder -> {}, args);
    }

    /** A process whose streams and environment are prepared; its standard input is a pipe otherwise. */
    static ToolProcess start(Consumer<ProcessBuilder> prepared, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        prepared.accept(builder);
        return new ToolProcess(builder.start());
    }

    /** What it reads: closed, it has ended. */
    OutputStream input() {
        return process.getOutputStream();
    }

    /** When it has ended, and all that it said is read. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " never ended; it said " + err.text());
        }
        outReader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        errReader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return process.exitValue();
    }

    Captured out() {
        return out;
    }

    Captured err() {
        return err;
    }

    /** The address that a listening command prints first. */
    String address() throws InterruptedException {
        return out.await("://");
    }

    /** By SIGKILL: it can neither say anything nor clean up. Returns when it is gone. */
    void kill() throws InterruptedException {
        if (!process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " survived its end");
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private Thread readInto(Captured captured, InputStream stream) {
        Thread reader = new Thread(() -> read(stream, captured), "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private void read(InputStream stream, Captured captured) {
        try (stream) {
            stream.transferTo(captured);
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
