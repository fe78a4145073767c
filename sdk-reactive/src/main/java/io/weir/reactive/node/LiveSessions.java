package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that one subscriber has not seen yet, in the order in which they became ready, each only while it lives:
 * never more than there are live sessions, and none of them is left out however slow the subscriber is.
 */
final class LiveSessions implements EventBuffer {

    private final EventLine unseen = new EventLine();

    @Override
    public void begin(List<? extends PeerEvent> present) {
        present.forEach(this::offer);
    }

    @Override
    public void offer(PeerEvent event) {
        if (event instanceof PeerEvent.ConnectionReady) {
            unseen.add(event);
        } else {
            unseen.takeBack(EventQueue.endedSession(event));
        }
    }

    @Override
    public @Nullable PeerEvent poll() {
        return unseen.poll();
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
