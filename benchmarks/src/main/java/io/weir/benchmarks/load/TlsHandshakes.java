package io.weir.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.weir.benchmarks.peer.netty.Tls;
import io.weir.benchmarks.peer.netty.TlsOffer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * TLS 1.3 by netty-tcnative (BoringSSL) with a certificate on both sides, ECDSA on P-256, and no resumption. A connection counts when the
 * client has the server's first byte, since a client of TLS 1.3 does not know before that whether its certificate was taken.
 */
final class TlsHandshakes implements Handshakes {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SEPARATOR = "#";

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    private final SslContext context;
    private final InetSocketAddress address;

    /**
     * Of a client.
     *
     * @param own its certificate, which the server was told
     * @param address as {@link #serve} has it
     */
    TlsHandshakes(Tls.KeyPair own, String address) throws IOException {
        String[] parts = address.split(SEPARATOR);
        this.address = new InetSocketAddress("127.0.0.1", Integer.parseInt(parts[0]));
        context = TlsOffer.TLS_1_3
                .restrict(SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL))
                .keyManager(own.key(), own.certificate())
                .trustManager(Tls.trusting(parts[1]))
                .endpointIdentificationAlgorithm(null)
                .build();
    }

    /** Serves, for the life of the process; the port and the certificate's fingerprint. */
    static String serve(String clientFingerprint) throws IOException {
        Tls.KeyPair pair = Tls.newKeyPair();
        SslContext context = TlsOffer.TLS_1_3
                .restrict(SslContextBuilder.forServer(pair.key(), pair.certificate())
                        .sslProvider(SslProvider.OPENSSL))
                .trustManager(Tls.trusting(clientFingerprint))
                .clientAuth(ClientAuth.REQUIRE)
                .sessionCacheSize(1)
                .sessionTimeout(1)
                .build();
        Channel bound = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory()))
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(context.newHandler(channel.alloc()), new Greeting());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) bound.localAddress()).getPort() + SEPARATOR + pair.fingerprint();
    }

    @Override
    public String name() {
        return "raw TLS 1.3, both authenticated, netty-tcnative";
    }

    @Override
    public double perSecond(Duration time) throws InterruptedException {
        long start = System.nanoTime();
        Course course = new Course(start + time.toNanos());
        for (int i = 0; i < AT_A_TIME; i++) {
            course.ending.register();
            connect(course);
        }
        try {
            course.ending.awaitAdvanceInterruptibly(
                    course.ending.arrive(), time.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("connections that neither came nor failed", e);
        }
        if (course.failed.get() > 0) {
            throw new IllegalStateException(course.failed + " connections failed");
        }
        return course.made.get() * 1e9 / (System.nanoTime() - start);
    }

    private void connect(Course course) {
        new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(context.newHandler(channel.alloc()), new Awaiting(course));
                    }
                })
                .connect(address);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One of the rounds. */
    private static final class Course {
        final long endNanos;
        final AtomicLong made = new AtomicLong();
        final AtomicLong failed = new AtomicLong();
        final Phaser ending = new Phaser(1);

        Course(long endNanos) {
            this.endNanos = endNanos;
        }
    }

    private static final class Greeting extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte(1));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private final class Awaiting extends ChannelInboundHandlerAdapter {
        private final Course course;
        private boolean came;

        Awaiting(Course course) {
            this.course = course;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            came |= message instanceof ByteBuf bytes && bytes.isReadable();
            ReferenceCountUtil.release(message);
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        /** Whether it was connected or not. */
        @Override
        public void channelUnregistered(ChannelHandlerContext ctx) {
            (came ? course.made : course.failed).incrementAndGet();
            if (System.nanoTime() - course.endNanos < 0 && course.failed.get() == 0) {
                connect(course);
            } else {
                course.ending.arriveAndDeregister();
            }
        }
    }
}
