package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.setup.SessionSetup;
import io.weir.reactive.transport.Establisher;
import org.jspecify.annotations.Nullable;

/** What a node counts of its handshakes, and tells its observer. Of each on its connection's loop. */
final class HandshakeNews {

    private final ConnectionTally tally;
    private final @Nullable NodeObserver observer;

    HandshakeNews(ConnectionTally tally, @Nullable NodeObserver observer) {
        this.tally = tally;
        this.observer = observer;
    }

    /** Who is told of the outcome of a handshake that begins now: the counts, the observer, if there is one, and then these. */
    SessionSetup.Outcome before(SessionSetup.Outcome outcome, long id, Establisher connection, boolean initiator) {
        OfHandshake news = new OfHandshake(id, connection, initiator);
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
    void refused(long id, Establisher connection, CloseReason reason) {
        new OfHandshake(id, connection, false).tell(null, reason);
    }

    /** One handshake. */
    private final class OfHandshake {
        private final long sessionId;
        private final Establisher connection;
        private final boolean initiator;
        private final ConnectionTally.Row row;
        private final long begunNanos;

        OfHandshake(long sessionId, Establisher connection, boolean initiator) {
            this.sessionId = sessionId;
            this.connection = connection;
            this.initiator = initiator;
            row = tally.of(connection.transport(), initiator);
            row.begins();
            begunNanos = connection.loop().nowNanos();
            if (observer != null) {
                observer.onHandshakeBegun(sessionId, connection.transport(), connection.remoteAddress(), initiator);
            }
        }

        /** To a session, which may be another one with the peer. */
        void ledTo(Session session) {
            tell(
                    session.peer(),
                    session.id() == sessionId
                            ? null
                            : CloseReason.local(ErrorCode.DUPLICATE_SESSION, "leads to " + session));
        }

        void tell(@Nullable PeerId peer, @Nullable CloseReason failure) {
            if (failure != null) {
                row.fails(failure.error());
            }
            if (observer != null) {
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
    }
}
