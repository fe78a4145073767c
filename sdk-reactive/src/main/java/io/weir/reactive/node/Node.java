package io.weir.reactive.node;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.ConnectionManager;
import io.weir.reactive.DialStage;
import io.weir.reactive.FastPathStats;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Routes;
import io.weir.reactive.VoteOptions;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.observer.Observers;
import io.weir.reactive.peers.WantedPeers;
import io.weir.reactive.routes.RouteTable;
import io.weir.reactive.session.HandlerErrors;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.SessionSettings;
import io.weir.reactive.session.carrier.NoiseHandshakes;
import io.weir.reactive.session.carrier.RecordBuffers;
import io.weir.reactive.session.dispatch.Dispatch;
import io.weir.reactive.session.dispatch.Interceptors;
import io.weir.reactive.session.memory.NodeMemory;
import io.weir.reactive.session.memory.PayloadReservations;
import io.weir.reactive.session.port.FastPaths;
import io.weir.reactive.session.port.NodePorts;
import io.weir.reactive.session.stream.DeclaredStream;
import io.weir.reactive.stats.RequestCounts;
import io.weir.reactive.stats.Samples;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A running node: puts its parts together, and ends them. Its {@link NodeSessions} live on their links' loops, which may be
 * several threads; what they share is in concurrent maps, and events pass one serialised hub.
 */
