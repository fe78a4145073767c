package io.weir.reactive.node;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.FastDatagram;
import io.weir.core.error.Legal;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.FastPathHandler;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Interceptor;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.NativeCipher;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.session.Handlers;
import io.weir.reactive.session.stream.DeclaredStream;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What a node is to be, as one immutable value.
 *
 * @param nativeUse whether native code may seal records
 * @param recordProvider who seals them, whatever is there; null, as it must be but in a test, is a choice by {@code nativeUse}
 * @param timers where peers are kept; null is Reactor's parallel one
 * @param randomness whence the node's keys and numbers come; null, as it must be but in a simulation, is a secure source
 */
public record NodeSpec(
        @Nullable Identity nodeIdentity,
        List<ListenPlace> listenOn,
        PeerAdmission peerAdmission,
        @Nullable NetworkKey psk,
        CipherSuite suite,
        NativeCipher nativeUse,
        @Nullable CipherProvider recordProvider,
        Handlers handlers,
        Map<Integer, FastPathHandler> fastPaths,
        NodeLimits nodeLimits,
        ConnectionPolicy connectionPolicy,
        @Nullable Scheduler timers,
        Map<String, Transport> transports,
        TcpOptions tcpOptions,
        UdpOptions udpOptions,
        List<Consumer<? super PeerEvent>> observers,
        List<Consumer<? super HandlerError>> errorHooks,
        List<NodeObserver> nodeObservers,
        List<Interceptor> interceptors,
        @Nullable RandomBytes randomness)
        implements PeerNodeSpec {

    public NodeSpec {
        listenOn = List.copyOf(listenOn);
        fastPaths = Map.copyOf(fastPaths);
        transports = Map.copyOf(transports);
        observers = List.copyOf(observers);
        errorHooks = List.copyOf(errorHooks);
        nodeObservers = List.copyOf(nodeObservers);
        interceptors = List.copyOf(interceptors);
    }

    /** A fresh identity, no listener, everyone admitted. */
    public static NodeSpec defaults() {
        return new NodeSpec(
                null,
                List.of(),
                PeerAdmission.allowAll(),
                null,
                CipherSuite.AESGCM,
                NativeCipher.IF_PRESENT,
                null,
                Handlers.none(),
                Map.of(),
                NodeLimits.defaults(),
                ConnectionPolicy.defaults(),
                null,
                Map.of(),
                TcpOptions.defaults(),
                UdpOptions.defaults(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    @Override
    public PeerNodeSpec identity(Identity identity) {
        Objects.requireNonNull(identity, "identity");
        return with(draft -> draft.nodeIdentity = identity);
    }

    @Override
    public PeerNodeSpec listen(PeerAddress address) {
        return listen(ListenPlace.at(Objects.requireNonNull(address, "address")));
    }

    @Override
    public PeerNodeSpec listenOnOnePort(String host, int port) {
        return listenOnOnePort(host, port, PeerAddress.TCP, PeerAddress.UDP);
    }

    @Override
    public PeerNodeSpec listenOnOnePort(String host, int port, String... schemes) {
        return listen(ListenPlace.onePort(host, port, schemes));
    }

    private PeerNodeSpec listen(ListenPlace place) {
        List<ListenPlace> more = new ArrayList<>(listenOn);
        more.add(place);
        return with(draft -> draft.listenOn = more);
    }

    @Override
    public PeerNodeSpec admission(PeerAdmission admission) {
        Objects.requireNonNull(admission, "admission");
        return with(draft -> draft.peerAdmission = admission);
    }

    @Override
    public PeerNodeSpec networkKey(NetworkKey key) {
        Objects.requireNonNull(key, "key");
        return with(draft -> draft.psk = key);
    }

    @Override
    public PeerNodeSpec cipher(CipherSuite cipher) {
        Objects.requireNonNull(cipher, "cipher");
        return with(draft -> draft.suite = cipher);
    }

    @Override
    public PeerNodeSpec nativeCipher(NativeCipher use) {
        Objects.requireNonNull(use, "use");
        return with(draft -> draft.nativeUse = use);
    }

    @Override
    public PeerNodeSpec onStream(String name, StreamHandler handler) {
        return withHandlers(handlers.withStream(name, new DeclaredStream(handler, null)));
    }

    @Override
    public PeerNodeSpec onStream(String name, StreamConfig config, StreamHandler handler) {
        return withHandlers(
                handlers.withStream(name, new DeclaredStream(handler, Objects.requireNonNull(config, "config"))));
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
        return with(draft -> draft.handlers = more);
    }

    @Override
    public PeerNodeSpec fastPath(int command, FastPathHandler handler) {
        Legal.range("command", command, 0, FastDatagram.MOST_COMMAND);
        Map<Integer, FastPathHandler> more = new HashMap<>(fastPaths);
        if (more.putIfAbsent(command, Objects.requireNonNull(handler, "handler")) != null) {
            throw new IllegalArgumentException("there is a handler for command " + command + " already");
        }
        return with(draft -> draft.fastPaths = more);
    }

    @Override
    public PeerNodeSpec limits(NodeLimits limits) {
        Objects.requireNonNull(limits, "limits");
        return with(draft -> draft.nodeLimits = limits);
    }

    @Override
    public PeerNodeSpec connections(ConnectionPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(draft -> draft.connectionPolicy = policy);
    }

    @Override
    public PeerNodeSpec scheduler(Scheduler scheduler) {
        Objects.requireNonNull(scheduler, "scheduler");
        return with(draft -> draft.timers = scheduler);
    }

    @Override
    public PeerNodeSpec transport(Transport transport) {
        Map<String, Transport> more = new HashMap<>(transports);
        more.put(transport.scheme(), transport);
        return with(draft -> draft.transports = more);
    }

    @Override
    public PeerNodeSpec tcp(TcpOptions options) {
        Objects.requireNonNull(options, "options");
        return with(draft -> draft.tcpOptions = options);
    }

    @Override
    public PeerNodeSpec udp(UdpOptions options) {
        Objects.requireNonNull(options, "options");
        return with(draft -> draft.udpOptions = options);
    }

    @Override
    public PeerNodeSpec onEvent(Consumer<? super PeerEvent> observer) {
        List<Consumer<? super PeerEvent>> more = new ArrayList<>(observers);
        more.add(Objects.requireNonNull(observer, "observer"));
        return with(draft -> draft.observers = more);
    }

    @Override
    public PeerNodeSpec onHandlerError(Consumer<? super HandlerError> hook) {
        List<Consumer<? super HandlerError>> more = new ArrayList<>(errorHooks);
        more.add(Objects.requireNonNull(hook, "hook"));
        return with(draft -> draft.errorHooks = more);
    }

    @Override
    public PeerNodeSpec observer(NodeObserver observer) {
        List<NodeObserver> more = new ArrayList<>(nodeObservers);
        more.add(Objects.requireNonNull(observer, "observer"));
        return with(draft -> draft.nodeObservers = more);
    }

    @Override
    public PeerNodeSpec intercept(Interceptor interceptor) {
        List<Interceptor> more = new ArrayList<>(interceptors);
        more.add(Objects.requireNonNull(interceptor, "interceptor"));
        return with(draft -> draft.interceptors = more);
    }

    @Override
    public PeerNodeSpec context(
            BiFunction<? super ContextView, ? super Headers, Headers> toHeaders,
            BiFunction<? super Headers, ? super Context, Context> toContext) {
        return intercept(new CarriedContext(toHeaders, toContext));
    }

    /**
     * The same node with all of its randomness from there: what makes a simulation repeatable, and every secret
     * predictable. Not a part of {@link PeerNodeSpec}, so that no program does it by mistake.
     */
    public NodeSpec predictable(RandomBytes randomness) {
        Objects.requireNonNull(randomness, "randomness");
        return with(draft -> draft.randomness = randomness);
    }

    /** The same node with its records sealed by that provider, for tests. */
    public NodeSpec sealedBy(CipherProvider provider) {
        Objects.requireNonNull(provider, "provider");
        return with(draft -> draft.recordProvider = provider);
    }

    @Override
    public Mono<PeerNode> start() {
        return Mono.defer(() -> Readiness.of(this)).flatMap(provider -> new Node(this, provider).listen());
    }

    @Override
    public PeerNode startNow(Duration timeout) {
        return Objects.requireNonNull(start().block(timeout), "a node");
    }

    private NodeSpec with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.spec();
    }

    /** A copy in the making: one component is changed, the others stay. */
    private static final class Draft {
        private @Nullable Identity nodeIdentity;
        private List<ListenPlace> listenOn;
        private PeerAdmission peerAdmission;
        private @Nullable NetworkKey psk;
        private CipherSuite suite;
        private NativeCipher nativeUse;
        private @Nullable CipherProvider recordProvider;
        private Handlers handlers;
        private Map<Integer, FastPathHandler> fastPaths;
        private NodeLimits nodeLimits;
        private ConnectionPolicy connectionPolicy;
        private @Nullable Scheduler timers;
        private Map<String, Transport> transports;
        private TcpOptions tcpOptions;
        private UdpOptions udpOptions;
        private List<Consumer<? super PeerEvent>> observers;
        private List<Consumer<? super HandlerError>> errorHooks;
        private List<NodeObserver> nodeObservers;
        private List<Interceptor> interceptors;
        private @Nullable RandomBytes randomness;

        Draft(NodeSpec from) {
            nodeIdentity = from.nodeIdentity;
            listenOn = from.listenOn;
            peerAdmission = from.peerAdmission;
            psk = from.psk;
            suite = from.suite;
            nativeUse = from.nativeUse;
            recordProvider = from.recordProvider;
            handlers = from.handlers;
            fastPaths = from.fastPaths;
            nodeLimits = from.nodeLimits;
            connectionPolicy = from.connectionPolicy;
            timers = from.timers;
            transports = from.transports;
            tcpOptions = from.tcpOptions;
            udpOptions = from.udpOptions;
            observers = from.observers;
            errorHooks = from.errorHooks;
            nodeObservers = from.nodeObservers;
            interceptors = from.interceptors;
            randomness = from.randomness;
        }

        NodeSpec spec() {
            return new NodeSpec(
                    nodeIdentity,
                    listenOn,
                    peerAdmission,
                    psk,
                    suite,
                    nativeUse,
                    recordProvider,
                    handlers,
                    fastPaths,
                    nodeLimits,
                    connectionPolicy,
                    timers,
                    transports,
                    tcpOptions,
                    udpOptions,
                    observers,
                    errorHooks,
                    nodeObservers,
                    interceptors,
                    randomness);
        }
    }
}
