package io.weir.reactive.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.Balancing;
import io.weir.reactive.ConnectionManager;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.PeerSession;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.balance.BalancedGroup;
import io.weir.reactive.balance.GroupSettings;
import io.weir.reactive.calls.Waiting;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * The peers that a node keeps connected. Who is wanted stands in a concurrent map, so that any thread may want, list and
 * release; all that happens to those peers happens on one loop of its own, where sessions and dials are told by messages.
 */
public final class WantedPeers implements ConnectionManager {

    /** Who claims what the application asked for itself. */
    private static final Object APPLICATION = "the application";

    private final PeersHost host;
    private final SessionLoop loop;
    private final Map<Object, KeptPeer> kept = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Waiting waiting;
    /** Changed on the loop only. */
    private final Map<PeerId, List<KeptPeer>> byId = new ConcurrentHashMap<>();

    private volatile @Nullable CloseReason closed;

    // Touched on the loop only.
    private final DialQueue queue;
    private final Arrivals arrivals;
    private final Set<FluxSink<KeptPeer>> watchers = new LinkedHashSet<>();
    private final Set<Following> followings = new LinkedHashSet<>();

    /** Keeps nobody at first; timers and signals are the scheduler's. */
    public WantedPeers(PeersHost host, Scheduler scheduler) {
        this.host = host;
        loop = SessionLoop.on(scheduler);
        queue = new DialQueue(host.maxParallelDials());
        arrivals = new Arrivals(host.maxWaiting());
        waiting = new Waiting(host.sessionWait(), scheduler);
    }

    /** That peer across its sessions, wanted or not. */
    public Peer peer(PeerId id) {
        return new PeerHandle(this, id, null);
    }

    // ---- told by the node, on any thread

    /** A session is ready, and may be found by {@link PeersHost#live}. */
    public void onReady(PeerSession session) {
        run(() -> {
            arrivals.onReady(session);
            byId.getOrDefault(session.peer(), List.of()).forEach(peer -> peer.onReady(session));
        });
    }

    /** Nobody is wanted, nobody waits and no source is followed, from now on. */
    public void end(CloseReason reason) {
        closed = reason;
        run(() -> {
            queue.clear();
            inOrder().forEach(peer -> removeNow(peer, reason));
            arrivals.fail(reason);
            List.copyOf(watchers).forEach(FluxSink::complete);
            watchers.clear();
            List.copyOf(followings).forEach(Following::cancel);
        });
    }

    // ---- ConnectionManager

    @Override
    public ManagedPeer add(WantedPeer peer) {
        if (isOwn(peer.id()) || peer.addresses().stream().anyMatch(this::isOwn)) {
            throw new ConnectException(CloseReason.local(ErrorCode.SELF_CONNECT)).about(peer.toString());
        }
        return want(peer, APPLICATION);
    }

    @Override
    public List<ManagedPeer> connectAll(Collection<PeerAddress> addresses) {
        return addresses.stream()
                .filter(address -> !isOwn(address))
                .map(this::add)
                .toList();
    }

    @Override
    public Disposable follow(Publisher<? extends Set<PeerAddress>> discovered) {
        Objects.requireNonNull(discovered, "discovered");
        return follow(discovered, Following.Listener.NONE);
    }

    private Disposable follow(Publisher<? extends Set<PeerAddress>> discovered, Following.Listener listener) {
        Following following = new Following(this, listener);
        run(() -> {
            if (closed == null) {
                followings.add(following);
            } else {
                following.cancel();
            }
        });
        try {
            discovered.subscribe(following);
        } catch (Throwable e) {
            following.stop();
            throw e;
        }
        return following::stop;
    }

    @Override
    public PeerGroup balanced(PeerDiscovery discovery, Balancing balancing) {
        Objects.requireNonNull(discovery, "discovery");
        return balanced(NamedPeers.by(listener -> follow(discovery.peers(), listener)), balancing);
    }

