package io.weir.reactive.session.port;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.VoteOptions;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.transport.DatagramPorts;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.DatagramTransport;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Inet;
import io.weir.reactive.transport.LinkListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The ports of a node on one transport: a group for each listener, which its dials use too, and where none of them leads to the peer one
 * more, for all dials, as long as something uses it. Thread safe.
 */
final class TransportPorts implements DatagramPorts {

    private static final String NODE_CLOSED = "this node is closed";

    private final DatagramTransport transport;
    private final PortSettings settings;
    private final LongSupplier clock;
    private final NodeDrops drops;
    private final NodeCounts counts;
    private final List<PortGroup> listening = new CopyOnWriteArrayList<>();
    /** Those whose listener has gone and whose sessions have not, by where it listened. */
    private final Map<PeerAddress, PortGroup> resting = new ConcurrentHashMap<>();

    private final AtomicReference<@Nullable Mono<Port>> forDials = new AtomicReference<>();
    private final Set<Port> asking = ConcurrentHashMap.newKeySet(); // with open votes
    private volatile boolean votesEnded;

    TransportPorts(
            DatagramTransport transport,
            PortSettings settings,
            LongSupplier clock,
            NodeDrops drops,
            NodeCounts counts) {
        this.transport = transport;
        this.settings = settings;
        this.clock = clock;
        this.drops = drops;
        this.counts = counts;
    }

    // ---- dialling

