package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionReady;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for one subscriber: at most so many, plus what was the case when it came, plus the ends of sessions
 * whose Ready it has seen.
 *
 * <p>When it is full, a new event is left out, always as a whole pair: the end of a session whose Ready was left out is
 * left out too, and a Ready that still waits goes together with its end. What was left out is counted, and told by an
 * {@link PeerEvent.EventsDropped} in front of the next event.
 */
final class EventQueue implements EventBuffer {

    /** For each subscriber of a node's events. */
    static final int CAPACITY = 256;

    /** For an observer on the specification: more than sessions begin or end at once in a node of the default limits. */
    static final int OBSERVER_CAPACITY = 16_384;

    private final EventLine waiting = new EventLine();
    private final AtomicLong dropped = new AtomicLong();

    // of the thread that offers
    private final Set<Long> leftOut = new HashSet<>(); // sessions whose Ready was left out and whose end is to come
    private int capacity;

    EventQueue(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public void begin(List<? extends PeerEvent> present) {
        capacity += present.size();
        waiting.addAll(present);
    }

    @Override
    public void offer(PeerEvent event) {
        long ended = endedSession(event);
        boolean full = waiting.size() >= capacity;
        if (ended >= 0) {
            if (leftOut.remove(ended)) {
                dropped.incrementAndGet();
            } else if (full && waiting.takeBack(ended)) {
                dropped.addAndGet(2);
            } else {
                waiting.keep(ended);
                waiting.add(event);
            }
        } else if (!full) {
            waiting.add(event);
        } else {
            dropped.incrementAndGet();
            if (event instanceof ConnectionReady unseen) {
                leftOut.add(unseen.sessionId());
            }
        }
    }

    @Override
    public @Nullable PeerEvent poll() {
        long untold = dropped.getAndSet(0);
        return untold > 0 ? new PeerEvent.EventsDropped(untold) : waiting.poll();
    }

    @Override
    public boolean isEmpty() {
        return dropped.get() == 0 && waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    @Override
    public void clear() {
        waiting.clear();
    }

    /** The session of which the event tells the end; -1 if of none. */
    static long endedSession(PeerEvent event) {
        if (event instanceof PeerEvent.ConnectionClosed end) {
            return end.sessionId();
        }
        return event instanceof PeerEvent.ConnectionLost end ? end.sessionId() : -1;
    }
}