    @Override
    public PeerGroup balanced(Publisher<PeerChange> changes, Balancing balancing) {
        Objects.requireNonNull(balancing, "balancing");
        return BalancedGroup.of(changes, balancing, settings());
    }

    private GroupSettings settings() {
        return new GroupSettings(
                waiting.timer(), waiting.limit(), host.requestTimeout(), host.maxWaiting(), host::random);
    }

    @Override
    public Mono<Void> disconnectAll(Duration deadline) {
        Duration limit = host.checkedDeadline(deadline);
        Mono<List<PeerSession>> left = Mono.create(sink -> {
            run(() -> sink.success(forgetAll()));
            if (closed != null) {
                sink.success(List.of()); // the node is ending, and its sessions with it
            }
        });
        return Barrier.mono(
                left.flatMap(sessions -> Mono.whenDelayError(sessions.stream()
                        .map(session -> session.drain(limit).onErrorComplete())
                        .toList())),
                Fault::report);
    }

    /** Everybody that is wanted is wanted no more; returns the sessions with them. On the loop. */
    private List<PeerSession> forgetAll() {
        List.copyOf(followings).forEach(Following::stop);
        List<PeerSession> sessions = new ArrayList<>();
        for (KeptPeer peer : inOrder()) {
            PeerSession session = peer.current();
            if (session != null && !sessions.contains(session)) {
                sessions.add(session);
            }
            removeNow(peer, CloseReason.local(ErrorCode.CANCELLED));
        }
        return sessions;
    }

    @Override
    public List<ManagedPeer> list() {
        return List.copyOf(inOrder());
    }

    @Override
    public Flux<PeerChange> states() {
        Flux<PeerChange> changes = Flux.<KeptPeer>create(sink -> run(() -> {
                    inOrder().stream().filter(KeptPeer::isTold).forEach(sink::next);
                    if (closed != null) {
                        sink.complete();
                        return;
                    }
                    watchers.add(sink);
                    sink.onDispose(() -> run(() -> watchers.remove(sink)));
                }))
                .flatMap(peer -> peer.states().map(state -> new PeerChange(peer, state)), 2 * host.maxPeers(), 1);
        return Barrier.flux(changes, Fault::report);
    }

    private List<KeptPeer> inOrder() {
        return kept.values().stream()
                .sorted(Comparator.comparingLong(KeptPeer::number))
                .toList();
    }

    // ---- for the parts, on any thread

    PeersHost host() {
        return host;
    }

    boolean isOwn(PeerAddress address) {
        PeerAddress place = address.expecting(null);
        return isOwn(address.expected())
                || host.addresses().stream().anyMatch(own -> own.expecting(null).equals(place));
    }

    private boolean isOwn(@Nullable PeerId id) {
        return id != null && id.equals(host.id());
    }

    /** The peer that is wanted so, on behalf of whoever claims it. */
    KeptPeer want(WantedPeer wanted, Object claimant) {
        PeerId id = wanted.id();
        Object key = id != null ? id : Set.copyOf(wanted.addresses());
        AtomicBoolean fresh = new AtomicBoolean();
        KeptPeer peer = kept.compute(key, (k, current) -> {
            fresh.set(current == null);
            KeptPeer found = current == null ? made(key, wanted) : current;
            found.claims().add(claimant);
            return found;
        });
        run(() -> {
            if (!fresh.get()) {
                peer.wantAgain(wanted);
                return;
            }
            peer.told();
            List.copyOf(watchers).forEach(watcher -> watcher.next(peer));
            CloseReason reason = closed;
            if (reason != null) {
                removeNow(peer, reason);
            } else {
                peer.begin();
            }
        });
        return peer;
    }

    private KeptPeer made(Object key, WantedPeer wanted) {
        if (kept.size() >= host.maxPeers()) {
            throw new IllegalStateException(
                    "wanted peers are " + kept.size() + ", must be at most maxSessions, " + host.maxPeers());
        }
        return new KeptPeer(this, key, numbers.incrementAndGet(), wanted);
    }

