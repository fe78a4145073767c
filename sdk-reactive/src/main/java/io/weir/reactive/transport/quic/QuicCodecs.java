package io.weir.reactive.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicTokenHandler;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.weir.reactive.transport.ReceiveLimits;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.udp.UdpChannels;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up QUIC. Its windows are at least what a session promises its peer, so that its own are the limits that count; its streams
 * are as many as the session's, and those of control and messages. It has no idle time-out: a session's silence limit decides. A
 * peer may move to another address.
 */
final class QuicCodecs {

    /** In each direction beside the halves: control, END, small messages, large ones. */
    static final int OTHER_STREAMS = 3 + MessageOutputs.LARGE;

    /**
     * Addresses at which a peer may be in the life of its connection, whose first packet counts. The library keeps each that was
     * left, as it has no other connection id for the peer, and hears nobody at one more. As the most connection ids it also goes
     * to the peer, as a right to show so many.
     */
    static final int MOST_ADDRESSES = 64;

    /** For frames that have no credit, which are always taken. */
    private static final long BESIDE_CREDIT_BYTES = 1 << 20;

    /** Without IP and UDP; what a path of IPv6 over Ethernet carries. Whether one does is found out. */
    private static final int MOST_DATAGRAM_BYTES = 1_452;

    /** What the system is given at once to cut apart; it takes no more than 65,507 bytes. */
    private static final int MOST_PER_SEND = 40;

    /** Datagrams that may be lost which QUIC holds at once, each way. It is not to hold any: who writes them knows how much room there is. */
    private static final int MOST_DATAGRAMS_HELD = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(QuicCodecs.class);

    private QuicCodecs() {}

    /** For a socket at which connections come. */
    static ChannelHandler accepting(
            QuicTls tls,
            ReceiveLimits limits,
            UdpOptions options,
            DatagramChannel socket,
            QuicTokenHandler tokens,
            Consumer<QuicChannel> onConnection) {
        return limited(new QuicServerCodecBuilder(), limits, options)
                .sslEngineProvider(tls::accepting)
                .tokenHandler(tokens)
                .activeConnectionIdLimit(MOST_ADDRESSES)
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, offload(socket, options))
                .handler(QuicCodecs.<QuicChannel>initializer(onConnection))
                .streamHandler(QuicCodecs.<Channel>initializer(stream -> {}))
                .build();
    }

    /** For a socket from which connections are dialled. */
    static ChannelHandler dialling(QuicTls tls, ReceiveLimits limits, UdpOptions options) {
        return limited(new QuicClientCodecBuilder(), limits, options)
                .sslEngineProvider(tls::dialling)
                .build();
    }

    static SegmentedDatagramPacketAllocator offload(DatagramChannel socket, UdpOptions options) {
        int perSend = Math.min(options.datagramsPerSend(), MOST_PER_SEND);
        return perSend > 1 && UdpChannels.cutsApart(socket)
                ? EpollQuicUtils.newSegmentedAllocator(perSend)
                : SegmentedDatagramPacketAllocator.NONE;
    }

    /** The end of a socket's pipeline: what the system says of a datagram that did not come ends nothing. */
    static ChannelHandler socketErrors() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                LOG.debug("{} has not read a datagram", ctx.channel(), cause);
            }
        };
    }

    /** Hands over each channel as it is registered; one for as many as there are. */
    static <C extends Channel> ChannelHandler initializer(Consumer<? super C> onChannel) {
        return new ChannelInitializer<C>() {
            @Override
            protected void initChannel(C channel) {
                onChannel.accept(channel);
            }
        };
    }

    private static <B extends QuicCodecBuilder<B>> B limited(
            QuicCodecBuilder<B> codec, ReceiveLimits limits, UdpOptions options) {
        int datagram = Math.min(MOST_DATAGRAM_BYTES, options.maxDatagramBytes());
        long window = limits.bytes() + BESIDE_CREDIT_BYTES;
        return codec.maxSendUdpPayloadSize(datagram)
                .maxRecvUdpPayloadSize(options.maxDatagramBytes())
                .discoverPmtu(true)
                .initialMaxData(window)
                .initialMaxStreamDataUnidirectional(window)
                .initialMaxStreamsUnidirectional(limits.streams() + OTHER_STREAMS)
                .activeMigration(true)
                .datagram(MOST_DATAGRAMS_HELD, MOST_DATAGRAMS_HELD)
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC);
    }
}
