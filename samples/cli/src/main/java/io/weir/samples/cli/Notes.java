package io.weir.samples.cli;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lines for people from threads that must not wait, the node's loops above all. A thread of its own writes them, at most
 * {@value #MAX_WAITING} wait for it, and what comes beyond is counted and told: who reads standard error slowly, or not at
 * all, loses lines and holds up nothing. Any thread.
 */
final class Notes {

    static final int MAX_WAITING = 1_024;

    private static final int PATIENCE_SECONDS = 2;

    private final PrintStream err;
    private final AtomicLong lost = new AtomicLong();
    private final ThreadPoolExecutor writer;

    Notes(PrintStream err) {
        this.err = err;
        writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                task -> {
                    Thread thread = new Thread(task, "weir-notes");
                    thread.setDaemon(true);
                    return thread;
                },
                (line, full) -> lost.incrementAndGet());
    }

    /** Will write the line, unless too many wait. Never blocks. */
    void add(String line) {
        writer.execute(() -> {
            tellLost();
            err.println(line);
        });
    }

    /** Takes nothing more. Waits until all is written, at most {@value #PATIENCE_SECONDS} s. */
    void finish() {
        writer.shutdown();
        try {
            if (writer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                tellLost();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellLost() {
        long lines = lost.getAndSet(0);
        if (lines > 0) {
            err.println("[" + lines + " lines were not shown: standard error was not read fast enough]");
        }
    }
}
