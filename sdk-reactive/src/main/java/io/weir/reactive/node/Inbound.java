package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.Reject;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.session.SessionSettings;
import io.weir.reactive.session.setup.SessionSetup;
import io.weir.reactive.session.setup.SetupHost;
import io.weir.reactive.transport.Link;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Takes in the connections that peers make: each becomes the setup of a session, or is refused before any cryptography,
 * because there are too many handshakes or too many connections from its source. Called on the links' loops.
 */
final class Inbound {

    private static final Logger LOG = LoggerFactory.getLogger(Inbound.class);

    private final SessionSettings settings;
    private final SetupHost host;
    private final Setups setups;
    private final EventHub events;
    private final Sources sources;
    private final AtomicInteger handshakes = new AtomicInteger();

    Inbound(SessionSettings settings, SetupHost host, Setups setups, EventHub events) {
        this.settings = settings;
        this.host = host;
        this.setups = setups;
        this.events = events;
        this.sources = new Sources(settings.limits().maxSessionsPerAddress());
    }

    void accept(Link link) {
        Setups.Handle handle = setups.begin();
        if (handle == null) {
            link.close();
            return;
        }
        long id = handle.sessionId();
        ErrorCode refusal = enter(link);
        if (refusal != null) {
            turnAway(link, refusal);
            refused(link, id, CloseReason.local(refusal));
            handle.settled();
            return;
        }
        LOG.debug("Inbound connection from {} becomes session {}", link.remoteAddress(), id);
        SessionSetup.Outcome outcome = new SessionSetup.Outcome(
                session -> {
                    handshakes.decrementAndGet();
                    handle.settled();
                },
                reason -> {
                    // its link lingers: until it is closed it counts as a handshake
                    link.onClose().subscribe(null, null, handshakes::decrementAndGet);
                    refused(link, id, reason);
                    handle.settled();
                });
        handle.started(SessionSetup.respond(
                settings, host, id, link, HandshakeNews.before(outcome, settings.observer(), id, link, false)));
    }

    /** Counts the connection, or says why not. From its source it counts until its link is closed. */
    private @Nullable ErrorCode enter(Link link) {
        SocketAddress from = link.remoteAddress();
        if (!sources.enter(from)) {
            return ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS;
        }
        if (handshakes.incrementAndGet() > settings.limits().maxHandshakes()) {
            handshakes.decrementAndGet();
            sources.leave(from);
            return ErrorCode.TOO_MANY_HANDSHAKES;
        }
        link.onClose().subscribe(null, null, () -> sources.leave(from));
        return null;
    }

    /** Says why, as far as that can be had without waiting for the peer: a crowd at the door must not cost memory. */
    private static void turnAway(Link link, ErrorCode code) {
        link.send(Mono.just(ByteBuffer.wrap(Reject.of(code).encode()))).subscribe(null, e -> {});
        link.close();
    }

    private void refused(Link link, long id, CloseReason reason) {
        LOG.debug("Inbound connection from {}, session {}, is refused: {}", link.remoteAddress(), id, reason);
        events.publish(new PeerEvent.InboundRefused(link.remoteAddress(), reason));
    }
}
