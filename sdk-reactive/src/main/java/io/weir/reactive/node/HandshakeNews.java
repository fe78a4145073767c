package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.setup.SessionSetup;
import io.weir.reactive.transport.Link;
import org.jspecify.annotations.Nullable;

/** What a node tells its observer of one handshake. On the link's loop. */
final class HandshakeNews {

    private final NodeObserver observer;
    private final long sessionId;
    private final Link link;
    private final boolean initiator;
    private final long begunNanos;

    private HandshakeNews(NodeObserver observer, long sessionId, Link link, boolean initiator) {
        this.observer = observer;
        this.sessionId = sessionId;
        this.link = link;
        this.initiator = initiator;
        begunNanos = link.loop().nowNanos();
    }

    /** Who is told of the outcome of a handshake that begins now: the observer, if there is one, and then these. */
    static SessionSetup.Outcome before(
            SessionSetup.Outcome outcome, @Nullable NodeObserver observer, long id, Link link, boolean initiator) {
        if (observer == null) {
            return outcome;
        }
        HandshakeNews news = new HandshakeNews(observer, id, link, initiator);
        return new SessionSetup.Outcome(
                session -> {
                    news.ledTo(session);
                    outcome.ready().accept(session);
                },
                reason -> {
                    news.tell(null, reason);
                    outcome.failed().accept(reason);
                });
    }

    /** To a session, which may be another one with the peer. */
    private void ledTo(Session session) {
        tell(
                session.peer(),
                session.id() == sessionId
                        ? null
                        : CloseReason.local(ErrorCode.DUPLICATE_SESSION, "leads to " + session));
    }

    private void tell(@Nullable PeerId peer, @Nullable CloseReason failure) {
        observer.onHandshake(new NodeObserver.Handshake(
                sessionId, link.remoteAddress(), initiator, link.loop().nowNanos() - begunNanos, peer, failure));
    }
}
