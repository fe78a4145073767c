package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One command of the tool, running in a thread of its own with streams of its own. */
final class ToolRun {

    private static final long PATIENCE_SECONDS = 60;

    private final Captured out = new Captured();
    private final Captured err = new Captured();
    private final Queue<Runnable> interrupts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch interruptible = new CountDownLatch(1);
    private final FutureTask<Integer> exit;

    private ToolRun(InputStream in, String... args) {
        this(in, null, null, args);
    }

    private ToolRun(InputStream in, @Nullable OutputStream toOut, @Nullable OutputStream toErr, String... args) {
        Console console = new Console(
                in,
                toOut == null ? out : toOut,
                new PrintStream(toErr == null ? err : toErr, true, StandardCharsets.UTF_8),
                this::onInterrupt);
        exit = new FutureTask<>(() -> Main.run(console, args)) {
            @Override
            protected void done() {
                interruptible.countDown();
            }
        };
        Thread thread = new Thread(exit, "weir " + String.join(" ", args));
        thread.setDaemon(true);
        thread.start();
    }

    static ToolRun start(String... args) {
        return new ToolRun(new ByteArrayInputStream(new byte[0]), args);
    }

    static ToolRun startWith(InputStream in, String... args) {
        return new ToolRun(in, args);
    }

    /** A command whose standard output leads there. */
    static ToolRun startInto(OutputStream out, String... args) {
        return new ToolRun(InputStream.nullInputStream(), out, null, args);
    }

    /** A command whose standard error leads there. */
    static ToolRun startTelling(OutputStream err, String... args) {
        return new ToolRun(InputStream.nullInputStream(), null, err, args);
    }

    /** Runs a command to its end. */
    static ToolRun run(String... args) throws Exception {
        ToolRun run = start(args);
        run.exitCode();
        return run;
    }

    int exitCode() throws Exception {
        return exit.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The address that a listening command prints first. */
    String address() throws InterruptedException {
        return out.await("://");
    }

    /** As if the user pressed Ctrl-C, once there is something to break off: a command that is only starting would never hear of it. */
    void interrupt() {
        try {
            assertThat(interruptible.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("it has begun")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        interrupts.forEach(Runnable::run);
    }

    private void onInterrupt(Runnable action) {
        interrupts.add(action);
        interruptible.countDown();
    }

    Captured out() {
        return out;
    }

    Captured err() {
        return err;
    }
}
