package io.weir.reactive.transport.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.weir.core.handshake.RetryCookies;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.PortTally;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** A server of Netty's QUIC that shows what it likes and ends connections as it likes, on loopback. It says nothing by itself. */
final class RawQuicServer implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel socket;

    /**
     * Listens from now on.
     *
     * @param idle its idle time-out; none if zero
     * @param onSecured hears of each connection when keys are agreed on
     */
    RawQuicServer(
            Function<QuicChannel, ? extends QuicSslEngine> engines, Duration idle, Consumer<QuicChannel> onSecured) {
        socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new QuicServerCodecBuilder()
                        .sslEngineProvider(engines)
                        .tokenHandler(
                                new RetryTokens(new RetryCookies(new Random(1)::nextBytes), () -> 0, PortTally.NONE))
                        .initialMaxData(1 << 20)
                        .initialMaxStreamDataUnidirectional(1 << 20)
                        .initialMaxStreamsUnidirectional(8)
                        .maxIdleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                        .handler(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                onSecured.accept((QuicChannel) ctx.channel());
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                // the other side is what is tested
                            }

                            @Override
                            public boolean isSharable() {
                                return true;
                            }
                        })
                        .streamHandler(QuicCodecs.<Channel>initializer(stream -> {}))
                        .build())
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    PeerAddress address() {
        return PeerAddress.quic("127.0.0.1", ((InetSocketAddress) socket.localAddress()).getPort());
    }

    @Override
    public void close() {
        socket.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
