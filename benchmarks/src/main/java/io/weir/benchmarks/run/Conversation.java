package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Line;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the sides of a pair say. Every wait is bounded, and every wait ends at once when a side fails. One thread waits;
 * sides speak from threads of their own.
 */
public final class Conversation {
    private static final int MAX_EVENTS = 1024;
    private static final int AFTERMATH_MILLIS = 500;

    private final BlockingQueue<Side.Event> events = new LinkedBlockingQueue<>(MAX_EVENTS);

    /** Hears a side. It must not block on a full queue of a side gone wild: what does not fit is dropped. */
    public void hear(Side.Event event) {
        events.offer(event);
    }

    /** One line with that word from each of these sides. */
    public Map<Side, Line> await(List<Side> sides, String word, Duration patience)
            throws PeerFailure, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Map<Side, Line> answers = new HashMap<>();
        while (answers.size() < sides.size()) {
            Side.Event event = next(deadline);
            if (event == null) {
                Side silent = sides.stream()
                        .filter(side -> !answers.containsKey(side))
                        .findFirst()
                        .orElseThrow();
                throw silent.failure("did not say '" + word + "' within " + patience.toSeconds() + " s");
            }
            if (event.line() != null && event.line().word().equals(word) && sides.contains(event.side())) {
                answers.put(event.side(), event.line());
            }
        }
        return answers;
    }

    /** Lets time pass, unless a side fails. */
    public void pass(Duration time) throws PeerFailure, InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (next(deadline) != null) {
            // Only a failure ends the wait early, and that is thrown.
        }
    }

    /** The next event, or null at the deadline; throws if it is the failure or the end of a side. */
    private Side.@Nullable Event next(long deadlineNanos) throws PeerFailure, InterruptedException {
        Side.Event event = events.poll(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (event == null) {
            return null;
        }
        Line line = event.line();
        if (line == null || line.word().equals(Line.FAILED)) {
            throw event.side().failure(describe(event) + otherEnd(event.side()));
        }
        return event;
    }

    /** What became of the other side, where its end came just after this side's failure and may be the cause of it. */
    private String otherEnd(Side failed) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AFTERMATH_MILLIS);
        for (; ; ) {
            Side.Event event = events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (event == null) {
                return "";
            }
            if (event.side() != failed && event.line() == null) {
                return ", and " + event.side().name() + " " + describe(event) + " (log: "
                        + event.side().log() + ")";
            }
        }
    }

    private static String describe(Side.Event event) throws InterruptedException {
        Line line = event.line();
        return line == null ? event.side().exit() : line.field("reason");
    }
}
