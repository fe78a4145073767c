package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that one subscriber has not seen yet, in the order in which they became ready, each only while it lives:
 * never more than there are live sessions, and none of them is left out however slow the subscriber is.
 */
final class LiveSessions implements EventBuffer {

    private final Map<Long, PeerEvent.ConnectionReady> unseen = new LinkedHashMap<>();

    @Override
    public void offer(PeerEvent event) {
        if (event instanceof PeerEvent.ConnectionReady ready) {
            unseen.put(ready.sessionId(), ready);
        } else {
            unseen.remove(EventQueue.endedSession(event));
        }
    }

    @Override
    public @Nullable PeerEvent poll() {
        Iterator<PeerEvent.ConnectionReady> first = unseen.values().iterator();
        if (!first.hasNext()) {
            return null;
        }
        PeerEvent.ConnectionReady ready = first.next();
        first.remove();
        return ready;
    }

    @Override
    public boolean isEmpty() {
        return unseen.isEmpty();
    }

    @Override
    public void clear() {
        unseen.clear();
    }
}
