package io.weir.samples.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
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

    /** Set by the start script where standard output is a terminal that may be coloured. */
    private static final String COLOUR = "WEIR_COLOUR";

    private final InputStream in;
    private final ResultOutput out;
    private final PrintStream err;
    private final Notes notes;
    private final Consumer<Runnable> interrupts;
    private final boolean coloured;
    private volatile boolean interrupted;

    /**
     * @param interrupts takes what is to run when the user breaks off
     */
    Console(InputStream in, OutputStream out, PrintStream err, Consumer<Runnable> interrupts) {
        this(in, out, err, interrupts, false);
    }

    private Console(
            InputStream in, OutputStream out, PrintStream err, Consumer<Runnable> interrupts, boolean coloured) {
        this.in = in;
        this.out = new ResultOutput(out);
        this.err = err;
        this.notes = new Notes(err);
        this.interrupts = interrupts;
        this.coloured = coloured;
    }

    /** The process's own. Unbuffered both ways: {@code pipe} must not keep anything back. */
    static Console ofProcess() {
        return new Console(
                new ReadOnly(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out),
                System.err,
                onInterrupt -> Runtime.getRuntime().addShutdownHook(new Thread(onInterrupt, "weir-interrupted")),
                System.getenv(COLOUR) != null);
    }

    /** Whether what is for people may have colours. */
    boolean coloured() {
        return coloured;
    }

    InputStream in() {
        return in;
    }

    ResultOutput out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /**
     * One line of result.
     *
     * @throws CommandException if it cannot be written
     */
    void print(String line) {
        write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A result as it is.
     *
     * @throws CommandException if it cannot be written
     */
    void write(byte[] result) {
        try {
            out.write(result);
            out.flush();
        } catch (IOException e) {
            throw unwritten(e);
        }
    }

    /**
     * Checks that all results were written, also those whose writers swallow a failure.
     *
     * @throws CommandException if not
     */
    void checkWritten() {
        IOException failure = out.failure();
        if (failure != null) {
            throw unwritten(failure);
        }
    }

    /** One line for people, from a thread that may wait until it is written. */
    void say(String line) {
        err.println(line);
    }

    /** One line for people, from a thread that must not wait, as the node's loops. Shown a moment later, or counted as lost. */
    void note(String line) {
        notes.add(line);
    }

    /** The command is over: shows the notes that wait, as far as somebody reads them. */
    void finish() {
        notes.finish();
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

    private static CommandException unwritten(IOException e) {
        return new CommandException(ExitCode.FAILED, "standard output cannot be written: " + e.getMessage(), e);
    }

    /**
     * Only reads. A {@link FileInputStream} also asks for its position, to read much at once, which JDK 17 takes for a
     * failure where there is none: in a pipe.
     */
    private static final class ReadOnly extends FilterInputStream {
        ReadOnly(FileInputStream in) {
            super(in);
        }
    }
}
