package io.weir.reactive.node;

import io.weir.reactive.PeerEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one subscriber of a node's events, with a bound and a policy of its own.
 *
 * <p>Threads: one offers, the hub; one takes, whoever drains the subscription; at the same time.
 */
interface EventBuffer {

    /** What is the case when the subscriber comes: kept whole, before anything is offered. */
    void begin(List<? extends PeerEvent> present);

    /** Something has happened: keeps it, or not. */
    void offer(PeerEvent event);

    /** The next to be told; null if there is none. */
    @Nullable
    PeerEvent poll();

    boolean isEmpty();

    /** Lets go of what waits, on the side that takes. */
    void clear();
}
