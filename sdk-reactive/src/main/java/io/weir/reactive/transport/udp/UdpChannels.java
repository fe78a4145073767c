package io.weir.reactive.transport.udp;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.netty.SocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up channels for datagrams. What a system does not know is left out, and the rest works without it.
 *
 * <p>A datagram is never fragmented on its way where that can be said (epoll, and the JDK's channels from JDK 19 on), or the
 * search for the path's MTU would find what fragments carry. The system's own knowledge of the path counts for nothing then,
 * for anybody can forge the ICMP message that it rests on: only the interface's MTU makes it refuse (RFC 8899 section 4.6).
 *
 * <p>Marks of congestion are neither set nor seen: Netty can set them for a whole socket only, and cannot read them.
 */
public final class UdpChannels {

    /** No datagram, and no batch of them that was put together on arrival, is larger. */
    private static final int RECEIVE_BYTES = 64 << 10;

    /** Without epoll each datagram of a turn holds a buffer of that size until all of the turn are read. */
    private static final int MOST_BUFFERED = 16;

    // Linux: options, and the value that says don't fragment and ignore what ICMP says of the path.
    private static final IntegerUnixChannelOption IP_MTU_DISCOVER =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final IntegerUnixChannelOption IPV6_MTU_DISCOVER =
            new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);
    private static final int PMTUDISC_PROBE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(UdpChannels.class);

    private UdpChannels() {}

    /**
     * Before it is bound; it does not read.
     *
     * @param offload whether datagrams may come joined
     */
    public static void prepare(DatagramChannel channel, UdpOptions options, boolean offload) {
        DatagramChannelConfig config = channel.config();
        config.setAutoRead(false);
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(UdpSender.LOW_WATER_BYTES, UdpSender.HIGH_WATER_BYTES));
        config.setReceiveBufferSize(options.receiveBufferBytes());
        config.setSendBufferSize(options.sendBufferBytes());
        boolean epoll = channel instanceof EpollDatagramChannel;
        int perTurn = epoll ? options.datagramsPerTurn() : Math.min(options.datagramsPerTurn(), MOST_BUFFERED);
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(perTurn));
        if (epoll) {
            SocketOptions.trySet(channel, IP_MTU_DISCOVER, PMTUDISC_PROBE);
            SocketOptions.trySet(channel, IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
            if (offload) {
                receiveJoined((EpollDatagramChannel) channel);
            }
        } else {
            SocketOptions.trySet(channel, "IP_DONTFRAGMENT", true); // since JDK 19
        }
    }

    /** Lets others of this user bind the address too, each of which gets some of what comes there. Epoll's only. */
    static void share(DatagramChannel channel) {
        channel.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
    }

    /** Whether the system cuts batches apart for that channel. */
    public static boolean cutsApart(DatagramChannel channel) {
        return channel instanceof EpollDatagramChannel && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    /** Datagrams of one flow come as one piece with the size of the cuts, from which Netty makes datagrams again. */
    private static void receiveJoined(EpollDatagramChannel channel) {
        try {
            channel.config().setUdpGro(true);
        } catch (ChannelException e) {
            LOG.debug("no receive offload for {}", channel, e);
        }
    }
}
