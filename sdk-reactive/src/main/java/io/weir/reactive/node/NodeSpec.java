package io.weir.reactive.node;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.session.Handlers;
import io.weir.reactive.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What a node is to be, as one immutable value.
 *
 * @param timers where peers are kept; null is Reactor's parallel one
 * @param randomness whence the node's keys and numbers come; null, as it must be but in a simulation, is a secure source
 */
public record NodeSpec(
        @Nullable Identity nodeIdentity,
        List<PeerAddress> listenOn,
        PeerAdmission peerAdmission,
        @Nullable NetworkKey psk,
        CipherSuite suite,
        Handlers handlers,
        NodeLimits nodeLimits,
        ConnectionPolicy connectionPolicy,
        @Nullable Scheduler timers,
        Map<String, Transport> transports,
        List<Consumer<? super PeerEvent>> observers,
        @Nullable RandomBytes randomness)
        implements PeerNodeSpec {

    public NodeSpec {
        listenOn = List.copyOf(listenOn);
        transports = Map.copyOf(transports);
        observers = List.copyOf(observers);
    }

    /** A fresh identity, no listener, everyone admitted. */
    public static NodeSpec defaults() {
        return new NodeSpec(
                null,
                List.of(),
                PeerAdmission.allowAll(),
                null,
                CipherSuite.AESGCM,
                Handlers.none(),
                NodeLimits.defaults(),
                ConnectionPolicy.defaults(),
                null,
                Map.of(),
                List.of(),
                null);
    }

    @Override
    public PeerNodeSpec identity(Identity identity) {
        return new NodeSpec(
                Objects.requireNonNull(identity, "identity"),
                listenOn,
                peerAdmission,
                psk,
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec listen(PeerAddress address) {
        List<PeerAddress> more = new ArrayList<>(listenOn);
        more.add(Objects.requireNonNull(address, "address"));
        return new NodeSpec(
                nodeIdentity,
                more,
                peerAdmission,
                psk,
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec admission(PeerAdmission admission) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                Objects.requireNonNull(admission, "admission"),
                psk,
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec networkKey(NetworkKey key) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                Objects.requireNonNull(key, "key"),
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec cipher(CipherSuite cipher) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                Objects.requireNonNull(cipher, "cipher"),
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec onStream(String name, StreamHandler handler) {
        return withHandlers(handlers.withStream(name, new Handlers.ForStream(handler, null)));
    }

    @Override
    public PeerNodeSpec onStream(String name, StreamConfig config, StreamHandler handler) {
        return withHandlers(
                handlers.withStream(name, new Handlers.ForStream(handler, Objects.requireNonNull(config, "config"))));
    }

    @Override
    public PeerNodeSpec onRequest(String route, RequestHandler handler) {
        return withHandlers(handlers.withRequest(route, handler));
    }

    @Override
    public PeerNodeSpec onMessage(String name, MessageHandler handler) {
        return withHandlers(handlers.withMessage(name, handler));
    }

    private PeerNodeSpec withHandlers(Handlers more) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                suite,
                more,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec limits(NodeLimits limits) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                suite,
                handlers,
                Objects.requireNonNull(limits, "limits"),
                connectionPolicy,
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec connections(ConnectionPolicy policy) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                suite,
                handlers,
                nodeLimits,
                Objects.requireNonNull(policy, "policy"),
                timers,
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec scheduler(Scheduler scheduler) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                Objects.requireNonNull(scheduler, "scheduler"),
                transports,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec transport(Transport transport) {
        Map<String, Transport> more = new HashMap<>(transports);
        more.put(transport.scheme(), transport);
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                more,
                observers,
                randomness);
    }

    @Override
    public PeerNodeSpec onEvent(Consumer<? super PeerEvent> observer) {
        List<Consumer<? super PeerEvent>> more = new ArrayList<>(observers);
        more.add(Objects.requireNonNull(observer, "observer"));
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                more,
                randomness);
    }

    /**
     * The same node with all of its randomness from there: what makes a simulation repeatable, and every secret
     * predictable. Not a part of {@link PeerNodeSpec}, so that no program does it by mistake.
     */
    public NodeSpec predictable(RandomBytes randomness) {
        return new NodeSpec(
                nodeIdentity,
                listenOn,
                peerAdmission,
                psk,
                suite,
                handlers,
                nodeLimits,
                connectionPolicy,
                timers,
                transports,
                observers,
                Objects.requireNonNull(randomness, "randomness"));
    }

    @Override
    public Mono<PeerNode> start() {
        return Mono.defer(() -> new Node(this).bind());
    }

    @Override
    public PeerNode startNow(Duration timeout) {
        return Objects.requireNonNull(start().block(timeout), "a node");
    }
}
