package io.weir.benchmarks.peer.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.weir.benchmarks.peer.netty.DatagramLoop;
import io.weir.benchmarks.peer.netty.TcpAddress;
import io.weir.benchmarks.peer.netty.Tls;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One process' UDP socket for QUIC, as {@link DatagramLoop} sets it up, with segmentation offload where the size has several
 * segments.
 */
final class QuicEndpoint {
    private static final String PROTOCOL = "weir-benchmark";

    /** Wide enough that no window bounds the rate over loopback. */
    private static final long STREAM_WINDOW_BYTES = 4 << 20;

    private static final long CONNECTION_WINDOW_BYTES = 16 << 20;
    private static final int MOST_STREAMS = 1_000;
    private static final int IDLE_SECONDS = 600;

    private final QuicSize size;
    private final DatagramLoop loop = DatagramLoop.named("quic");

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
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segmentation())
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(onStream);
        Channel bound = loop.bind(codec.build());
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
        Channel bound = loop.bind(
                limited(new QuicClientCodecBuilder().sslContext(context)).build());
        return QuicPeer.await(QuicChannel.newBootstrap(bound)
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segmentation())
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(new InetSocketAddress(TcpAddress.HOST, target.port()))
                .connect());
    }

    private SegmentedDatagramPacketAllocator segmentation() {
        return size.segments() == 1
                ? SegmentedDatagramPacketAllocator.NONE
                : EpollQuicUtils.newSegmentedAllocator(size.segments());
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
}
