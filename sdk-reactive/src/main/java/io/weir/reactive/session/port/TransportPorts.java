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
 * The ports of a node on one transport: one for each listener, which its dials use too, and where none of them leads to the peer one
 * more, for all dials, as long as something uses it. Thread safe.
 */
final class TransportPorts implements DatagramPorts {

    private static final String NODE_CLOSED = "this node is closed";

    private final DatagramTransport transport;
    private final PortSettings settings;
    private final LongSupplier clock;
    private final NodeDrops drops;
    private final NodeCounts counts;
    private final List<Port> listening = new CopyOnWriteArrayList<>();
    /** Those whose listener has gone and whose sessions have not, by where it listened. */
    private final Map<PeerAddress, Port> resting = new ConcurrentHashMap<>();

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
        return Mono.defer(() -> listening.stream()
                .filter(port -> port.socket().reaches(to))
                .findFirst()
                .map(Mono::just)
                .orElseGet(this::portForDials));
    }

    /** One that all dials share; it is made by the first of them, and lives until it is used no more. */
    private Mono<Port> portForDials() {
        Mono<Port> made = new Opening().port;
        Mono<Port> current = forDials.compareAndExchange(null, made);
        return current == null ? made : current;
    }

    private final class Opening {
        private final Mono<Port> port = transport
                .open()
                .flatMap(socket -> onLoop(socket, this::begun))
                .doOnError(e -> gone())
                .cache();

        private void begun(DatagramSocket socket, MonoSink<Port> sink) {
            Port opened = portOn(socket);
            opened.onGone(this::gone);
            opened.begin();
            sink.success(opened); // whoever waits for it enters it now, on this loop
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
        return port(places.get(0))
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
        Mono<DatagramSocket> binding = transport.bind(address);
        return Mono.create(sink -> {
            Disposable.Composite parts = Disposables.composite();
            sink.onCancel(parts);
            Consumer<Port> taker = port -> {
                PortListener listener = listen(address, port, onConnection);
                parts.add(listener);
                sink.success(listener);
            };
            Port rested = resting.remove(address.expecting(null));
            if (rested != null && rested.enter()) {
                LoopCalls.run(rested.loop(), () -> taker.accept(rested));
            } else {
                bind(binding, parts, taker, sink::error);
            }
        });
    }

    private void bind(
            Mono<DatagramSocket> binding,
            Disposable.Composite parts,
            Consumer<Port> taker,
            Consumer<Throwable> onError) {
        parts.add(binding.subscribe(
                socket -> LoopCalls.run(socket.loop(), () -> {
                    Port port = portOn(socket);
                    taker.accept(port);
                    port.begin();
                }),
                onError));
    }

    private PortListener listen(PeerAddress address, Port port, Consumer<? super Establisher> onConnection) {
        PeerAddress bound =
                port.socket().localAddress() instanceof InetSocketAddress at ? address.withPort(at.getPort()) : address;
        PortListener listener = new PortListener(this, port, bound);
        port.onGone(() -> {
            restNoMore(bound, port);
            listener.dispose();
        });
        port.listen(onConnection);
        listening.add(port);
        return listener;
    }

    /** Sessions may use it still, and who listens there again takes it. */
    void rest(PeerAddress bound, Port port) {
        if (!port.isClosed()) {
            resting.put(bound.expecting(null), port);
        }
    }

    /** Nobody uses it any more. */
    void restNoMore(PeerAddress bound, Port port) {
        resting.remove(bound.expecting(null), port);
    }

    /** Dials do not use it any more. */
    void forget(Port port) {
        listening.remove(port);
    }

    private Port portOn(DatagramSocket socket) {
        return new Port(socket, transport.scheme(), settings, drops, counts);
    }

    private static <T> Mono<T> onLoop(DatagramSocket socket, BiConsumer<DatagramSocket, MonoSink<T>> task) {
        return Mono.create(sink -> LoopCalls.run(socket.loop(), () -> task.accept(socket, sink)));
    }

    private static ConnectException selfConnect(PeerAddress address) {
        return new ConnectException(CloseReason.local(
                ErrorCode.SELF_CONNECT, "this node itself listens at each address of " + address.host()));
    }
}
