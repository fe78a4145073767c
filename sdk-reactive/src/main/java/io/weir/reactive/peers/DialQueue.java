package io.weir.reactive.peers;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The peers that are to be dialled, first come first served, so many at once. Holds each at most once. Touched on the
 * peers' loop only.
 */
final class DialQueue {

    private final int most;
    private final Set<KeptPeer> waiting = new LinkedHashSet<>();
    private int running;
    private boolean serving;

    DialQueue(int most) {
        this.most = most;
    }

    /** Waits for its turn, which may come at once: {@link KeptPeer#dial}. */
    void enter(KeptPeer peer) {
        waiting.add(peer);
        serve();
    }

    /** Does not wait any more. */
    void leave(KeptPeer peer) {
        waiting.remove(peer);
    }

    /** A dial has ended. */
    void ended() {
        running--;
        serve();
    }

    void clear() {
        waiting.clear();
    }

    private void serve() {
        if (serving) {
            return;
        }
        serving = true;
        try {
            while (running < most && !waiting.isEmpty()) {
                KeptPeer next = waiting.iterator().next();
                waiting.remove(next);
                running++;
                next.dial();
            }
        } finally {
            serving = false;
        }
    }
}
