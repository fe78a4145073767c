package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionReady;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Events in the order in which they were added, out of which a session's Ready can be taken back until it has been polled.
 * Without a bound: who adds looks after that.
 *
 * <p>Threads: one adds and takes back, another one polls. Of a take-back and a poll that meet, one gets the Ready.
 */
final class EventLine {

    private final ConcurrentSkipListMap<Long, PeerEvent> waiting = new ConcurrentSkipListMap<>(); // by number

    // of the thread that adds
    private final Map<Long, Long> readies = new HashMap<>(); // the Ready of a session that has not ended: its number
    private long next;

    void add(PeerEvent event) {
        if (event instanceof ConnectionReady ready) {
            readies.put(ready.sessionId(), next);
        }
        waiting.put(next++, event);
    }

    void addAll(List<? extends PeerEvent> events) {
        events.forEach(this::add);
    }

    /** The session has ended; true if its Ready waited still, and now waits no more. */
    boolean takeBack(long sessionId) {
        Long number = readies.remove(sessionId);
        return number != null && waiting.remove(number) != null;
    }

    /** The session has ended; its Ready, if it waits still, stays. */
    void keep(long sessionId) {
        readies.remove(sessionId);
    }

    @Nullable
    PeerEvent poll() {
        Map.Entry<Long, PeerEvent> first = waiting.pollFirstEntry();
        return first == null ? null : first.getValue();
    }

    int size() {
        return waiting.size();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** What waits is polled by nobody. */
    void clear() {
        waiting.clear();
    }
}
