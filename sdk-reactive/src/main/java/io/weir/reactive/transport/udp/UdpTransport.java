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
import io.weir.reactive.transport.netty.OwnedParts;
import io.weir.reactive.transport.netty.SocketFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
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

    private final UdpOptions options;
    private final NettyLoops loops;
    private final OwnedParts parts;
    /** By where they are bound, in the order in which they were. */
    private final Map<SocketAddress, List<UdpSocket>> ports = new ConcurrentHashMap<>();

    private final SystemNames lookup;
    private final UdpSockets sockets;
    private final UdpNames names;

    /** For tests too: {@code preferNative} false takes the JDK's channels, as on platforms without epoll. */
    UdpTransport(int threads, UdpOptions options, boolean preferNative) {
        this.options = options;
        loops = new NettyLoops("weir-udp", threads, preferNative);
        parts = new OwnedParts(loops);
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
        return Mono.defer(() -> parts.isDisposed()
                        ? Mono.error(OwnedParts.refusal())
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
        return Mono.defer(() -> parts.isDisposed()
                        ? Mono.error(OwnedParts.refusal())
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
        return Mono.defer(() -> parts.isDisposed()
                ? Mono.error(SocketFailure.dialling(address, ErrorCode.CONNECT_FAILED, OwnedParts.refusal()))
                : names.resolve(address, timeout, progress));
    }

    /**
     * Cold: for QUIC, the port that this transport has bound there; emitted on the loop of its first socket. It fails with an {@link
     * IOException} where there is none, or where it is lent already.
     *
     * @param at as it is bound, with the real port
     */
    public Mono<LentSocket> lend(InetSocketAddress at) {
        return Mono.<LentSocket>create(sink -> {
                    List<UdpSocket> all = ports.getOrDefault(at, List.of());
                    if (all.isEmpty()) {
                        sink.error(new IOException("no datagrams are listened for at " + at));
                        return;
                    }
                    all.get(0).loop().execute(() -> {
                        LentSocket lent = all.get(0).lend(all);
                        if (lent != null) {
                            sink.success(lent);
                        } else {
                            sink.error(new IOException("the port of " + at + " is lent already, or closed"));
                        }
                    });
                })
                .doOnDiscard(LentSocket.class, LentSocket::giveBack); // whoever asked for it has been cancelled
    }

    @Override
    public void dispose() {
        disposeLater().subscribe(null, e -> Operators.onErrorDropped(e, Context.empty()));
    }

    @Override
    public Mono<Void> disposeLater() {
        return parts.disposeLater(lookup::close);
    }

    @Override
    public boolean isDisposed() {
        return parts.isDisposed();
    }

    /** Sockets that have not ended, for tests. */
    List<UdpSocket> sockets() {
        return parts.all(UdpSocket.class);
    }

    private EventLoop nextLoop() {
        return loops.onServer(loops.isEpoll()).next();
    }

    private Mono<DatagramSocket> bindAt(InetSocketAddress at) {
        return sockets.bind(nextLoop(), at).map(this::own);
    }

    /** Lets a socket end with this transport at the latest. */
    private DatagramSocket own(UdpSocket socket) {
        ports.merge(socket.localAddress(), List.of(socket), UdpTransport::both);
        socket.onClose()
                .subscribe(
                        null,
                        null,
                        () -> ports.computeIfPresent(socket.localAddress(), (at, all) -> {
                            List<UdpSocket> left =
                                    all.stream().filter(one -> one != socket).toList();
                            return left.isEmpty() ? null : left;
                        }));
        return parts.own(socket, socket.onClose(), socket::closeForAll);
    }

    private static List<UdpSocket> both(List<UdpSocket> first, List<UdpSocket> more) {
        return Stream.concat(first.stream(), more.stream()).toList();
    }

    private static void check(PeerAddress address) {
        if (!address.scheme().equals(PeerAddress.UDP)) {
            throw new IllegalArgumentException("address is " + address + ", must be udp://host:port");
        }
    }
}
