package io.weir.reactive.transport.tcp;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.dns.NameLookup;
import io.weir.reactive.transport.dns.SystemNames;
import io.weir.reactive.transport.netty.BindAddress;
import io.weir.reactive.transport.netty.NettyLoops;
import io.weir.reactive.transport.netty.OwnedParts;
import io.weir.reactive.transport.netty.SocketFailure;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;
import reactor.util.context.Context;

/**
 * TCP on Reactor Netty, with native epoll where it loads, else with the JDK's selectors, whatever other transports are on
 * the class path. Each transport has event loop threads of its own, daemons, which end with {@link #dispose()}. A link stays
 * on one of them for life.
 *
 * <p>Listening at {@code ::} serves IPv6 and IPv4. The addresses of a name are raced (RFC 8305); at most 16 of them are
 * tried. A name is looked up for each dial, from the hosts file and DNS, whose answers are kept for their time to live.
 * Thread safe.
 */
public final class TcpTransport implements LinkTransport {

    private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);

    private final NettyLoops loops;
    private final OwnedParts parts;
    private final TcpChannels channels;
    private final TcpClient client;
    private final TcpServer server;
    private final NameLookup names;

    /** For tests too: {@code preferNative} false takes the JDK's selectors, as on platforms without native transport. */
    TcpTransport(int threads, TcpOptions options, boolean preferNative) {
        this(threads, options, preferNative, SystemNames::new, client -> client);
    }

    /** For tests: with names that are looked up elsewhere, and dials that are set up in another way. */
    TcpTransport(
            int threads,
            TcpOptions options,
            boolean preferNative,
            Function<LoopResources, NameLookup> names,
            UnaryOperator<TcpClient> dials) {
        loops = new NettyLoops("weir-tcp", threads, preferNative);
        parts = new OwnedParts(loops);
        this.names = names.apply(loops);
        channels = new TcpChannels(options, LOG);
        client = dials.apply(channels.client());
        server = channels.server(loops);
    }

    /** A transport with as many event loops as Reactor Netty finds fit for the machine. */
    public static TcpTransport create() {
        return create(LoopResources.DEFAULT_IO_WORKER_COUNT);
    }

    /** A transport with that many event loop threads. */
    public static TcpTransport create(int threads) {
        return create(threads, TcpOptions.defaults());
    }

    /** A transport with that many event loop threads, whose sockets are made with these options. */
    public static TcpTransport create(int threads, TcpOptions options) {
        return new TcpTransport(threads, Objects.requireNonNull(options, "options"), true);
    }

    /** A transport with as many event loops as Reactor Netty finds fit for the machine. */
    public static TcpTransport create(TcpOptions options) {
        return create(LoopResources.DEFAULT_IO_WORKER_COUNT, options);
    }

    /**
     * Makes a channel that is connected to nobody, reads into its first buffer in vain, and ends: so that the first
     * connection of the process does not wait for the JVM to load what it needs. Cold.
     */
    public static Mono<Void> rehearse() {
        return Mono.usingWhen(
                Mono.fromCallable(() -> create(1)), TcpTransport::makeChannel, TcpTransport::disposeLater);
    }

    private Mono<Void> makeChannel() {
        return Mono.create(sink -> {
            EventLoopGroup group = loops.onServer(loops.isEpoll());
            Channel channel = loops.onChannel(SocketChannel.class, group);
            channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
            group.register(channel).addListener(registered -> {
                prepare(channel);
                TcpLink.install(channel, null);
                channel.unsafe()
                        .recvBufAllocHandle()
                        .allocate(channel.alloc())
                        .writeByte(0)
                        .release();
                channel.close().addListener(closed -> sink.success());
            });
        });
    }

    @Override
    public String scheme() {
        return PeerAddress.TCP;
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return connect(address, timeout, DialProgress.UNHEARD);
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout, DialProgress progress) {
        check(address);
        Objects.requireNonNull(progress, "progress");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be positive");
        }
        return Mono.create(sink -> {
            if (parts.isDisposed()) {
                sink.error(SocketFailure.dialling(address, ErrorCode.CONNECT_FAILED, OwnedParts.refusal()));
            } else {
                new TcpDial(
                                this,
                                address,
                                timeout,
                                progress,
                                sink,
                                loops.onClient(loops.isEpoll()).next())
                        .start();
            }
        });
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        check(address);
        Objects.requireNonNull(onLink, "onLink");
        return bindAddress(address)
                .flatMap(at -> server.bindAddress(() -> at)
                        .doOnChannelInit((observer, channel, remote) -> {
                            prepare(channel);
                            own(TcpLink.install(channel, link -> accepted(link, onLink)));
                        })
                        .bind())
                .<LinkListener>map(bound -> own(new TcpListener(bound, address)))
                .onErrorMap(e -> SocketFailure.listening(address, e));
    }

    @Override
    public void dispose() {
        disposeLater().subscribe(null, e -> Operators.onErrorDropped(e, Context.empty()));
    }

    @Override
    public Mono<Void> disposeLater() {
        return parts.disposeLater(names::close);
    }

    @Override
    public boolean isDisposed() {
        return parts.isDisposed();
    }

    /** Sets up a channel of this transport's, before it is connected or as it is accepted. */
    void prepare(Channel channel) {
        channels.prepare(channel);
    }

    /** A client all of whose connections live on that event loop of this transport's. */
    TcpClient client(EventLoop loop) {
        return client.runOn(loops.on(loop));
    }

    NameLookup names() {
        return names;
    }

    /** Lets a link end with this transport at the latest. */
    void own(TcpLink link) {
        parts.own(link, link.onClose(), link::closeLater);
    }

    /** Links that have not ended, for tests. */
    int links() {
        return parts.all(TcpLink.class).size();
    }

    /** Listeners that have not ended, for tests. */
    List<TcpListener> listeners() {
        return parts.all(TcpListener.class);
    }

    private TcpListener own(TcpListener listener) {
        return parts.own(listener, listener.onClose().onErrorComplete(), listener::dispose);
    }

    private static void accepted(TcpLink link, Consumer<? super Link> onLink) {
        try {
            onLink.accept(link);
        } catch (Throwable e) {
            link.close();
            Fault.report(e, Context.empty());
        }
    }

    private Mono<InetSocketAddress> bindAddress(PeerAddress address) {
        return Mono.defer(() -> parts.isDisposed()
                ? Mono.error(OwnedParts.refusal())
                : BindAddress.of(address.host(), address.port(), loops));
    }

    private static void check(PeerAddress address) {
        if (!address.scheme().equals(PeerAddress.TCP)) {
            throw new IllegalArgumentException("address is " + address + ", must be tcp://host:port");
        }
    }
}