final class Node implements PeerNode, NodeSessions.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final NodeSpec spec;
    private final @Nullable NodeObserver observer;
    private final Identity identity;
    private final Transports transports;
    private final NodeMemory memory;
    private final SessionSettings settings;
    private final EventHub events = new EventHub();
    private final Unfinished unfinished = new Unfinished();
    private final ConnectionTally tally = new ConnectionTally();
    private final Setups setups;
    private final FastPaths fastPaths;
    private final NodePorts ports;
    private final NodeVotes votes;
    private final Listeners listeners;
    private final Contests contests;
    private final NodeSessions sessions;
    private final NodeFigures figures;
    private final Samples<NodeStats> samples;
    private final Inbound inbound;
    private final Dials dials;
    private final Connections connections;
    private final WantedPeers wantedPeers;
    private final RouteTable routes = new RouteTable(sessions());
    private final Sinks.One<CloseReason> closed = Sinks.one();

    Node(NodeSpec spec, CipherProvider recordProvider) {
        this(spec, recordProvider, LOG);
    }

    /** A node that tells its sessions to that log. */
    Node(NodeSpec spec, CipherProvider recordProvider, Logger log) {
        this.spec = spec;
        observer = Observers.of(spec.nodeObservers());
        RandomBytes random = randomness(spec);
        Identity given = spec.nodeIdentity();
        identity = given != null ? given : Identity.generate(random);
        setups = new Setups(unfinished, new HandshakeNews(tally, observer));
        transports = new Transports(spec);
        memory = new NodeMemory(spec.nodeLimits().nodeBudgetBytes());
        HandshakeConfig handshake = HandshakeConfig.of(identity, X25519KeyPair.generate(random))
                .withSuite(spec.suite())
                .withRecordProvider(recordProvider)
                .withNetworkKey(spec.psk());
        settings = new SessionSettings(
                handshake,
                random,
                random.nextLong(),
                random.nextLong(),
                spec.nodeLimits(),
                spec.peerAdmission(),
                spec.handlers().withStream(Routes.STREAM, new DeclaredStream(routes::handle, RouteTable.CONFIG)),
                memory,
                new NodeMemory(spec.nodeLimits().nodeSendBudgetBytes()),
                new PayloadReservations(memory),
                new Dispatch(spec.nodeLimits().maxHandled(), new Interceptors(spec.interceptors())),
                new HandlerErrors(spec.errorHooks()),
                new RequestCounts(),
                observer);
        Scheduler timers = spec.timers();
        LongSupplier clock = timers == null ? System::nanoTime : () -> timers.now(TimeUnit.NANOSECONDS);
        fastPaths = new FastPaths(spec.fastPaths(), spec.nodeLimits().maxQuestionsPerSecond());
        ports = new NodePorts(handshake, random, spec.nodeLimits(), fastPaths, clock, observer);
        votes = new NodeVotes(transports, ports);
        NodeHandshakes handshakes = new NodeHandshakes(
                new NoiseHandshakes(handshake, random, new RecordBuffers()), ports, spec.nodeLimits());
        Scheduler scheduler = timers == null ? Schedulers.parallel() : timers;
        listeners = new Listeners(
                transports, handshakes, events, unfinished, new Rebinding(scheduler, () -> NodePeers.fraction(random)));
        contests = new Contests(identity.peerId(), spec.nodeLimits());
        SessionNews news = new SessionNews(log, events, observer);
        sessions = new NodeSessions(spec.nodeLimits().maxSessions(), tally, contests, news, unfinished, this);
        figures = new NodeFigures(tally, setups, sessions, settings, fastPaths, ports);
        inbound = new Inbound(settings, sessions, setups, events);
        DialNews dialNews = new DialNews(events, observer, clock, settings.incarnation());
        dials = new Dials(settings, sessions, handshakes, transports, setups, listeners, contests, dialNews);
        connections = new Connections(sessions, dials);
        wantedPeers = new WantedPeers(new NodePeers(this, spec, random, events), scheduler);
        samples = new Samples<>(
                Mono.fromCallable(figures::now), interval -> Mono.delay(interval, scheduler), closed.asMono());
        spec.observers().forEach(events::observe);
    }

    private static RandomBytes randomness(NodeSpec spec) {
        RandomBytes given = spec.randomness();
        return given != null ? given : RandomBytes.secure();
    }

    // ---- listening

    /** Binds every listener, or none. Once. */
    Mono<PeerNode> listen() {
        if (observer != null) {
            observer.onNodeStarted(this);
        }
        return listeners
                .bind(spec.listenOn(), inbound::accept)
                .then(Mono.<PeerNode>just(this))
                .onErrorResume(e -> disposeQuietly().then(Mono.error(e)))
                .doOnCancel(this::dispose);
    }

    // ---- dialling

    @Override
    public Mono<PeerSession> connect(PeerAddress address) {
        return Barrier.mono(connect(Objects.requireNonNull(address, "address"), stage -> {}), Fault::report);
    }

    /** The same, with the stages of the dial, if there is one: {@link Dials#join(PeerAddress, Consumer)}. */
    Mono<PeerSession> connect(PeerAddress address, Consumer<? super DialStage> stages) {
        return Mono.defer(() -> {
            if (sessions.isLeaving()) {
                return Mono.error(new ConnectException(Transports.closed()).about(address.toString()));
            }
            Session live = liveSession(address);
            return live != null ? Mono.just(live) : dials.join(address, stages);
        });
    }

    @Override
    public PeerSession connectNow(PeerAddress address, Duration timeout) {
        return Objects.requireNonNull(connect(address).block(timeout), "a session");
    }

    private @Nullable Session liveSession(PeerAddress address) {
        PeerId expected = address.expected();
        Session session = expected != null ? contests.live(expected) : dials.session(address);
        return session != null && session.takesNew() ? session : null;
    }

    /** The session with that peer that takes new streams. */
    @Nullable
    Session liveSession(PeerId peer) {
        return contests.live(peer);
    }

    // ---- sessions

    @Override
    public void onPrevailed(Session session) {
        wantedPeers.onReady(session); // whoever waits for it asks the contests for it now
    }

    @Override
    public void onEnded(Session session) {
        dials.onEnd(session);
    }

    // ---- PeerNode

    @Override
    public PeerId id() {
        return identity.peerId();
    }

    @Override
    public CipherProvider cipherProvider() {
        return settings.handshake().recordProvider();
    }

    @Override
    public List<PeerAddress> addresses() {
        return listeners.addresses();
    }

    @Override
    public int port() {
        return listeners.port();
    }

    @Override
    public Flux<PeerEvent> events() {
        return events.events();
    }

    @Override
    public Flux<PeerSession> sessions() {
        return events.live().mapNotNull(ready -> sessions.live(ready.sessionId()));
    }

    @Override
    public List<ConnectionInfo> connections() {
        return connections.list();
    }

    @Override
    public Optional<ConnectionInfo> connection(PeerAddress address) {
        return connections.at(address);
    }

    @Override
    public Optional<ConnectionInfo> connection(SocketAddress address) {
        return connections.at(address);
    }

    @Override
    public List<PeerSession> liveSessions() {
        return List.copyOf(sessions.list());
    }

    @Override
    public ConnectionManager peers() {
        return wantedPeers;
    }

    @Override
    public Routes routes() {
        return routes.follow();
    }

    @Override
    public Peer peer(PeerId id) {
        return wantedPeers.peer(Objects.requireNonNull(id, "id"));
    }

    @Override
    public long reservedBytes() {
        return memory.reserved();
    }

    @Override
    public long unsentBytes() {
        return settings.sendMemory().reserved();
    }

    @Override
    public DatagramCounts datagramCounts() {
        return ports.counts();
    }

    @Override
    public Map<Drop, Long> droppedDatagrams() {
        return ports.dropped();
    }

    @Override
    public FastPathStats fastPath() {
        return fastPaths.stats();
    }

    @Override
    public NodeStats stats() {
        return figures.now();
    }

    @Override
    public Flux<NodeStats> stats(Duration interval) {
        return Barrier.flux(samples.each(interval), Fault::report);
    }

    @Override
    public Mono<Vote> vote(PeerAddress address, RootSet roots, VoteOptions options) {
        return Barrier.mono(votes.vote(address, roots, options), Fault::report);
    }

    @Override
    public Mono<Void> shutdown(Duration deadline) {
        Duration limit = Session.checkedDeadline(deadline);
        return Mono.defer(() -> {
            sessions.drainWithin(limit);
            leave();
            sessions.drainAll(limit);
            return onClose().then();
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            beginClose();
            return onClose().then();
        });
    }

    @Override
    public void dispose() {
        beginClose();
    }

    private Mono<Void> disposeQuietly() {
        return close().onErrorComplete();
    }

    private void beginClose() {
        if (sessions.close()) {
            leave();
            sessions.closeAll();
        }
    }

    /** Takes and begins nothing new; the node is closed when what there is has ended. Once. */
    private void leave() {
        if (!sessions.leave()) {
            return;
        }
        ports.endVotes();
        wantedPeers.end(Transports.closed());
        dials.dispose();
        setups.dispose();
        unfinished.end();
        Flux.merge(listeners.close(), unfinished.whenNone())
                .then(Mono.defer(transports::disposeLater))
                .onErrorComplete()
                .subscribe(null, null, () -> {
                    sessions.close();
                    events.complete();
                    if (observer != null) {
                        observer.onNodeClosed(this);
                    }
                    closed.tryEmitValue(Transports.closed());
                });
    }

    @Override
    public boolean isDisposed() {
        return sessions.isClosing();
    }

    @Override
    public Mono<CloseReason> onClose() {
        return Barrier.mono(closed.asMono(), Fault::report);
    }

    Contests contests() {
        return contests;
    }

    Dials dials() {
        return dials;
    }

    @Override
    public String toString() {
        return "node " + id() + " at " + addresses();
    }
}
