package io.weir.reactive.transport.quic;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.RetryCookies;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.PortTally;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.dns.NameLookup;
import io.weir.reactive.transport.dns.PeerNames;
import io.weir.reactive.transport.dns.SystemNames;
import io.weir.reactive.transport.netty.BindAddress;
import io.weir.reactive.transport.netty.GrantedBuffers;
import io.weir.reactive.transport.netty.NettyLoops;
import io.weir.reactive.transport.netty.OwnedParts;
import io.weir.reactive.transport.netty.SocketFailure;
import io.weir.reactive.transport.udp.LentSocket;
import io.weir.reactive.transport.udp.UdpChannels;
import io.weir.reactive.transport.udp.UdpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
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

    private static final Logger LOG = LoggerFactory.getLogger(QuicTransport.class);

    private final GrantedBuffers granted = new GrantedBuffers(LOG);
    private final UdpOptions options;
    private final NettyLoops loops;
    private final OwnedParts parts;
    private final NameLookup lookup;
    private final PeerNames names;
    private final LongSupplier clock;
    private final PreparedTls tls = new PreparedTls();

    /** For tests too: {@code preferNative} false takes the JDK's channels, as on platforms without epoll. */
    QuicTransport(int threads, UdpOptions options, boolean preferNative) {
        this(threads, options, preferNative, SystemNames::new, System::nanoTime);
    }

    /** For tests: with names that are looked up elsewhere, and a clock in ns. */
    QuicTransport(
            int threads,
            UdpOptions options,
            boolean preferNative,
            Function<LoopResources, NameLookup> lookups,
            LongSupplier clock) {
        this.options = options;
        this.clock = clock;
        loops = new NettyLoops("weir-quic", threads, preferNative);
        parts = new OwnedParts(loops);
        lookup = lookups.apply(loops);
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
        return Mono.defer(() -> {
            if (parts.isDisposed()) {
                return Mono.error(SocketFailure.dialling(address, ErrorCode.CONNECT_FAILED, OwnedParts.refusal()));
            }
            DialTime time = DialTime.of(timeout, clock);
            return names.resolve(address, timeout, progress)
                    .flatMap(hosts -> dial(address, hosts, time, progress, handshakes));
        });
    }

    private Mono<Establisher> dial(
            PeerAddress address, List<InetAddress> hosts, DialTime time, DialProgress progress, Handshakes handshakes) {
        List<InetSocketAddress> places = hosts.stream()
                .map(host -> new InetSocketAddress(host, address.port()))
                .filter(progress::mayTry)
                .toList();
        if (places.isEmpty()) {
            return Mono.error(new ConnectException(CloseReason.local(
                    ErrorCode.SELF_CONNECT, "this node itself listens at each address of " + address.host())));
        }
        return tls.of(handshakes.config())
                .onErrorMap(e -> SocketFailure.dialling(address, ErrorCode.ADDRESS_UNUSABLE, e))
                .flatMap(made -> dial(made, handshakes, places, time, progress));
    }

    private Mono<Establisher> dial(
            QuicTls tls, Handshakes handshakes, List<InetSocketAddress> places, DialTime time, DialProgress progress) {
        EventLoop loop = nextLoop();
        return Mono.create(sink -> loop.execute(() -> {
            progress.connecting();
            DialledConnection made = new DialledConnection(this, tls, handshakes, loop, places, time);
            own(made);
            sink.onCancel(made::close);
            sink.success(made);
        }));
    }

    @Override
    public Mono<LinkListener> accept(
            PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection) {
        Objects.requireNonNull(onConnection, "onConnection");
        return listening(address, handshakes, (at, made) -> listen(at, address, made, handshakes, onConnection));
    }

    /**
     * Cold: the same at a port at which a transport of datagrams has bound there already: what comes there is told apart by its first byte
     * ({@code protocol.md} 1), connections live on the loop of its first socket, and it is open until both have done with it. It fails as
     * {@link #accept} does also where nothing is bound there, and where another one has borrowed it before.
     *
     * @param beside whose port it is
     * @param address with the port's number, not 0
     */
    public Mono<LinkListener> acceptBeside(
            UdpTransport beside,
            PeerAddress address,
            Handshakes handshakes,
            Consumer<? super Establisher> onConnection) {
        Objects.requireNonNull(beside, "beside");
        Objects.requireNonNull(onConnection, "onConnection");
        return listening(
                address,
                handshakes,
                (at, made) -> beside.lend(at).map(lent -> listen(lent, address, made, handshakes, onConnection)));
    }

    private Mono<LinkListener> listening(
            PeerAddress address,
            Handshakes handshakes,
            BiFunction<InetSocketAddress, QuicTls, Mono<LinkListener>> listen) {
        check(address);
        return Mono.defer(() -> parts.isDisposed()
                        ? Mono.error(OwnedParts.refusal())
                        : BindAddress.of(address.host(), address.port(), loops))
                .flatMap(at -> tls.of(handshakes.config()).flatMap(made -> listen.apply(at, made)))
                .onErrorMap(e -> SocketFailure.listening(address, e));
    }

    private Mono<LinkListener> listen(
            InetSocketAddress at,
            PeerAddress asked,
            QuicTls tls,
            Handshakes handshakes,
            Consumer<? super Establisher> onConnection) {
        DatagramChannel socket = socket();
        QuicListener listener =
                new QuicListener(socket, socket.closeFuture(), socket::close, handshakes.tally(), owning(onConnection));
        socket.pipeline().addLast(handlers(socket, listener, tls, handshakes));
        return bind(socket, nextLoop(), at).map(bound -> own(listener.at(asked)));
    }

    /** On the loop of what is lent. */
    private LinkListener listen(
            LentSocket lent,
            PeerAddress asked,
            QuicTls tls,
            Handshakes handshakes,
            Consumer<? super Establisher> onConnection) {
        DatagramChannel socket = lent.channel();
        QuicListener listener =
                new QuicListener(socket, lent.ended(), lent::giveBack, handshakes.tally(), owning(onConnection));
        lent.install(handshakes.tally(), handlers(socket, listener, tls, handshakes));
        return own(listener.at(asked));
    }

    private ChannelHandler[] handlers(
            DatagramChannel socket, QuicListener listener, QuicTls tls, Handshakes handshakes) {
        PortTally tally = handshakes.tally();
        RetryTokens tokens = new RetryTokens(new RetryCookies(RandomBytes.secure()), listener::handshakes, tally);
        return new ChannelHandler[] {
            PortWatch.accepting(tally),
            new ReadTurns(),
            QuicCodecs.accepting(tls, handshakes.receiveLimits(), options, socket, tokens, listener::onConnection),
            QuicCodecs.socketErrors()
        };
    }

    private Consumer<Establisher> owning(Consumer<? super Establisher> onConnection) {
        return connection -> {
            own(connection);
            onConnection.accept(connection);
        };
    }

    /** Cold: loads what a listener or a dial needs, which the first would wait for else. It fails where that is missing. */
    public Mono<Void> prepare(Handshakes handshakes) {
        return tls.of(handshakes.config()).then();
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

    private void own(Establisher connection) {
        parts.own(connection, connection.onClose(), connection::close);
    }

    private LinkListener own(QuicListener listener) {
        return parts.own(listener, listener.onGone(), listener::dispose);
    }

    private EventLoop nextLoop() {
        return loops.onServer(loops.isEpoll()).next();
    }

    private static void check(PeerAddress address) {
        if (!address.scheme().equals(PeerAddress.QUIC)) {
            throw new IllegalArgumentException("address is " + address + ", must be quic://host:port");
        }
    }
}
