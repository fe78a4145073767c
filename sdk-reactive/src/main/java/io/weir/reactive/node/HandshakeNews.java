package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.setup.SessionSetup;
import io.weir.reactive.transport.Establisher;
import org.jspecify.annotations.Nullable;

/** What a node tells its observer of one handshake. On the connection's loop. */
final class HandshakeNews {

    private final NodeObserver observer;
    private final long sessionId;
    private final Establisher connection;
    private final boolean initiator;
    private final long begunNanos;

    private HandshakeNews(NodeObserver observer, long sessionId, Establisher connection, boolean initiator) {
        this.observer = observer;
        this.sessionId = sessionId;
        this.connection = connection;
        this.initiator = initiator;
        begunNanos = connection.loop().nowNanos();
    }

    /** Who is told of the outcome of a handshake that begins now: the observer, if there is one, and then these. */
    static SessionSetup.Outcome before(
            SessionSetup.Outcome outcome,
            @Nullable NodeObserver observer,
            long id,
            Establisher connection,
            boolean initiator) {
        if (observer == null) {
            return outcome;
        }
        HandshakeNews news = begun(observer, id, connection, initiator);
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

    /** A connection is turned away before its handshake. */
    static void refused(@Nullable NodeObserver observer, long id, Establisher connection, CloseReason reason) {
        if (observer != null) {
            begun(observer, id, connection, false).tell(null, reason);
        }
    }

    private static HandshakeNews begun(NodeObserver observer, long id, Establisher connection, boolean initiator) {
        observer.onHandshakeBegun(id, connection.transport(), connection.remoteAddress(), initiator);
        return new HandshakeNews(observer, id, connection, initiator);
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
                sessionId,
                connection.transport(),
                connection.remoteAddress(),
                initiator,
                connection.loop().nowNanos() - begunNanos,
                peer,
                failure));
    }
}
