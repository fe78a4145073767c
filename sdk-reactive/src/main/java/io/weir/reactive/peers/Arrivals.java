package io.weir.reactive.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerSession;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.MonoSink;

/**
 * Those who wait for a session with a peer, each until it comes, it is cancelled or the node closes; for one peer no more than
 * that many. Loop-confined.
 */
final class Arrivals {

    private final int most;
    private final Map<PeerId, Set<MonoSink<PeerSession>>> waiting = new HashMap<>();

    Arrivals(int most) {
        this.most = most;
    }

    /** Too many wait already. */
    static WeirException crowded(String who) {
        return new ConnectException(CloseReason.local(ErrorCode.TOO_MANY_REQUESTS)).about("awaiting " + who);
    }

    /** False if too many wait already. */
    boolean await(PeerId peer, MonoSink<PeerSession> sink) {
        Set<MonoSink<PeerSession>> sinks = waiting.computeIfAbsent(peer, p -> new LinkedHashSet<>());
        return sinks.size() < most && sinks.add(sink);
    }

    void forget(PeerId peer, MonoSink<PeerSession> sink) {
        waiting.computeIfPresent(peer, (p, sinks) -> {
            sinks.remove(sink);
            return sinks.isEmpty() ? null : sinks;
        });
    }

    void onReady(PeerSession session) {
        Set<MonoSink<PeerSession>> sinks = waiting.remove(session.peer());
        if (sinks != null) {
            List.copyOf(sinks).forEach(sink -> sink.success(session));
        }
    }

    void fail(CloseReason reason) {
        Map<PeerId, Set<MonoSink<PeerSession>>> all = Map.copyOf(waiting);
        waiting.clear();
        all.forEach((id, sinks) -> List.copyOf(sinks)
                .forEach(sink -> sink.error(new ConnectException(reason).about("awaiting peer " + id))));
    }
}
