package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.session.Session;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What a node tells of its sessions, in its log, as events and to its observer. Any thread; of one session on its loop. */
final class SessionNews {

    private final Logger log;
    private final EventHub events;
    private final @Nullable NodeObserver observer;

    SessionNews(Logger log, EventHub events, @Nullable NodeObserver observer) {
        this.log = log;
        this.events = events;
        this.observer = observer;
    }

    void ready(Session session) {
        log.info(
                "Session {} with {} at {} is ready{}",
                session.id(),
                session.peer(),
                session.remoteAddress(),
                session.initiator() ? "" : ", inbound");
        events.publish(new PeerEvent.ConnectionReady(
                session.peer(), session.remoteAddress(), session.id(), session.initiator()));
        if (observer != null) {
            observer.onSessionReady(session);
        }
    }

    void moved(Session session, SocketAddress before) {
        log.info("The peer of {} has moved from {} to {}", session, before, session.remoteAddress());
        events.publish(new PeerEvent.ConnectionMoved(session.peer(), before, session.remoteAddress(), session.id()));
    }

    void cutOff(Session session, int streams, int requests) {
        log.warn("{} is drained no longer: {} streams and {} requests are cut off", session, streams, requests);
        events.publish(
                new PeerEvent.DrainCutOff(session.peer(), session.remoteAddress(), session.id(), streams, requests));
    }

    /** @param clean an authenticated END was said by either side; else it is lost, after so long a silence */
    void over(Session session, CloseReason reason, boolean clean, Duration silence) {
        log.info("Session {} with {} is over: {}", session.id(), session.peer(), reason);
        events.publish(
                clean
                        ? new PeerEvent.ConnectionClosed(session.peer(), session.remoteAddress(), session.id(), reason)
                        : new PeerEvent.ConnectionLost(
                                session.peer(), session.remoteAddress(), session.id(), reason, silence));
        if (observer != null) {
            observer.onSessionEnded(session, reason);
        }
    }
}
