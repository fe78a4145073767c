package io.weir.reactive.transport.lanes;

import io.weir.reactive.transport.SessionLoop;
import java.util.SplittableRandom;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * How long a lane that has something to say is held back, at random.
 *
 * @param mostTurns of the loop
 * @param mostNanos of the loop's time; if it is 0, no time passes
 */
public record Delays(int mostTurns, long mostNanos) {

    /** Lanes overtake each other, and no time passes. */
    public static final Delays OF_TURNS = new Delays(3, 0);

    /** The same delay for all, up to so many nanoseconds. */
    public static Delays ofNanos(long most) {
        return new Delays(0, most);
    }

    /** Runs a task when one such delay is over; never from inside this call. */
    public Disposable after(SplittableRandom random, SessionLoop loop, Runnable task) {
        if (mostNanos > 0) {
            return loop.schedule(task, loop.nowNanos() + random.nextLong(mostNanos + 1));
        }
        Disposable running = Disposables.single();
        afterTurns(1 + random.nextInt(mostTurns), loop, () -> {
            if (!running.isDisposed()) {
                task.run();
            }
        });
        return running;
    }

    private static void afterTurns(int turns, SessionLoop loop, Runnable task) {
        loop.execute(turns == 1 ? task : () -> afterTurns(turns - 1, loop, task));
    }
}
