package io.weir.reactive.transport.udp;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.DatagramTransport;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.dns.PeerNames;
import io.weir.reactive.transport.dns.SystemNames;
import io.weir.reactive.transport.netty.BindAddress;
import io.weir.reactive.transport.netty.NettyLoops;
import io.weir.reactive.transport.netty.SocketFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.resources.LoopResources;
import reactor.util.context.Context;

/**
 * Datagrams on the system's UDP sockets, with native epoll where it loads, else with the JDK's channels. Each transport has event
 * loop threads of its own, daemons, which end with {@link #dispose()}. A socket, and with it every session over it, stays on one
 * of them for life.
 *
 * <p>Where {@link UdpOptions#sockets} says so, a listener has several, of which each is on another loop as far as there are any.
 *
 * <p>Listening at {@code ::} serves IPv6 and IPv4. A name is looked up for each dial, from the hosts file and DNS, whose answers
 * are kept for their time to live; at most 16 of its addresses are tried. Thread safe.
 */
public final class UdpTransport implements DatagramTransport {

    private static final String DISPOSED = "the transport is disposed";
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

    private final Set<DatagramSocket> bound = ConcurrentHashMap.newKeySet();
    private final UdpOptions options;
    private final NettyLoops loops;
    private final SystemNames lookup;
    private final UdpSockets sockets;
    private final UdpNames names;

    private volatile boolean disposed;

    /** For tests too: {@code preferNative} false takes the JDK's channels, as on platforms without epoll. */
    UdpTransport(int threads, UdpOptions options, boolean preferNative) {
        this.options = options;
        loops = new NettyLoops("weir-udp", threads, preferNative);
        Scopes scopes = new Scopes();
        sockets = new UdpSockets(loops, options, scopes, true);
        lookup = new SystemNames(loops);
        names = new UdpNames(new PeerNames(lookup, this::nextLoop), scopes);
    }

    /** A transport with as many event loops as Reactor Netty finds fit for the machine. */
    public static UdpTransport create() {
        return create(UdpOptions.defaults());
    }

    /** A transport with as many event loops as Reactor Netty finds fit for the machine. */
    public static UdpTransport create(UdpOptions options) {
        return create(LoopResources.DEFAULT_IO_WORKER_COUNT, options);
    }

    /** A transport with that many event loop threads, whose sockets are made with these options. */
    public static UdpTransport create(int threads, UdpOptions options) {
        return new UdpTransport(threads, Objects.requireNonNull(options, "options"), true);
    }

    @Override
    public String scheme() {
        return PeerAddress.UDP;
    }

    @Override
    public int maxDatagramBytes() {
        return options.maxDatagramBytes();
    }

    @Override
    public Mono<DatagramSocket> bind(PeerAddress address) {
        check(address);
        return Mono.defer(() -> disposed
                        ? Mono.error(new IOException(DISPOSED))
                        : BindAddress.of(address.host(), address.port(), loops))
                .flatMap(this::bindAt)
                .onErrorMap(e -> SocketFailure.listening(address, e));
    }

    @Override
    public Mono<List<DatagramSocket>> bindAll(PeerAddress address) {
        int count = loops.isEpoll() ? options.sockets() : 1;
        return bind(address).flatMap(first -> count == 1 ? Mono.just(List.of(first)) : join(first, count, address));
    }

    /** More of them where the first is, which has found nobody else there. */
    private Mono<List<DatagramSocket>> join(DatagramSocket first, int count, PeerAddress address) {
        List<DatagramSocket> all = new ArrayList<>(List.of(first));
        return Flux.range(1, count - 1)
                .concatMap(i -> sockets.join((UdpSocket) first, nextLoop()).map(this::own))
                .doOnNext(all::add)
                .then(Mono.fromSupplier(() -> List.copyOf(all)))
                .onErrorMap(e -> SocketFailure.listening(address, e))
                .doOnError(e -> all.forEach(DatagramSocket::close))
                .doOnCancel(() -> all.forEach(DatagramSocket::close));
    }

    @Override
    public Mono<DatagramSocket> open() {
        // Both families where there are both.
        PeerAddress anywhere = PeerAddress.udp(NetUtil.isIpV4StackPreferred() ? "0.0.0.0" : "::", 0);
        return Mono.defer(() -> disposed
                        ? Mono.error(new IOException(DISPOSED))
                        : bindAt(new InetSocketAddress(anywhere.host(), 0)))
                .onErrorMap(e -> SocketFailure.dialling(anywhere, ErrorCode.CONNECT_FAILED, e));
    }

    @Override
    public Mono<List<PathAddress>> resolve(PeerAddress address, Duration timeout, DialProgress progress) {
        check(address);
        Objects.requireNonNull(progress, "progress");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be positive");
        }
        return Mono.defer(() -> disposed
                ? Mono.error(SocketFailure.dialling(address, ErrorCode.CONNECT_FAILED, new IOException(DISPOSED)))
                : names.resolve(address, timeout, progress));
    }

    @Override
    public void dispose() {
        disposeLater().subscribe(null, e -> Operators.onErrorDropped(e, Context.empty()));
    }

    @Override
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            disposed = true;
            Mono<Void> ended =
                    Mono.when(bound.stream().map(DatagramSocket::onClose).toList());
            bound.forEach(DatagramSocket::close);
            // Sockets first: a loop that ends while they are open may leave them open.
            return ended.timeout(SHUTDOWN_TIMEOUT, Mono.empty()).then(Mono.defer(() -> {
                lookup.close();
                return loops.disposeLater(Duration.ZERO, SHUTDOWN_TIMEOUT);
            }));
        });
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    /** Sockets that have not ended, for tests. */
    int sockets() {
        return bound.size();
    }

    private EventLoop nextLoop() {
        return loops.onServer(loops.isEpoll()).next();
    }

    private Mono<DatagramSocket> bindAt(InetSocketAddress at) {
        return sockets.bind(nextLoop(), at).map(this::own);
    }

    /** Lets a socket end with this transport at the latest. */
    private DatagramSocket own(UdpSocket socket) {
        bound.add(socket);
        socket.onClose().subscribe(null, null, () -> bound.remove(socket));
        if (disposed) {
            socket.close();
        }
        return socket;
    }

    private static void check(PeerAddress address) {
        if (!address.scheme().equals(PeerAddress.UDP)) {
            throw new IllegalArgumentException("address is " + address + ", must be udp://host:port");
        }
    }
}
