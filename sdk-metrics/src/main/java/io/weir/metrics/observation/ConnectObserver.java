package io.weir.metrics.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeObserver;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Observes dials and inbound connections. As many are kept as are under way, whose number the nodes' limits bound. Each is the root of a trace: what is dialled is shared by all who want it. Any thread.
 */
final class ConnectObserver implements NodeObserver {

    private record Begun(Observation observation, WeirConnectContext context) {}

    /** Sessions are numbered by each node for itself. */
    private record Inbound(long sessionId, SocketAddress remoteAddress) {}

    private final Observing<WeirConnectContext> connects;
    private final Map<Long, Begun> dials = new ConcurrentHashMap<>();
    private final Map<Inbound, Begun> inbound = new ConcurrentHashMap<>();

    ConnectObserver(ObservationRegistry registry, ObservationOptions options) {
        connects =
                new Observing<>(registry, options.connect(), DefaultConventions.CONNECT, WeirConnectContext::described);
    }

    @Override
    public void onDialBegun(long dial, PeerAddress address) {
        WeirConnectContext context = new WeirConnectContext(address.scheme(), address.toString());
        begin(dials, dial, WeirObservation.CLIENT_CONNECT, context);
    }

    @Override
    public void onDial(Dial dial) {
        end(dials.remove(dial.id()), dial.address().expected(), dial.failure());
    }

    @Override
    public void onHandshakeBegun(long sessionId, String transport, SocketAddress remoteAddress, boolean initiator) {
        if (!initiator) {
            WeirConnectContext context = new WeirConnectContext(transport, remoteAddress.toString());
            begin(inbound, new Inbound(sessionId, remoteAddress), WeirObservation.SERVER_CONNECT, context);
        }
    }

    @Override
    public void onHandshake(Handshake handshake) {
        if (!handshake.initiator()) {
            Inbound connection = new Inbound(handshake.sessionId(), handshake.remoteAddress());
            end(inbound.remove(connection), handshake.peer(), handshake.failure());
        }
    }

    private <K> void begin(Map<K, Begun> running, K key, WeirObservation what, WeirConnectContext context) {
        Observation observation = connects.begin(what, context, Observation.NOOP);
        if (observation != null) {
            running.put(key, new Begun(observation, context));
        }
    }

    private void end(@Nullable Begun begun, @Nullable PeerId peer, @Nullable CloseReason failure) {
        if (begun != null) {
            begun.context.ended(peer, failure);
            connects.end(begun.observation, begun.context, ending -> {
                if (failure != null) {
                    ending.error(new ConnectException(failure));
                }
            });
        }
    }

    /** Connects under way, for leak checks. */
    int kept() {
        return dials.size() + inbound.size();
    }
}
