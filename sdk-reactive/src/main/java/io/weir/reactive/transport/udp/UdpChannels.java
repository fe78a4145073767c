package io.weir.reactive.transport.udp;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
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
final class UdpChannels {

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

    /** Before it is bound; it does not read. */
    static void prepare(DatagramChannel channel, UdpOptions options, boolean offload) {
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
            set(channel, IP_MTU_DISCOVER, PMTUDISC_PROBE);
            set(channel, IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
            if (offload) {
                receiveJoined((EpollDatagramChannel) channel);
            }
        } else {
            dontFragment(channel);
        }
    }

    /** Whether the system cuts batches apart for that channel. */
    static boolean cutsApart(DatagramChannel channel) {
        return channel instanceof EpollDatagramChannel && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    /** What the system has given, where it says so: Linux counts its own overhead too, by doubling, and the JDK halves. */
    static int receiveBufferBytes(DatagramChannel channel) {
        int told = channel.config().getReceiveBufferSize();
        return channel instanceof EpollDatagramChannel ? told / 2 : told;
    }

    /** As {@link #receiveBufferBytes}. */
    static int sendBufferBytes(DatagramChannel channel) {
        int told = channel.config().getSendBufferSize();
        return channel instanceof EpollDatagramChannel ? told / 2 : told;
    }

    /** Datagrams of one flow come as one piece with the size of the cuts, from which Netty makes datagrams again. */
    private static void receiveJoined(EpollDatagramChannel channel) {
        try {
            channel.config().setUdpGro(true);
        } catch (ChannelException e) {
            LOG.debug("no receive offload for {}", channel, e);
        }
    }

    private static <T> void set(DatagramChannel channel, ChannelOption<T> option, T value) {
        try {
            channel.config().setOption(option, value);
        } catch (ChannelException e) {
            LOG.debug("{} is not set for {}", option, channel, e);
        }
    }

    /** The JDK has had this option since 19; who compiles for 17 knows it by its name only. */
    private static void dontFragment(DatagramChannel channel) {
        for (ChannelOption<?> option : channel.config().getOptions().keySet()) {
            if (option instanceof NioChannelOption<?> nio && nio.name().equals("IP_DONTFRAGMENT")) {
                @SuppressWarnings("unchecked") // as its documentation has it
                ChannelOption<Boolean> found = (ChannelOption<Boolean>) nio;
                set(channel, found, true);
                return;
            }
        }
    }
}
