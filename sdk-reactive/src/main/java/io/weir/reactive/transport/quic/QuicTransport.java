package io.weir.reactive.transport.quic;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.RetryCookies;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.dns.PeerNames;
import io.weir.reactive.transport.dns.SystemNames;
import io.weir.reactive.transport.netty.BindAddress;
import io.weir.reactive.transport.netty.GrantedBuffers;
import io.weir.reactive.transport.netty.NettyLoops;
import io.weir.reactive.transport.netty.SocketFailure;
import io.weir.reactive.transport.udp.UdpChannels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.util.context.Context;

/**
 * QUIC on Netty's native codec, over the system's UDP sockets: native epoll where it loads, else the JDK's channels. Each transport
 * has event loop threads of its own, daemons, which end with {@link #dispose()}. A connection stays on one of them for life; all
 * that come to one listener share one.
 *
 * <p>Each side shows the other a certificate of its identity, and judges the other's ({@link
 * io.weir.core.certificate.IdentityCertificate}). Listening at {@code ::} serves IPv6 and IPv4. A name is looked up for each dial.
 * Its artifacts are optional: {@link QuicLibrary#missing} says whether they are there. Thread safe.
 */
public final class QuicTransport implements Transport {

    private static final String DISPOSED = "the transport is disposed";
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(QuicTransport.class);

    private final Set<QuicListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<Establisher> connections = ConcurrentHashMap.newKeySet();
    private final GrantedBuffers granted = new GrantedBuffers(LOG);
    private final UdpOptions options;
    private final NettyLoops loops;
    private final SystemNames lookup;
    private final PeerNames names;

    /** What was made for the last identity that was used: a transport rarely has more than one. */
    private volatile @Nullable Prepared prepared;

    private volatile boolean disposed;

    /** For tests too: {@code preferNative} false takes the JDK's channels, as on platforms without epoll. */
    QuicTransport(int threads, UdpOptions options, boolean preferNative) {
        this.options = options;
        loops = new NettyLoops("weir-quic", threads, preferNative);
        lookup = new SystemNames(loops);
        names = new PeerNames(lookup, this::nextLoop);
    }

    /**
     * A transport with as many event loops as Reactor Netty finds fit for the machine, whose sockets are made with these options.
     *
     * @throws IllegalStateException naming the artifacts that are missing, if Netty's classes for QUIC are not there. Where its
     *     native library is not, each dial and listener fails and says so
     */
    public static QuicTransport create(UdpOptions options) {
        return create(LoopResources.DEFAULT_IO_WORKER_COUNT, options);
    }

    /** The same with that many event loop threads. */
    public static QuicTransport create(int threads, UdpOptions options) {
        IOException missing = QuicLibrary.missing();
        if (missing != null) {
            throw new IllegalStateException(missing.getMessage(), missing);
        }
        return new QuicTransport(threads, Objects.requireNonNull(options, "options"), true);
    }

    @Override
    public String scheme() {
        return PeerAddress.QUIC;
    }

