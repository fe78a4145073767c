package io.weir.reactive.session.port;

import io.weir.reactive.transport.SessionLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.Disposable;

/** A loop whose clock stands still until a test moves it, also in the middle of a task, as work does that takes time. */
final class HandLoop implements SessionLoop {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final TreeMap<Long, Runnable> timers = new TreeMap<>();
    long nowNanos = 1_000;

    /** So much time passes, and nothing of the loop's runs. */
    void spend(long nanos) {
        nowNanos += nanos;
    }

    /** Runs what has been asked for, timers that are due included. */
    void run() {
        Runnable task;
        while ((task = next()) != null) {
            task.run();
        }
    }

    /** When the next timer is due; 0 without one. */
    long nextTimerNanos() {
        return timers.isEmpty() ? 0 : timers.firstKey();
    }

    private Runnable next() {
        if (!tasks.isEmpty()) {
            return tasks.poll();
        }
        Map.Entry<Long, Runnable> first = timers.firstEntry();
        if (first == null || first.getKey() > nowNanos) {
            return null;
        }
        timers.remove(first.getKey());
        return first.getValue();
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Disposable schedule(Runnable task, long atNanos) {
        if (timers.putIfAbsent(atNanos, task) != null) {
            throw new IllegalStateException("a timer is due at " + atNanos + " already, and there is room for one");
        }
        return () -> timers.remove(atNanos, task);
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public long wallMillis() {
        return 0;
    }
}
