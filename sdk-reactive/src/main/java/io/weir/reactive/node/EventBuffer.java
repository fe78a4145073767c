package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import org.jspecify.annotations.Nullable;

/** What waits for one subscriber of a node's events, with a bound and a policy of its own. Not thread safe. */
interface EventBuffer {

    /** Something has happened: keeps it, or not. */
    void offer(PeerEvent event);

    /** The next to be told; null if there is none. */
    @Nullable
    PeerEvent poll();

    boolean isEmpty();

    /** Lets go of everything. */
    void clear();
}
