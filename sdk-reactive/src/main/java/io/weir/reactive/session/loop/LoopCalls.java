package io.weir.reactive.session.loop;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.RejectedExecutionException;

/** Ways onto a loop that work from any thread and after the loop has been shut down. */
public final class LoopCalls {

    private LoopCalls() {}

    /** Runs at once when on the loop, else soon. */
    public static void run(SessionLoop loop, Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else {
            execute(loop, task);
        }
    }

    /** Runs soon on the loop; here if it is shut down, for then nothing else touches its state any more. */
    public static void execute(SessionLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException shutDown) {
            task.run();
        }
    }
}
