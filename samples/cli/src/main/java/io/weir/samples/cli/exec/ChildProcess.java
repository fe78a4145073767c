package io.weir.samples.cli.exec;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A process that is given its input and whose output is read until it ends. Never blocks in a read, which nothing could
 * end while a grandchild holds the pipe: what a command leaves in the background neither delays the answer nor belongs
 * to it.
 */
final class ChildProcess implements AutoCloseable {

    private static final int LEAST_PAUSE_MILLIS = 1;
    private static final int MOST_PAUSE_MILLIS = 16;

    private final Process process;
    private final InputStream pipe;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ExecLimits limits;
    private final BooleanSupplier givenUp;
    private final long deadlineNanos;
    private CompletableFuture<Void> fed = CompletableFuture.completedFuture(null);

    /** A process that has just been started, and whether nobody waits for it any more. */
    ChildProcess(Process process, ExecLimits limits, BooleanSupplier givenUp) {
        this.process = process;
        this.pipe = process.getInputStream();
        this.limits = limits;
        this.givenUp = givenUp;
        this.deadlineNanos = System.nanoTime() + limits.time().toNanos();
    }

    /** Writes its input on a thread of that executor, and ends it. Once. */
    void feed(ByteBuffer input, Executor executor) {
        fed = CompletableFuture.runAsync(() -> write(input), executor);
    }

    /**
     * All that it writes. Waits until it has ended; one that goes beyond its limits, or for which nobody waits, goes on
     * until {@link #close}.
     *
     * @throws RequestRefusedException if it goes beyond its limits, or nobody waits for it
     * @throws CommandFailure if its exit status is not 0
     */
    byte[] outputNow() throws IOException, InterruptedException, CommandFailure {
        int pauseMillis = LEAST_PAUSE_MILLIS;
        boolean ended = false;
        while (!ended) {
            // The end of the process ends the pause at once, so that a short command is not held up by it.
            ended = process.waitFor(pauseMillis, TimeUnit.MILLISECONDS);
            pauseMillis = drain() ? LEAST_PAUSE_MILLIS : Math.min(2 * pauseMillis, MOST_PAUSE_MILLIS);
            if (!ended) {
                checkThatItMayGoOn();
            }
        }
        if (process.exitValue() != 0) {
            throw new CommandFailure("the command ended with status " + process.exitValue());
        }
        return output.toByteArray();
    }

    /** Ends it, with what it has started and not yet left behind. Returns when it is gone, and its input with it. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            // once more, for what it started meanwhile: without its parent it could not be found any more
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        process.onExit().join();
        fed.join();
    }

    private void write(ByteBuffer input) {
        byte[] bytes = new byte[input.remaining()];
        input.get(bytes);
        try (OutputStream out = process.getOutputStream()) {
            out.write(bytes);
        } catch (IOException e) {
            // It ended, or closed its input, without having read everything: its own affair.
        }
    }

    private boolean drain() throws IOException {
        boolean any = false;
        for (int ready = pipe.available(); ready > 0; ready = pipe.available()) {
            byte[] chunk = pipe.readNBytes(Math.min(ready, limits.outputBytes() + 1));
            output.writeBytes(chunk);
            any = true;
            if (output.size() > limits.outputBytes()) {
                throw new RequestRefusedException(ErrorCode.PAYLOAD_TOO_LARGE);
            }
        }
        return any;
    }

    private void checkThatItMayGoOn() {
        if (givenUp.getAsBoolean()) {
            throw new RequestRefusedException(ErrorCode.GOING_AWAY);
        }
        if (System.nanoTime() - deadlineNanos >= 0) {
            throw new RequestRefusedException(ErrorCode.REQUEST_TIMEOUT);
        }
    }
}
