package io.weir.reactive.routes;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.MessageNotSentException;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NoTargetException;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RouteLoss;
import io.weir.reactive.Routed;
import io.weir.reactive.Routes;
import io.weir.reactive.TrySend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/** The routes of one node. Until somebody uses them, they follow no sessions and open no streams. Thread safe. */
public final class RouteTable implements Routes {

    /** Both ends open it with this, and whoever is first decides. */
    public static final StreamConfig CONFIG = StreamConfig.reliable().withIdleTimeout(Duration.ZERO);

    private static final Logger LOG = LoggerFactory.getLogger(RouteTable.class);

    private final Flux<PeerSession> sessions;
    private final RouteNumbers numbers = new RouteNumbers();
    private final Map<Long, RouteLink> links = new ConcurrentHashMap<>();
    private final AtomicBoolean following = new AtomicBoolean();
    private final LossTeller losses = new LossTeller();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final AtomicReference<@Nullable RouteMerge> receiver = new AtomicReference<>();

    /** @param sessions the live ones, then each new one */
    public RouteTable(Flux<PeerSession> sessions) {
        this.sessions = sessions;
    }

    /** From now on every session has its route. */
    public RouteTable follow() {
        if (following.compareAndSet(false, true)) {
            sessions.subscribe(this::link, e -> close(), this::close);
        }
        return this;
    }

    /** What a node does with the stream of that name, if its peer opens it first. */
    public Publisher<Void> handle(PeerStream stream) {
        link(stream.session(), stream);
        return stream.session().onDrain();
    }

    /** The node has closed. */
    private void close() {
        closed.tryEmitEmpty();
        losses.complete();
    }

    // ---- numbers

    @Override
    public Target next() {
        return numbers.next();
    }

    @Override
    public Target add(PeerId peer) {
        Route route = numbers.route(Objects.requireNonNull(peer, "peer"));
        route.keep();
        return route.target();
    }

    @Override
    public boolean remove(Target target) {
        Route removed = numbers.remove(target);
        if (removed == null) {
            return false;
        }
        RouteLink link = removed.link();
        if (link != null) {
            link.reset();
        }
        return true;
    }

    @Override
    public boolean exists(Target target) {
        return numbers.get(target) != null;
    }

    @Override
    public Optional<PeerId> peer(Target target) {
        return Optional.ofNullable(numbers.get(target)).map(Route::peer);
    }

    @Override
    public Optional<Target> target(PeerId peer) {
        return Optional.ofNullable(numbers.get(peer)).map(Route::target);
    }

    @Override
    public List<Target> all() {
        return targets(route -> true);
    }

    @Override
    public List<Target> valid() {
        return targets(route -> route.link() != null);
    }

    private List<Target> targets(Predicate<Route> which) {
        return numbers.all().stream().filter(which).map(Route::target).sorted().toList();
    }

    // ---- payloads

    @Override
    public Mono<Void> send(Target target, ByteBuffer payload) {
        return Mono.defer(() -> {
            ByteBuffer copy = copy(payload);
            RouteLink link = route(target).link();
            return link != null
                    ? link.send(copy)
                    : Mono.error(new MessageNotSentException(
                                    CloseReason.local(ErrorCode.LINK_LOST, "there is no session with its peer"))
                            .about(target.toString()));
        });
    }

    @Override
    public TrySend trySend(Target target, ByteBuffer payload) {
        return offer(route(target), copy(payload));
    }

    @Override
    public Mono<Map<Target, TrySend>> sendAll(ByteBuffer payload) {
        return Mono.fromCallable(() -> {
            ByteBuffer copy = copy(payload);
            Map<Target, TrySend> outcomes = new TreeMap<>();
            numbers.all().forEach(route -> outcomes.put(route.target(), offer(route, copy.duplicate())));
            return outcomes;
        });
    }

    private static TrySend offer(Route route, ByteBuffer payload) {
        RouteLink link = route.link();
        return link != null ? link.trySend(payload) : TrySend.NOT_CONNECTED;
    }

    private Route route(Target target) {
        Route route = numbers.get(target);
        if (route == null) {
            throw new IllegalArgumentException(target + " is nobody's");
        }
        return route;
    }

    /** The stream encodes later, and the caller's buffer is the caller's. */
    private static ByteBuffer copy(ByteBuffer payload) {
        if (payload.remaining() > MAX_PAYLOAD_BYTES) {
            throw new PayloadTooLargeException("payload", payload.remaining(), MAX_PAYLOAD_BYTES);
        }
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public Flux<Routed> receive() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Routed> actual) {
                receive(actual);
            }
        };
    }

    private void receive(CoreSubscriber<? super Routed> actual) {
        RouteMerge merge = new RouteMerge(actual);
        if (!receiver.compareAndSet(null, merge)) {
            Operators.error(actual, new IllegalStateException("what is routed has a subscriber already"));
            return;
        }
        actual.onSubscribe(merge);
        links.values().forEach(this::offer);
        closed.asMono().subscribe(null, e -> {}, merge::complete);
    }

    private void offer(RouteLink link) {
        RouteMerge merge = receiver.get();
        if (merge != null && link.offer()) {
            merge.add(link);
        }
    }

    @Override
    public Flux<RouteLoss> losses() {
        return losses.losses();
    }

    // ---- sessions

    private void link(PeerSession session) {
        try {
            link(session, session.openStream(STREAM, CONFIG));
        } catch (NoTargetException e) {
            LOG.warn("The peer of {} has no route: {}", session, e.getMessage());
        }
    }

    private void link(PeerSession session, PeerStream stream) {
        RouteLink link = links.computeIfAbsent(
                session.id(), id -> new RouteLink(numbers.route(session.peer()), session, stream, this::ended));
        link.route().linked(link);
        link.open();
        offer(link);
    }

    private void ended(RouteLink link, @Nullable RouteLoss loss) {
        links.remove(link.session().id(), link);
        link.route().unlinked(link);
        if (loss != null) {
            losses.tell(loss);
        }
    }
}
