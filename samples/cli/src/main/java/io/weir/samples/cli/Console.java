package io.weir.samples.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What the tool talks through: results go to standard output, where scripts read them, everything for people to standard
 * error.
 */
final class Console {

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;
    private final Consumer<Runnable> interrupts;
    private volatile boolean interrupted;

    /**
     * @param interrupts takes what is to run when the user breaks off
     */
    Console(InputStream in, OutputStream out, PrintStream err, Consumer<Runnable> interrupts) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.interrupts = interrupts;
    }

    /** The process's own. Unbuffered both ways: {@code pipe} must not keep anything back. */
    static Console ofProcess() {
        return new Console(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                System.err,
                onInterrupt -> Runtime.getRuntime().addShutdownHook(new Thread(onInterrupt, "weir-interrupted")));
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** One line of result. */
    void print(String line) {
        PrintStream lines = new PrintStream(out, true, StandardCharsets.UTF_8);
        lines.println(line);
        lines.flush();
    }

    /** One line for people. */
    void say(String line) {
        err.println(line);
    }

    /** Runs the action if the user breaks off before the result is disposed of. */
    Disposable onInterrupt(Runnable action) {
        Disposable pending = Disposables.single();
        interrupts.accept(() -> {
            if (!pending.isDisposed()) {
                interrupted = true;
                action.run();
            }
        });
        return pending;
    }

    /** Whether the user has broken off: what fails now is no news. */
    boolean interrupted() {
        return interrupted;
    }
}
