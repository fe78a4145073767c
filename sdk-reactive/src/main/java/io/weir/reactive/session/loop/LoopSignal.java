package io.weir.reactive.session.loop;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Takes "there is something to do" to the loop: one task of the loop at a time, however many threads say it how often.
 *
 * <pre>
 *   quiet --signal()--&gt; scheduled --the task begins--&gt; quiet, and then it looks at all there is
 * </pre>
 */
public final class LoopSignal {

    private final SessionLoop loop;
    private final Runnable action;
    private final Runnable onLoop = this::run;

    private volatile int scheduled;
    private static final AtomicIntegerFieldUpdater<LoopSignal> SCHEDULED =
            AtomicIntegerFieldUpdater.newUpdater(LoopSignal.class, "scheduled");

    /** @param action done on the loop */
    public LoopSignal(SessionLoop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    /** The action is done, at once when on the loop, else soon. Any thread; what was written before it is seen by the action. */
    public void signal() {
        if (loop.inLoop()) {
            action.run();
        } else {
            signalLater();
        }
    }

    /** The action is done soon, also when on the loop. Any thread. */
    public void signalLater() {
        if (SCHEDULED.compareAndSet(this, 0, 1)) {
            LoopCalls.execute(loop, onLoop);
        }
    }

    private void run() {
        scheduled = 0; // before the look: who signals from now on is not seen by it for certain
        action.run();
    }
}
