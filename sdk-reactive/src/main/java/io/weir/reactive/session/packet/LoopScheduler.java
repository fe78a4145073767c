package io.weir.reactive.session.packet;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A {@link SessionLoop} as the {@link Scheduler} of operators whose timers have to ring on it: one thread of control and one
 * clock, which is read on it. Nothing is repeated on it. Disposing it means nothing: the loop is others' too.
 */
final class LoopScheduler implements Scheduler {

    private final SessionLoop loop;
    private final PacketClock clock;

    LoopScheduler(SessionLoop loop, PacketClock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(clock.nowNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return loop.schedule(task, loop.nowNanos());
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return loop.schedule(task, loop.nowNanos() + unit.toNanos(delay));
    }

    @Override
    public Worker createWorker() {
        return new LoopWorker(this);
    }

    /** Whatever was scheduled with it goes with it. */
    private static final class LoopWorker implements Worker {

        private final LoopScheduler scheduler;
        private final Disposable.Composite tasks = Disposables.composite();

        LoopWorker(LoopScheduler scheduler) {
            this.scheduler = scheduler;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            Disposable.Swap scheduled = Disposables.swap();
            tasks.add(scheduled);
            scheduled.update(scheduler.schedule(
                    () -> {
                        tasks.remove(scheduled);
                        task.run();
                    },
                    delay,
                    unit));
            return scheduled;
        }

        @Override
        public void dispose() {
            tasks.dispose();
        }

        @Override
        public boolean isDisposed() {
            return tasks.isDisposed();
        }
    }
}
