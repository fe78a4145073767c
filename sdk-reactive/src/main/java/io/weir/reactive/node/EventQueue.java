package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for one subscriber: at most 256, plus the ends of sessions whose Ready the subscriber has seen.
 *
 * <p>When it is full, a new event is left out, always as a whole pair: the end of a session whose Ready was left out is
 * left out too, and a Ready that still waits goes together with its end. What was left out is counted, and told by an
 * {@link PeerEvent.EventsDropped} in front of the next event. Not thread safe.
 */
final class EventQueue implements EventBuffer {

    static final int CAPACITY = 256;

    private final ArrayDeque<PeerEvent> waiting = new ArrayDeque<>();
    private final Set<Long> leftOut = new HashSet<>(); // sessions whose Ready was left out and whose end is to come
    private long dropped;

    @Override
    public void offer(PeerEvent event) {
        long ended = endedSession(event);
        if (ended >= 0 && leftOut.remove(ended)) {
            dropped++;
        } else if (waiting.size() < CAPACITY) {
            waiting.add(event);
        } else if (ended >= 0) {
            if (waiting.removeIf(e -> e instanceof PeerEvent.ConnectionReady r && r.sessionId() == ended)) {
                dropped += 2;
            } else {
                waiting.add(event);
            }
        } else {
            dropped++;
            if (event instanceof PeerEvent.ConnectionReady unseen) {
                leftOut.add(unseen.sessionId());
            }
        }
    }

    @Override
    public @Nullable PeerEvent poll() {
        if (dropped > 0) {
            PeerEvent.EventsDropped told = new PeerEvent.EventsDropped(dropped);
            dropped = 0;
            return told;
        }
        return waiting.poll();
    }

    @Override
    public boolean isEmpty() {
        return dropped == 0 && waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    @Override
    public void clear() {
        waiting.clear();
        leftOut.clear();
        dropped = 0;
    }

    /** The session of which the event tells the end; -1 if of none. */
    static long endedSession(PeerEvent event) {
        if (event instanceof PeerEvent.ConnectionClosed end) {
            return end.sessionId();
        }
        return event instanceof PeerEvent.ConnectionLost end ? end.sessionId() : -1;
    }
}
