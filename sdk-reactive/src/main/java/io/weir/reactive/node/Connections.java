package io.weir.reactive.node;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.session.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Shows a node's live sessions as connections, and finds them by where they lead. Any thread. */
final class Connections {

    /** Where two sessions fit, that which takes new streams, else the later one. */
    private static final Comparator<Session> BEST =
            Comparator.comparing(Session::takesNew).thenComparing(Session::id);

    private final NodeSessions sessions;
    private final Dials dials;

    Connections(NodeSessions sessions, Dials dials) {
        this.sessions = sessions;
        this.dials = dials;
    }

    /** As {@link io.weir.reactive.PeerNode#connections()}. */
    List<ConnectionInfo> list() {
        return sessions.list().stream().map(Session::info).toList();
    }

    /** As {@link io.weir.reactive.PeerNode#connection(SocketAddress)}. */
    Optional<ConnectionInfo> at(SocketAddress address) {
        return best(session -> session.remoteAddress().equals(address));
    }

    /** As {@link io.weir.reactive.PeerNode#connection(PeerAddress)}. */
    Optional<ConnectionInfo> at(PeerAddress address) {
        PeerId expected = address.expected();
        if (expected != null) {
            return best(session -> session.peer().equals(expected));
        }
        Session dialled = dials.session(address);
        return best(session -> session == dialled || isFarEnd(session, address));
    }

    private Optional<ConnectionInfo> best(Predicate<Session> fits) {
        return sessions.list().stream().filter(fits).max(BEST).map(Session::info);
    }

    private static boolean isFarEnd(Session session, PeerAddress address) {
        if (!session.transport().equals(address.scheme())) {
            return false;
        }
        return session.remoteAddress() instanceof InetSocketAddress end
                ? end.getPort() == address.port() && isOf(end.getAddress(), address)
                : session.remoteAddress().toString().equals(address.toString());
    }

    private static boolean isOf(InetAddress end, PeerAddress address) {
        try {
            return address.isLiteral() && InetAddress.getByName(address.host()).equals(end);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
