package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.session.SessionSettings;
import io.weir.reactive.session.setup.SessionSetup;
import io.weir.reactive.session.setup.SetupHost;
import io.weir.reactive.transport.Establisher;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the connections that peers make: each becomes the setup of a session, or is refused before any cryptography,
 * because there are too many handshakes, or too many connections from its source, at a time or in a second. Called on the connections' loops.
 */
final class Inbound {

    private static final Logger LOG = LoggerFactory.getLogger(Inbound.class);

    private final SessionSettings settings;
    private final SetupHost host;
    private final Setups setups;
    private final EventHub events;
    private final Sources sources;
    /** By transport: each may have a clock of its own. */
    private final Map<String, ConnectRate> rates = new ConcurrentHashMap<>();

    private final AtomicInteger handshakes = new AtomicInteger();

    Inbound(SessionSettings settings, SetupHost host, Setups setups, EventHub events) {
        this.settings = settings;
        this.host = host;
        this.setups = setups;
        this.events = events;
        this.sources = new Sources(settings.limits().maxSessionsPerAddress());
    }

    void accept(Establisher connection) {
        Setups.Handle handle = setups.begin();
        if (handle == null) {
            connection.close();
            return;
        }
        long id = handle.sessionId();
        ErrorCode refusal = enter(connection);
        if (refusal != null) {
            // without waiting for the peer: a crowd at the door must not cost memory
            connection.refuse(refusal);
            refused(connection, id, CloseReason.local(refusal));
            setups.news().refused(id, connection, CloseReason.local(refusal));
            handle.settled();
            return;
        }
        LOG.debug("Inbound connection from {} becomes session {}", connection.remoteAddress(), id);
        SessionSetup.Outcome outcome = new SessionSetup.Outcome(
                session -> {
                    handshakes.decrementAndGet();
                    handle.settled();
                },
                reason -> {
                    // it lingers: until it is closed it counts as a handshake
                    connection.onClose().subscribe(null, null, handshakes::decrementAndGet);
                    refused(connection, id, reason);
                    handle.settled();
                });
        handle.started(SessionSetup.respond(
                settings, host, id, connection, setups.news().before(outcome, id, connection, false)));
    }

    /** Counts the connection, or says why not. From its source it counts until it is closed. */
    private @Nullable ErrorCode enter(Establisher connection) {
        SocketAddress from = connection.remoteAddress();
        if (!sources.enter(from)) {
            return ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS;
        }
        ErrorCode refusal = null;
        if (handshakes.incrementAndGet() > settings.limits().maxHandshakes()) {
            refusal = ErrorCode.TOO_MANY_HANDSHAKES;
        } else if (comesTooSoon(connection)) {
            refusal = ErrorCode.TOO_MANY_CONNECTS; // last: who is refused anyhow costs too little to be counted
        }
        if (refusal != null) {
            handshakes.decrementAndGet();
            sources.leave(from);
            return refusal;
        }
        connection.onClose().subscribe(null, null, () -> sources.leave(from));
        return null;
    }

    private boolean comesTooSoon(Establisher connection) {
        long now = connection.loop().nowNanos();
        ConnectRate rate = rates.computeIfAbsent(
                connection.transport(),
                scheme -> new ConnectRate(settings.limits().maxConnectsPerSecond(), settings.hashSeed(), now));
        return !rate.take(connection.remoteAddress(), now);
    }

    private void refused(Establisher connection, long id, CloseReason reason) {
        LOG.debug("Inbound connection from {}, session {}, is refused: {}", connection.remoteAddress(), id, reason);
        events.publish(new PeerEvent.InboundRefused(connection.remoteAddress(), reason));
    }
}