    @Override
    public Mono<Establisher> dial(PeerAddress address, Duration timeout, DialProgress progress) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be positive");
        }
        Mono<List<PathAddress>> resolving = transport.resolve(address, timeout, progress);
        return Mono.defer(() -> {
            long endNanos = clock.getAsLong() + timeout.toNanos();
            return resolving.flatMap(found -> {
                List<PathAddress> places = found.stream()
                        .filter(place -> progress.mayTry(Inet.address(place)))
                        .toList();
                if (places.isEmpty()) {
                    return Mono.error(selfConnect(address));
                }
                progress.connecting();
                return connection(places, endNanos);
            });
        });
    }

    private Mono<Establisher> connection(List<PathAddress> places, long endNanos) {
        return port(places.get(0))
                .flatMap(port -> begin(port, places, Math.max(0, endNanos - clock.getAsLong())))
                .switchIfEmpty(Mono.defer(() -> connection(places, endNanos)));
    }

    /** Empty if the port is gone. */
    private static Mono<Establisher> begin(Port port, List<PathAddress> places, long leftNanos) {
        return Mono.create(sink -> {
            if (!port.enter()) {
                sink.success();
                return;
            }
            Disposable.Swap connection = Disposables.swap();
            sink.onCancel(connection);
            LoopCalls.run(port.loop(), () -> {
                DialledConnection made =
                        new DialledConnection(port, places, port.loop().nowNanos() + leftNanos);
                connection.update(made::close);
                sink.success(made);
            });
        });
    }

    private Mono<Port> port(PathAddress to) {
        return port(to, PortGroup::next);
    }

    /** Of a listener from which one gets there, or else one of its own. */
    private Mono<Port> port(PathAddress to, Function<PortGroup, Port> which) {
        return Mono.defer(() -> {
            for (PortGroup group : listening) {
                if (group.reaches(to)) {
                    return Mono.just(which.apply(group));
                }
            }
            return portForDials();
        });
    }

    /** One that all dials share; it is made by the first of them, and lives until it is used no more. */
    private Mono<Port> portForDials() {
        Mono<Port> current = forDials.get();
        if (current != null) {
            return current;
        }
        Mono<Port> made = new Opening().port;
        Mono<Port> others = forDials.compareAndExchange(null, made);
        return others == null ? made : others;
    }

    private final class Opening {
        private final Mono<Port> port = transport
                .open()
                .flatMap(socket -> onLoop(socket, this::begun))
                .doOnError(e -> gone())
                .cache();

        private void begun(DatagramSocket socket, MonoSink<Port> sink) {
            PortGroup opened = portsOn(List.of(socket));
            opened.onGone(this::gone);
            opened.first().begin();
            sink.success(opened.first()); // whoever waits for it enters it now, on this loop
            opened.leave();
        }

        private void gone() {
            forDials.compareAndSet(port, null);
        }
    }

    // ---- votes

    /** Cold: from where dials to there would go out. */
    Mono<Vote> vote(PeerAddress address, RootSet roots, VoteOptions options) {
        Mono<List<PathAddress>> looking = transport.resolve(address, options.timeout(), DialProgress.UNHEARD);
        // a literal is where it is, and whoever asks again and again need not find that out each time
        Mono<List<PathAddress>> resolving = address.isLiteral() ? looking.cacheInvalidateIf(found -> false) : looking;
        return Mono.defer(() -> {
            long endNanos = clock.getAsLong() + options.timeout().toNanos();
            return resolving.flatMap(places ->
                    asking(endNanos, places, sink -> new VoteQuestion(address, places, roots, options, sink)));
        });
    }

    private Mono<Vote> asking(
            long endNanos, List<PathAddress> places, Function<MonoSink<Vote>, VoteQuestion> question) {
        return port(places.get(0), PortGroup::first)
                .flatMap(port -> ask(port, question, Math.max(0, endNanos - clock.getAsLong())))
                .switchIfEmpty(Mono.defer(() -> asking(endNanos, places, question)));
    }

    /** Empty if the port is gone. */
    private Mono<Vote> ask(Port port, Function<MonoSink<Vote>, VoteQuestion> question, long leftNanos) {
        return Mono.create(sink -> {
            if (!port.enter()) {
                sink.success();
                return;
            }
            VoteQuestion asked = question.apply(sink);
            LoopCalls.run(port.loop(), () -> {
                asking.add(port);
                if (votesEnded) {
                    asked.fail(ErrorCode.NODE_CLOSED, NODE_CLOSED);
                } else {
                    port.sessionless().ask(asked, port.loop().nowNanos() + leftNanos, () -> asking.remove(port));
                }
                if (!port.sessionless().asks()) {
                    asking.remove(port);
                }
                port.leave();
            });
        });
    }

    /** Ends all that are open, and takes no more. */
    void endVotes() {
        votesEnded = true;
        asking.forEach(port ->
                LoopCalls.run(port.loop(), () -> port.sessionless().endVotes(ErrorCode.NODE_CLOSED, NODE_CLOSED)));
    }

    // ---- listening

    @Override
    public Mono<LinkListener> accept(PeerAddress address, Consumer<? super Establisher> onConnection) {
        Objects.requireNonNull(onConnection, "onConnection");
        Mono<List<DatagramSocket>> binding = transport.bindAll(address);
        return Mono.create(sink -> {
            Disposable.Composite parts = Disposables.composite();
            sink.onCancel(parts);
            Consumer<PortListener> taker = listener -> {
                parts.add(listener);
                sink.success(listener);
            };
            PortGroup rested = resting.remove(address.expecting(null));
            if (rested != null && rested.enter()) {
                listen(address, rested, onConnection, taker, () -> {});
            } else {
                parts.add(binding.subscribe(
                        sockets -> {
                            PortGroup group = portsOn(sockets);
                            listen(address, group, onConnection, taker, () -> group.onEach(Port::begin, () -> {}));
                        },
                        sink::error));
            }
        });
    }

    /** @param then is done once the listener is known */
    private void listen(
            PeerAddress address,
            PortGroup group,
            Consumer<? super Establisher> onConnection,
            Consumer<PortListener> taker,
            Runnable then) {
        PeerAddress bound = group.first().socket().localAddress() instanceof InetSocketAddress at
                ? address.withPort(at.getPort())
                : address;
        PortListener listener = new PortListener(this, group, bound);
        group.onGone(() -> {
            restNoMore(bound, group);
            listener.dispose();
        });
        group.onEach(port -> port.listen(onConnection), () -> {
            listening.add(group);
            taker.accept(listener);
            then.run();
        });
    }

    /** Sessions may use it still, and who listens there again takes it. */
    void rest(PeerAddress bound, PortGroup group) {
        if (!group.isClosed()) {
            resting.put(bound.expecting(null), group);
        }
    }

    /** Nobody uses it any more. */
    void restNoMore(PeerAddress bound, PortGroup group) {
        resting.remove(bound.expecting(null), group);
    }

    /** Dials do not use it any more. */
    void forget(PortGroup group) {
        listening.remove(group);
    }

    private PortGroup portsOn(List<DatagramSocket> sockets) {
        return new PortGroup(
                sockets,
                (group, number, socket) ->
                        new Port(group, number, socket, transport.scheme(), settings, drops, counts));
    }

    private static <T> Mono<T> onLoop(DatagramSocket socket, BiConsumer<DatagramSocket, MonoSink<T>> task) {
        return Mono.create(sink -> LoopCalls.run(socket.loop(), () -> task.accept(socket, sink)));
    }

    private static ConnectException selfConnect(PeerAddress address) {
        return new ConnectException(CloseReason.local(
                ErrorCode.SELF_CONNECT, "this node itself listens at each address of " + address.host()));
    }
}
