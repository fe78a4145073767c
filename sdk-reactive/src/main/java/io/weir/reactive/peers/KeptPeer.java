package io.weir.reactive.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionKeeper;
import io.weir.core.peer.ConnectionKeeper.Phase;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.calls.AwaitedCalls;
import io.weir.reactive.calls.Waiting;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * One peer that is wanted: hosts its {@link ConnectionKeeper} and does what that decides. Everything that happens to it
 * happens on the peers' loop; what may be asked from any thread is volatile.
 */
final class KeptPeer implements ManagedPeer, AwaitedCalls {

    private final WantedPeers peers;
    private final Object key;
    private final long number;
    private final StateHolder states = new StateHolder(new PeerState.Idle());

    private final Set<Object> claims = new HashSet<>();

    private volatile WantedPeer wanted;
    private volatile @Nullable PeerId known;
    private volatile @Nullable CloseReason lastFailure;
    private final AtomicInteger waiting = new AtomicInteger();

    // Touched on the loop only.
    private final Disposable.Swap timer = Disposables.swap();
    private final Disposable.Swap watch = Disposables.swap();
    private @Nullable ConnectionKeeper keeper;
    private @Nullable PeerDial dial;
    private @Nullable PeerSession session;
    private boolean told;
    private boolean removed;

    KeptPeer(WantedPeers peers, Object key, long number, WantedPeer wanted) {
        this.peers = peers;
        this.key = key;
        this.number = number;
        this.wanted = wanted;
        this.known = wanted.id();
    }

    /** Under which it is wanted. */
    Object key() {
        return key;
    }

    /** Rises in the order in which peers came to be wanted. */
    long number() {
        return number;
    }

    /** Who wants it; it is wanted no more when nobody does. Guarded by the map of those that are kept. */
    Set<Object> claims() {
        return claims;
    }

    // ---- ManagedPeer, any thread

    @Override
    public WantedPeer wanted() {
        return wanted;
    }

    @Override
    public Optional<PeerId> id() {
        return Optional.ofNullable(known);
    }

    @Override
    public PeerState state() {
        return states.current();
    }

    @Override
    public Flux<PeerState> states() {
        return states.flux();
    }

    @Override
    public Mono<PeerSession> session() {
        return states().<PeerSession>handle(this::sessionOf).next();
    }

    private void sessionOf(PeerState state, SynchronousSink<PeerSession> sink) {
        if (state instanceof PeerState.Ready ready) {
            PeerSession live = peers.host().live(ready.session().peer());
            if (live != null) {
                sink.next(live);
            }
        } else if (state instanceof PeerState.GaveUp gaveUp) {
            sink.error(new ConnectException(gaveUp.reason()).about("given up: " + name()));
        } else if (state instanceof PeerState.Removed gone) {
            sink.error(new ConnectException(gone.reason()).about("wanted no more: " + name()));
        }
    }

    @Override
    public PeerCalls within(Duration wait) {
        return new KeptCalls(this, peers.waiting().within(wait));
    }

    @Override
    public @Nullable PeerSession live() {
        PeerId id = known;
        return id == null ? null : peers.host().live(id);
    }

    @Override
    public Mono<PeerSession> awaited() {
        return awaited(peers.waiting());
    }

    Mono<PeerSession> awaited(Waiting patience) {
        return patience.forThe(Mono.defer(this::inLine), waited -> absence().after(waited, name()));
    }

    private Mono<PeerSession> inLine() {
        if (waiting.incrementAndGet() > peers.host().maxWaiting()) {
            waiting.decrementAndGet();
            return Mono.error(Arrivals.crowded(name()));
        }
        return session().doFinally(signal -> waiting.decrementAndGet());
    }

    /** Why there is no session. */
    Absence absence() {
        return Absence.of(state(), lastFailure);
    }

    boolean hasFailed() {
        return lastFailure != null;
    }

    @Override
    public void retry() {
        peers.run(() -> {
            if (keeper != null && !removed) {
                keeper.retry();
                follow(keeper);
            }
        });
    }

    @Override
    public void remove() {
        peers.remove(this, CloseReason.local(ErrorCode.CANCELLED));
    }

    @Override
    public Mono<Void> disconnect() {
        return Mono.defer(() -> {
            remove();
            PeerId id = known;
            PeerSession live = id == null ? null : peers.host().live(id);
            return live == null ? Mono.empty() : live.close();
        });
    }

    @Override
    public String toString() {
        return name() + ", " + state();
    }

    private String name() {
        return "wanted peer " + (known == null ? wanted.addresses() : known);
    }

    // ---- on the loop

    /** Those who watch all peers know of it from now on. */
    void told() {
        told = true;
    }

    boolean isTold() {
        return told;
    }

    /** The session with it, whoever opened it. */
    @Nullable
    PeerSession current() {
        PeerId id = known;
        return session != null || id == null ? session : peers.host().live(id);
    }

    /** Begins. */
    void begin() {
        if (removed) {
            return;
        }
        PeerId id = known;
        if (id != null) {
            peers.index(this, id);
        }
        beginAnew(wanted);
    }

