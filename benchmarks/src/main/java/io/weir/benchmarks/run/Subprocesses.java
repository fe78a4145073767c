package io.weir.benchmarks.run;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The processes that the harness has started and that still run. If the harness is ended (Ctrl-C, SIGTERM), so are they;
 * sides also end by themselves when their input ends, which is what happens if the harness is killed.
 */
final class Subprocesses {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Subprocesses::destroyAll, "subprocesses"));
    }

    private Subprocesses() {}

    /** Starts a process that ends with this one at the latest. */
    static Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        RUNNING.add(process);
        process.onExit().thenAccept(RUNNING::remove);
        return process;
    }

    private static void destroyAll() {
        // A process that was started meanwhile is not missed: its pipe or its target ends with this one.
        RUNNING.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }
}
