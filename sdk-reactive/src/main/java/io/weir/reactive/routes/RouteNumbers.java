package io.weir.reactive.routes;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import io.weir.reactive.NoTargetException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Which peer has which number. Thread safe. */
final class RouteNumbers {

    private final Map<PeerId, Route> byPeer = new ConcurrentHashMap<>();
    private final Map<Integer, Route> byNumber = new ConcurrentHashMap<>();
    private final AtomicInteger cursor = new AtomicInteger();

    Target next() {
        int from = cursor.get();
        for (int i = 0; i < Target.COUNT; i++) {
            int number = Math.floorMod(from + i, Target.COUNT);
            if (!byNumber.containsKey(number)) {
                return new Target(number);
            }
        }
        throw new NoTargetException();
    }

    /** The route of that peer, made if there is none. */
    Route route(PeerId peer) {
        Route known;
        while ((known = byPeer.get(peer)) == null) {
            enter(make(peer));
        }
        return known;
    }

    /** Unless another thread has made one for that peer first, or has removed this one already. */
    private void enter(Route made) {
        if (byPeer.putIfAbsent(made.peer(), made) != null) {
            byNumber.remove(made.target().number(), made);
        } else if (byNumber.get(made.target().number()) != made) {
            byPeer.remove(made.peer(), made);
        }
    }

    @Nullable
    Route get(PeerId peer) {
        return byPeer.get(peer);
    }

    @Nullable
    Route get(Target target) {
        return byNumber.get(target.number());
    }

    @Nullable
    Route remove(Target target) {
        Route removed = byNumber.remove(target.number());
        if (removed != null) {
            byPeer.remove(removed.peer(), removed);
        }
        return removed;
    }

    Collection<Route> all() {
        return byNumber.values();
    }

    private Route make(PeerId peer) {
        for (int i = 0; i < Target.COUNT; i++) {
            int number = Math.floorMod(cursor.getAndIncrement(), Target.COUNT);
            Route made = new Route(new Target(number), peer);
            if (byNumber.putIfAbsent(number, made) == null) {
                return made;
            }
        }
        for (Route old : byNumber.values()) {
            Route made = new Route(old.target(), peer);
            if (old.dispensable() && byNumber.replace(old.target().number(), old, made)) {
                byPeer.remove(old.peer(), old);
                return made;
            }
        }
        throw new NoTargetException();
    }
}
