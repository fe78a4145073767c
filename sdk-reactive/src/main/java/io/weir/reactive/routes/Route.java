package io.weir.reactive.routes;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import io.weir.reactive.SessionState;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A peer's number, and the link of its latest session while that lives. Thread safe. */
final class Route {

    private final Target target;
    private final PeerId peer;
    private final AtomicReference<@Nullable RouteLink> link = new AtomicReference<>();
    private volatile boolean asked;

    Route(Target target, PeerId peer) {
        this.target = target;
        this.peer = peer;
    }

    Target target() {
        return target;
    }

    PeerId peer() {
        return peer;
    }

    /** The program has asked for it: it is not given to anybody else. */
    void keep() {
        asked = true;
    }

    /** Nobody asked for it, and the peer is gone. */
    boolean dispensable() {
        return !asked && link.get() == null;
    }

    @Nullable
    RouteLink link() {
        return link.get();
    }

    /** There is a link. One whose session is on its way out takes the place of no other, for it may be told late. */
    void linked(RouteLink latest) {
        link.updateAndGet(other -> other != null && latest.session().state() != SessionState.READY ? other : latest);
        if (latest.hasEnded()) {
            unlinked(latest);
        }
    }

    void unlinked(RouteLink ended) {
        link.compareAndSet(ended, null);
    }
}
