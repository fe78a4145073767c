package io.weir.benchmarks.run;

import io.weir.benchmarks.measure.SystemCalls;
import io.weir.benchmarks.result.CountedCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Counts the system calls of a pair in a window of its own: the tool is attached while the pair is idle and leaves when
 * it is idle again, so that what it counts belongs to exactly the elements that came in between.
 */
enum SystemCallCounter {
    /** The kernel's tracepoints, by {@code perf stat}: they cost next to nothing, and need the right to use them. */
    PERF("perf") {
        @Override
        List<String> command(Path output) {
            Stream<String> events = Stream.concat(
                    Stream.of("raw_syscalls:sys_enter"), NAMED.stream().map(name -> "syscalls:sys_enter_" + name));
            return List.of("perf", "stat", "-x,", "-e", String.join(",", events.toList()), "-o", output.toString());
        }

        @Override
        SystemCalls parse(String text) {
            return SystemCalls.ofPerf(text);
        }
    },
    /** {@code strace -c}: works wherever a process may be traced, and slows every system call down many times. */
    STRACE("strace") {
        @Override
        List<String> command(Path output) {
            return List.of("strace", "-f", "-c", "-o", output.toString());
        }

        @Override
        SystemCalls parse(String text) {
            return SystemCalls.ofStrace(text);
        }
    };

    private static final List<String> NAMED = List.of(
            "read",
            "readv",
            "write",
            "writev",
            "recvfrom",
            "recvmsg",
            "recvmmsg",
            "sendto",
            "sendmsg",
            "sendmmsg",
            "epoll_wait",
            "epoll_pwait",
            "futex");
    private static final Duration ATTACHING = Duration.ofSeconds(1);
    private static final Duration DRYING = Duration.ofMillis(500);
    private static final int PATIENCE_SECONDS = 20;

    private final String tool;

    SystemCallCounter(String tool) {
        this.tool = tool;
    }

    /** The command, up to the process that it is to look at. */
    abstract List<String> command(Path output);

    /** What its output says. */
    abstract SystemCalls parse(String text);

    /** The first tool that may be used here. */
    static Optional<SystemCallCounter> find(Path directory) throws InterruptedException {
        for (SystemCallCounter counter : values()) {
            if (counter.works(directory)) {
                return Optional.of(counter);
            }
        }
        return Optional.empty();
    }

    /**
     * Counts the calls of a pair that is paused, which is busy meanwhile for that time; {@link IOException} if the tool
     * has not counted.
     */
    CountedCalls count(Pair pair, String name, Duration time) throws PeerFailure, IOException, InterruptedException {
        Path server = output(pair.server(), name, "server");
        Path client = output(pair.client(), name, "client");
        List<Process> tools = new ArrayList<>();
        Pair.Samples before = pair.sample();
        try {
            tools.add(attach(pair.server(), server));
            tools.add(attach(pair.client(), client));
            pair.pass(ATTACHING);
            pair.resume();
            pair.pass(time);
            pair.pause();
            pair.pass(DRYING);
        } finally {
            for (Process attached : tools) {
                detach(attached);
            }
        }
        Pair.Samples after = pair.sample();
        return new CountedCalls(
                tool,
                after.client().elements() - before.client().elements(),
                after.client().bytes() - before.client().bytes(),
                read(server),
                read(client));
    }

    private boolean works(Path directory) throws InterruptedException {
        Path output = directory.resolve("syscalls-" + tool + ".txt");
        List<String> command = new ArrayList<>(command(output));
        command.add("true");
        try {
            Process process = Subprocesses.start(quiet(command));
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0 && parse(Files.readString(output)).total() > 0;
        } catch (IOException | IllegalArgumentException e) {
            // Not installed, or not allowed to count: the next one may be.
            return false;
        }
    }

    private static Path output(Side side, String name, String role) {
        return side.log().resolveSibling(name + "-" + role + "-syscalls.txt");
    }

    private Process attach(Side side, Path output) throws IOException {
        List<String> command = new ArrayList<>(command(output));
        command.addAll(Arrays.asList("-p", Long.toString(side.pid())));
        return Subprocesses.start(quiet(command));
    }

    /** Tells a tool to write what it has counted: only SIGINT does that with both of them. */
    private static void detach(Process attached) throws IOException, InterruptedException {
        Process kill = Subprocesses.start(quiet(List.of("kill", "-INT", Long.toString(attached.pid()))));
        kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!attached.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            attached.destroyForcibly();
        }
    }

    private SystemCalls read(Path output) throws IOException {
        try {
            return parse(Files.readString(output));
        } catch (IllegalArgumentException e) {
            throw new IOException(tool + ": " + e.getMessage(), e);
        }
    }

    private static ProcessBuilder quiet(List<String> command) {
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }
}
