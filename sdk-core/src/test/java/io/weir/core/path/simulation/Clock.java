package io.weir.core.path.simulation;

import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time: runs what is due in the order of its time, and of its coming where times are equal. */
final class Clock {

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Random random;
    private final long mostLateNanos;
    private long nowNanos;
    private long order;

    private record Event(long nanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** Whose timers fire when they are due. */
    Clock() {
        this(0, 0);
    }

    /** Whose timers fire late, as those of a machine do, by up to so much. */
    Clock(long seed, long mostLateNanos) {
        random = new Random(seed);
        this.mostLateNanos = mostLateNanos;
    }

    long nowNanos() {
        return nowNanos;
    }

    void at(long nanos, Runnable action) {
        events.add(new Event(Math.max(nanos, nowNanos), order++, action));
    }

    /** Like {@link #at}, but late. */
    void timer(long nanos, Runnable action) {
        at(Math.max(nanos, nowNanos) + (long) (random.nextDouble() * mostLateNanos), action);
    }

    /** Runs until then; what is due at that very moment too. */
    void runUntil(long nanos) {
        while (!events.isEmpty() && events.peek().nanos <= nanos) {
            Event event = events.remove();
            nowNanos = event.nanos;
            event.action.run();
        }
        nowNanos = nanos;
    }
}
