package io.weir.reactive.discovery;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A server of the real world as a child process, which a test may kill and start again. Of the test's thread. */
public abstract class ChildServer implements AutoCloseable {

    private @Nullable Process process;

    /** Starts it; returns at once. */
    protected final Process started(ProcessBuilder command) throws IOException {
        Process started = command.start();
        process = started;
        return started;
    }

    /** Null before the start and after the end. */
    protected final @Nullable Process running() {
        return process;
    }

    /** Ends it as a crash does; its port stays its own. */
    public final void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
            process = null;
        }
    }

    @Override
    public final void close() {
        kill();
    }
}
