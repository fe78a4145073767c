package io.weir.reactive.transport.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** A client of Netty's QUIC that shows what it likes and says what it likes, on loopback. */
final class RawQuicClient implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<QuicConnectionCloseEvent> refused = new CompletableFuture<>();
    private final Channel socket;
    private final Future<QuicChannel> connecting;

    /** Begins to connect. */
    RawQuicClient(PeerAddress to, Function<QuicChannel, ? extends QuicSslEngine> engines) {
        this(to, engines, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    /** The same with an idle time-out of its own. */
    RawQuicClient(PeerAddress to, Function<QuicChannel, ? extends QuicSslEngine> engines, Duration idle) {
        this(to, engines, idle, stream -> {}, true);
    }

    /** The same, which hears of the node's streams, and takes datagrams or not. */
    RawQuicClient(
            PeerAddress to,
            Function<QuicChannel, ? extends QuicSslEngine> engines,
            Duration idle,
            Consumer<QuicStreamChannel> onStream,
            boolean datagrams) {
        QuicClientCodecBuilder codec = new QuicClientCodecBuilder()
                .sslEngineProvider(engines)
                .initialMaxData(1 << 20)
                .initialMaxStreamDataUnidirectional(1 << 20)
                .initialMaxStreamsUnidirectional(8)
                .maxIdleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS);
        socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler((datagrams ? codec.datagram(16, 16) : codec).build())
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        connecting = QuicChannel.newBootstrap(socket)
                .attr(PeerCheck.KEY, new PeerCheck(Identity.generate().peerId(), null))
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        if (event instanceof QuicConnectionCloseEvent closed) {
                            refused.complete(closed);
                        }
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        refused.completeExceptionally(cause);
                    }
                })
                .streamHandler(QuicCodecs.<QuicStreamChannel>initializer(onStream))
                .remoteAddress(new InetSocketAddress("127.0.0.1", to.port()))
                .connect();
    }

    /** The connection, when this side takes it for made. */
    QuicChannel connection() {
        if (!connecting.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("not connected");
        }
        return connecting.getNow();
    }

    /** Whether it connects, and is not refused behind that. */
    boolean isSecured() {
        return connecting.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS) && connecting.isSuccess();
    }

    /** What the server has said in closing; completes exceptionally where this side cannot go on. */
    CompletableFuture<QuicConnectionCloseEvent> refused() {
        return refused;
    }

    /** A stream of its own, beginning with these bytes. */
    QuicStreamChannel open(int... bytes) {
        QuicStreamChannel stream = connection()
                .createStream(QuicStreamType.UNIDIRECTIONAL, null)
                .syncUninterruptibly()
                .getNow();
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        stream.writeAndFlush(Unpooled.wrappedBuffer(all)).awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return stream;
    }

    /** A datagram past the stack, from the same port. */
    void send(byte[] datagram) {
        InetSocketAddress to = (InetSocketAddress) connection().remoteSocketAddress();
        socket.eventLoop()
                .submit(() -> socket.pipeline()
                        .firstContext()
                        .writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram), to)))
                .syncUninterruptibly();
    }

    @Override
    public void close() {
        socket.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