    @Override
    public Mono<Establisher> dial(PeerAddress address, Duration timeout, DialProgress progress, Handshakes handshakes) {
        check(address);
        Objects.requireNonNull(progress, "progress");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be positive");
        }
        return Mono.defer(() -> disposed
                        ? Mono.error(
                                SocketFailure.dialling(address, ErrorCode.CONNECT_FAILED, new IOException(DISPOSED)))
                        : names.resolve(address, timeout, progress))
                .flatMap(hosts -> dial(address, hosts, timeout, progress, handshakes));
    }

    private Mono<Establisher> dial(
            PeerAddress address,
            List<InetAddress> hosts,
            Duration timeout,
            DialProgress progress,
            Handshakes handshakes) {
        List<InetSocketAddress> places = hosts.stream()
                .map(host -> new InetSocketAddress(host, address.port()))
                .filter(progress::mayTry)
                .toList();
        if (places.isEmpty()) {
            return Mono.error(new ConnectException(CloseReason.local(
                    ErrorCode.SELF_CONNECT, "this node itself listens at each address of " + address.host())));
        }
        return tls(handshakes.config())
                .onErrorMap(e -> SocketFailure.dialling(address, ErrorCode.ADDRESS_UNUSABLE, e))
                .flatMap(tls -> dial(tls, handshakes, places, timeout, progress));
    }

    private Mono<Establisher> dial(
            QuicTls tls,
            Handshakes handshakes,
            List<InetSocketAddress> places,
            Duration timeout,
            DialProgress progress) {
        EventLoop loop = nextLoop();
        return Mono.create(sink -> loop.execute(() -> {
            progress.connecting();
            DialledConnection made =
                    new DialledConnection(this, tls, handshakes.receiveLimits(), loop, places, timeout);
            own(made);
            sink.onCancel(made::close);
            sink.success(made);
        }));
    }

    @Override
    public Mono<LinkListener> accept(
            PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection) {
        check(address);
        Objects.requireNonNull(onConnection, "onConnection");
        return Mono.defer(() -> disposed
                        ? Mono.error(new IOException(DISPOSED))
                        : BindAddress.of(address.host(), address.port(), loops))
                .flatMap(at ->
                        tls(handshakes.config()).flatMap(tls -> listen(at, address, tls, handshakes, onConnection)))
                .onErrorMap(e -> SocketFailure.listening(address, e));
    }

    private Mono<LinkListener> listen(
            InetSocketAddress at,
            PeerAddress asked,
            QuicTls tls,
            Handshakes handshakes,
            Consumer<? super Establisher> onConnection) {
        DatagramChannel socket = socket();
        QuicListener listener = new QuicListener(socket, connection -> {
            own(connection);
            onConnection.accept(connection);
        });
        RetryTokens tokens = new RetryTokens(new RetryCookies(RandomBytes.secure()), listener::handshakes);
        socket.pipeline()
                .addLast(
                        QuicCodecs.accepting(
                                tls, handshakes.receiveLimits(), options, socket, tokens, listener::onConnection),
                        QuicCodecs.socketErrors());
        return bind(socket, nextLoop(), at).map(bound -> own(listener.at(asked)));
    }

    @Override
    public void dispose() {
        disposeLater().subscribe(null, e -> Operators.onErrorDropped(e, Context.empty()));
    }

    @Override
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            disposed = true;
            Mono<Void> ended = Mono.when(
                    Mono.when(connections.stream().map(Establisher::onClose).toList()),
                    Mono.when(listeners.stream().map(QuicListener::onGone).toList()));
            listeners.forEach(QuicListener::dispose);
            connections.forEach(Establisher::close);
            // Connections first: a loop that ends while they are open would leave their native memory.
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

    // ---- for what it makes

    UdpOptions options() {
        return options;
    }

    /** A socket that is neither registered nor bound. */
    DatagramChannel socket() {
        DatagramChannel socket = loops.onChannel(DatagramChannel.class, loops.onServer(loops.isEpoll()));
        try {
            UdpChannels.prepare(socket, options, true);
        } catch (ChannelException e) {
            socket.unsafe().closeForcibly(); // it has no loop yet
            throw e;
        }
        return socket;
    }

    /** Registers and binds it. Fails with the system's exception, and closes it then; so it does when cancelled. */
    Mono<DatagramChannel> bind(DatagramChannel socket, EventLoop loop, InetSocketAddress at) {
        return Mono.create(sink -> {
            loop.register(socket).addListener(registered -> {
                if (registered.isSuccess()) {
                    bind(socket, at, sink);
                } else {
                    sink.error(registered.cause());
                }
            });
            sink.onCancel(socket::close);
        });
    }

    private void bind(DatagramChannel socket, InetSocketAddress at, MonoSink<DatagramChannel> sink) {
        socket.bind(at).addListener(bound -> {
            if (bound.isSuccess()) {
                granted.check(socket, options.receiveBufferBytes(), options.sendBufferBytes());
                socket.config().setAutoRead(true);
                sink.success(socket);
            } else {
                socket.close().addListener(closed -> sink.error(bound.cause()));
            }
        });
    }

    /** TLS for an identity. What it needs is loaded the first time, elsewhere, as that blocks. */
    private Mono<QuicTls> tls(HandshakeConfig config) {
        Identity identity = config.identity();
        Prepared last = prepared;
        if (last != null && last.identity == identity) {
            return Mono.just(last.tls);
        }
        return Mono.fromCallable(() -> {
                    QuicLibrary.load();
                    QuicTls tls = new QuicTls(identity);
                    prepared = new Prepared(identity, tls);
                    return tls;
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private void own(Establisher connection) {
        connections.add(connection);
        connection.onClose().subscribe(null, null, () -> connections.remove(connection));
        if (disposed) {
            connection.close();
        }
    }

    private LinkListener own(QuicListener listener) {
        listeners.add(listener);
        listener.onGone().subscribe(null, null, () -> listeners.remove(listener));
        if (disposed) {
            listener.dispose();
        }
        return listener;
    }

    private EventLoop nextLoop() {
        return loops.onServer(loops.isEpoll()).next();
    }

    private static void check(PeerAddress address) {
        if (!address.scheme().equals(PeerAddress.QUIC)) {
            throw new IllegalArgumentException("address is " + address + ", must be quic://host:port");
        }
    }

    /** An identity, and TLS for it. */
    private record Prepared(Identity identity, QuicTls tls) {}
}
