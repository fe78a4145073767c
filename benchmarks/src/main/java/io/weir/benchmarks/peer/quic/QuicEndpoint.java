package io.weir.benchmarks.peer.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weir.benchmarks.peer.netty.TcpAddress;
import io.weir.benchmarks.peer.netty.Tls;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;

/**
 * One process' UDP socket for QUIC and its event loop, set up as Weir sets up its own: 4 MiB of buffers in both directions,
 * receive offload, and segmentation offload where the size has several segments.
 */
final class QuicEndpoint {
    private static final String PROTOCOL = "weir-benchmark";
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int RECEIVE_BYTES = 64 << 10;
    private static final int DATAGRAMS_PER_READ = 256;

    /** Wide enough that no window bounds the rate over loopback. */
    private static final long STREAM_WINDOW_BYTES = 4 << 20;

    private static final long CONNECTION_WINDOW_BYTES = 16 << 20;
    private static final int MOST_STREAMS = 1_000;
    private static final int IDLE_SECONDS = 600;

    private final QuicSize size;
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("quic", true), EpollIoHandler.newFactory());

    private QuicEndpoint(QuicSize size) {
        this.size = size;
    }

    static QuicEndpoint open(QuicSize size) {
        return new QuicEndpoint(size);
    }

    /** Listens for the life of the process, and returns where, with the certificate's fingerprint. */
    String listen(ChannelHandler onStream) {
        Tls.KeyPair pair = Tls.newKeyPair();
        QuicSslContext context = QuicSslContextBuilder.forServer(pair.key(), null, pair.certificate())
                .applicationProtocols(PROTOCOL)
                .build();
        QuicServerCodecBuilder codec = limited(new QuicServerCodecBuilder().sslContext(context))
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(onStream);
        if (size.segments() > 1) {
            codec.option(
                    QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                    EpollQuicUtils.newSegmentedAllocator(size.segments()));
        }
        Channel bound = bind(codec.build());
        return TcpAddress.of(bound.localAddress(), pair.fingerprint()).toString();
    }

    /** Connects to what listens there, with the certificate of that fingerprint. */
    QuicChannel connect(String address) {
        TcpAddress target = TcpAddress.parse(address);
        QuicSslContext context = QuicSslContextBuilder.forClient()
                .trustManager(Tls.trusting(target.fingerprint()))
                .endpointIdentificationAlgorithm(null) // the fingerprint says more than a name
                .applicationProtocols(PROTOCOL)
                .build();
        Channel bound =
                bind(limited(new QuicClientCodecBuilder().sslContext(context)).build());
        var connecting = QuicChannel.newBootstrap(bound)
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(new InetSocketAddress(TcpAddress.HOST, target.port()));
        if (size.segments() > 1) {
            connecting.option(
                    QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                    EpollQuicUtils.newSegmentedAllocator(size.segments()));
        }
        return QuicPeer.await(connecting.connect());
    }

    /** The TLS protocol and cipher suite of a connection. */
    static String negotiated(QuicChannel connection) {
        SSLSession session =
                connection.sslEngine() == null ? null : connection.sslEngine().getSession();
        return session == null ? "" : session.getProtocol() + " " + session.getCipherSuite();
    }

    private <B extends QuicCodecBuilder<B>> B limited(QuicCodecBuilder<B> codec) {
        return codec.maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .maxSendUdpPayloadSize(size.datagramBytes())
                .maxRecvUdpPayloadSize(size.datagramBytes())
                .initialMaxData(CONNECTION_WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW_BYTES)
                .initialMaxStreamsBidirectional(MOST_STREAMS)
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC);
    }

    private Channel bind(ChannelHandler codec) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                .option(EpollChannelOption.UDP_GRO, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(DATAGRAMS_PER_READ))
                .handler(codec);
        return bootstrap
                .bind(new InetSocketAddress(TcpAddress.HOST, 0))
                .syncUninterruptibly()
                .channel();
    }
}