    /** Somebody wants it again: with what is new of the addresses and the policy, and anew if it was given up. */
    void wantAgain(WantedPeer again) {
        if (removed) {
            return;
        }
        WantedPeer merged = Merging.of(wanted, again);
        if (!merged.equals(wanted)) {
            beginAnew(merged);
        } else if (state() instanceof PeerState.GaveUp) {
            retry();
        }
    }

    private void beginAnew(WantedPeer now) {
        wanted = now;
        endDial();
        ConnectionKeeper begun = new ConnectionKeeper(
                now.policy() == null ? peers.host().policy() : now.policy(),
                peers.host().id(),
                known,
                now.addresses(),
                peers.nowNanos());
        keeper = begun;
        PeerSession live = known == null ? null : peers.host().live(known);
        if (live != null) {
            ready(begun, live);
        } else {
            session = null;
            watch.update(Disposables.disposed());
            follow(begun);
        }
    }

    /** Its turn has come. */
    void dial() {
        ConnectionKeeper k = Objects.requireNonNull(keeper);
        endDial();
        PeerDial begun = new PeerDial(peers, this, k.dial());
        dial = begun;
        begun.start();
    }

    /** A session with this peer is ready, whoever dialled it. */
    void onReady(PeerSession other) {
        if (keeper != null && !removed && other != session) {
            ready(keeper, other);
        }
    }

    /** The end of it all. */
    void end(CloseReason reason) {
        if (removed) {
            return;
        }
        removed = true;
        session = null;
        peers.queue().leave(this);
        timer.dispose();
        watch.dispose();
        endDial();
        states.end(new PeerState.Removed(reason));
    }

    private void ready(ConnectionKeeper k, PeerSession now) {
        session = now;
        PeerId before = known;
        known = now.peer();
        if (before != null && !before.equals(now.peer())) {
            peers.forget(this, before);
        }
        peers.index(this, now.peer());
        k.onReady(now.peer(), now.initiator(), peers.nowNanos());
        follow(k);
        watch.update(now.onClose().subscribe(reason -> peers.run(() -> onLost(now, reason))));
    }

    private void onLost(PeerSession lost, CloseReason reason) {
        ConnectionKeeper k = keeper;
        if (k == null || removed || lost != session) {
            return;
        }
        PeerSession other = peers.host().live(lost.peer());
        if (other != null && other != lost) {
            ready(k, other);
            return;
        }
        session = null;
        k.onLost(reason, peers.nowNanos(), peers.host().random());
        follow(k);
    }

    private void onDeadline() {
        ConnectionKeeper k = keeper;
        if (k != null && !removed) {
            k.onDeadline(peers.nowNanos());
            follow(k);
        }
    }

    /** Does what the keeper's phase asks for, and tells it. */
    private void follow(ConnectionKeeper k) {
        lastFailure = k.reason();
        timer.update(k.hasDeadline() ? peers.schedule(this::onDeadline, k.deadlineNanos()) : Disposables.disposed());
        if (k.phase() != Phase.DUE) {
            peers.queue().leave(this);
        }
        switch (k.phase()) {
            case DUE -> {
                states.become(new PeerState.Idle());
                peers.queue().enter(this);
            }
            case DIALLING -> {} // the dial's stages are told
            case READY -> {
                PeerSession now = Objects.requireNonNull(session);
                states.become(new PeerState.Ready(now, k.passedOver(now.transport())));
            }
            case BACKING_OFF ->
                states.become(new PeerState.BackingOff(
                        peers.instant(k.deadlineNanos()), k.failures(), Objects.requireNonNull(k.reason())));
            case AWAITING_INBOUND ->
                states.become(new PeerState.AwaitingInbound(k.hasDeadline() ? peers.instant(k.deadlineNanos()) : null));
            case GAVE_UP -> states.become(new PeerState.GaveUp(Objects.requireNonNull(k.reason())));
        }
    }

    /** Its outcome is not waited for any more; the dial goes on if others want it. */
    private void endDial() {
        PeerDial running = dial;
        dial = null;
        if (running != null) {
            running.dispose();
            peers.queue().ended();
        }
    }

    // ---- what its dial tells, on the loop

    private boolean isCurrent(PeerDial told) {
        return dial == told && keeper != null;
    }

    void onStage(PeerDial told, PeerState stage) {
        if (isCurrent(told) && Objects.requireNonNull(keeper).phase() == Phase.DIALLING) {
            states.become(stage);
        }
    }

    void onConnected(PeerDial told, PeerSession connected) {
        if (!isCurrent(told)) {
            return;
        }
        PeerId before = known;
        dial = null;
        if (before != null && !before.equals(connected.peer())) {
            peers.host().publish(new PeerEvent.PeerChanged(told.address(), before, connected.peer()));
        }
        PeerSession live = peers.host().live(connected.peer());
        onReady(live != null ? live : connected);
        peers.queue().ended();
    }

    void onDialFailed(PeerDial told, CloseReason reason) {
        if (!isCurrent(told)) {
            return;
        }
        dial = null;
        ConnectionKeeper k = Objects.requireNonNull(keeper);
        k.onDialFailed(reason, peers.nowNanos(), peers.host().random());
        follow(k);
        peers.queue().ended();
    }
}