    /** That claim is over; without any the peer is wanted no more. */
    void release(KeptPeer peer, Object claimant) {
        AtomicBoolean last = new AtomicBoolean();
        kept.computeIfPresent(peer.key(), (key, current) -> {
            if (current != peer) {
                return current;
            }
            current.claims().remove(claimant);
            last.set(current.claims().isEmpty());
            return last.get() ? null : current;
        });
        if (last.get()) {
            remove(peer, CloseReason.local(ErrorCode.CANCELLED));
        }
    }

    /** It is wanted no more, whoever claims it. */
    void remove(KeptPeer peer, CloseReason reason) {
        kept.remove(peer.key(), peer);
        run(() -> removeNow(peer, reason));
    }

    /** The same, on the loop: whoever asks behind this finds it ended. */
    private void removeNow(KeptPeer peer, CloseReason reason) {
        kept.remove(peer.key(), peer);
        peer.id().ifPresent(id -> forget(peer, id));
        peer.end(reason);
    }

    /** How long calls wait for a session. */
    Waiting waiting() {
        return waiting;
    }

    /** Why there is no session with that peer: what those who keep it connected know. */
    Absence absence(PeerId id) {
        CloseReason reason = closed;
        if (reason != null) {
            return new Absence(reason, "the node is closed");
        }
        List<KeptPeer> wanted = byId.getOrDefault(id, List.of());
        return wanted.stream()
                .filter(KeptPeer::hasFailed)
                .findFirst()
                .or(() -> wanted.stream().findFirst())
                .map(KeptPeer::absence)
                .orElse(Absence.UNWANTED);
    }

    /** A session with that peer, once there is one. */
    Mono<PeerSession> nextSession(PeerId id) {
        return Mono.create(sink -> run(() -> await(id, sink)));
    }

    private void await(PeerId id, MonoSink<PeerSession> sink) {
        PeerSession live = host.live(id);
        CloseReason reason = closed;
        if (live != null) {
            sink.success(live);
        } else if (reason != null) {
            sink.error(new ConnectException(reason).about("awaiting peer " + id));
        } else if (!arrivals.await(id, sink)) {
            sink.error(Arrivals.crowded("peer " + id));
        } else {
            sink.onDispose(() -> run(() -> arrivals.forget(id, sink)));
        }
    }

    /** Runs a task on the loop; not at all, if that has ended with its scheduler. */
    void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            closed = CloseReason.local(ErrorCode.NODE_CLOSED);
        }
    }

    // ---- for the parts, on the loop

    /** It follows no more. */
    void followed(Following following) {
        followings.remove(following);
    }

    DialQueue queue() {
        return queue;
    }

    long nowNanos() {
        return loop.nowNanos();
    }

    /** A moment of {@link #nowNanos} by the wall clock. */
    Instant instant(long nanos) {
        return loop.instant(nanos);
    }

    Disposable schedule(Runnable task, long atNanos) {
        try {
            return loop.schedule(task, atNanos);
        } catch (RejectedExecutionException e) {
            return Disposables.disposed();
        }
    }

    /** The peer is known by that id from now on. */
    void index(KeptPeer peer, PeerId id) {
        byId.compute(id, (i, before) -> before == null ? List.of(peer) : with(before, peer));
    }

    private static List<KeptPeer> with(List<KeptPeer> before, KeptPeer peer) {
        Set<KeptPeer> all = new LinkedHashSet<>(before);
        all.add(peer);
        return List.copyOf(all);
    }

    /** The peer is not known by that id any more. */
    void forget(KeptPeer peer, PeerId id) {
        byId.computeIfPresent(id, (i, before) -> {
            List<KeptPeer> left = before.stream().filter(each -> each != peer).toList();
            return left.isEmpty() ? null : left;
        });
    }
}
