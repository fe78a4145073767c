package io.weir.test.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.weir.core.peer.PeerAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Impairs datagrams to one target and back. Each client, which is a source address and port, has a port of its own towards
 * the target.
 *
 * <p>All figures of the profile are taken as they are, 28 bytes of headers included: a datagram is lost by chance, in
 * bursts, where it is larger than the MTU, where the queue before the bottleneck is full, in a partition and in a black
 * hole; one of its bits is flipped; it arrives twice; it is held back by up to the latency, but at least up to 5 ms, so
 * that later ones overtake it. {@link #changeAddress} gives every client another source port; what is sent to the old one
 * is lost. {@link #counts} tells what became of all of them. Marks of congestion do not pass.
 *
 * <p>Holds at most 20,000 datagrams and 64 MiB under way, 1 MiB that a socket has not taken, and 256 clients; those beyond are
 * lost, and counted. Where there is epoll, segmentation and receive offload let it carry some 2 Gbit/s on two cores, and datagrams
 * leave within 0.1 ms of their time; without it within 1 ms.
 */
public final class UdpImpairment extends Impairment {

    private static final int MOST_CLIENTS = 256;
    private static final int MOST_BYTES = 65_535;
    private static final int SOCKET_BYTES = 4 << 20;
    private static final int MOST_UNSENT_BYTES = 1 << 20;
    private static final int READS_PER_TURN = 16;
    private static final int HEADER_BYTES = 28;
    private static final long LEAST_HELD_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Map<InetSocketAddress, Client> clients = new HashMap<>();
    private final Map<Way, DatagramTally> tallies = new EnumMap<>(Way.class);
    private final UnderWay underWay = new UnderWay(loop());
    private final Channel front;

    private UdpImpairment(PeerAddress target, long seed) {
        super(target, List.of(PeerAddress.UDP, PeerAddress.QUIC), seed, ioHandler());
        for (Way way : Way.values()) {
            tallies.put(way, new DatagramTally());
        }
        Channel opened =
                nowOnLoop(() -> Optional.ofNullable(open(this::fromClient))).orElse(null);
        if (opened == null) {
            throw notBound(null);
        }
        front = opened;
    }

    private static IoHandlerFactory ioHandler() {
        return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /**
     * Takes a free port of the target's loopback address. What is sent there is sent to the target.
     *
     * @param target {@code udp://} or {@code quic://}, a loopback address and a port; the peer that it expects is kept
     * @throws IllegalStateException if no port can be bound
     */
    public static UdpImpairment startNow(PeerAddress target, long seed) {
        return new UdpImpairment(target, seed);
    }

    @Override
    public InetSocketAddress socketAddress() {
        return (InetSocketAddress) front.localAddress();
    }

    /** From now on the target sees every client at another port. */
    @Override
    public void changeAddress() {
        onLoop(() -> clients.values().forEach(Client::move));
    }

    /** What has become of the datagrams of a direction so far. Asks the proxy's thread, also after {@link #close}. */
    public DatagramCounts counts(Way way) {
        return nowOnLoop(() -> tally(way).counts());
    }

    @Override
    void resume() {
        // Nothing waits: what came meanwhile is lost.
    }

    @Override
    void release() {
        underWay.close();
        front.close();
        clients.values().forEach(Client::close);
        clients.clear();
    }

    private DatagramTally tally(Way way) {
        return Objects.requireNonNull(tallies.get(way));
    }

    // ---- sockets

    /** A new socket at a free port, read at once; null if there is none. On the loop, where all of it happens in the call. */
    private @Nullable Channel open(Consumer<DatagramPacket> receiver) {
        DatagramChannel channel = Epoll.isAvailable() ? new EpollDatagramChannel() : new NioDatagramChannel();
        DatagramChannelConfig config = channel.config();
        config.setReceiveBufferSize(SOCKET_BYTES);
        config.setSendBufferSize(SOCKET_BYTES);
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(MOST_UNSENT_BYTES / 2, MOST_UNSENT_BYTES));
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(MOST_BYTES).maxMessagesPerRead(READS_PER_TURN));
        if (channel instanceof EpollDatagramChannel epoll
                && EpollDatagramChannel.isSegmentedDatagramPacketSupported()) {
            epoll.config().setUdpGro(true);
        }
        channel.pipeline().addLast(new Receiver(receiver));
        loop().register(channel);
        if (channel.bind(new InetSocketAddress(targetSocket().getAddress(), 0)).isSuccess()) {
            return channel;
        }
        channel.close();
        return null;
    }

    /** Hands over what arrives at a port. */
    private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
        private final Consumer<DatagramPacket> consumer;

        Receiver(Consumer<DatagramPacket> consumer) {
            this.consumer = consumer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            consumer.accept(packet);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            underWay.deliver();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A port that nobody listens at: datagrams are lost there.
        }
    }

    /** Who has sent something, and the port by which the target knows it. */
    private final class Client {
        private final DatagramExit there;
        private final DatagramExit back;
        private @Nullable Channel port;

        Client(InetSocketAddress address) {
            there = new DatagramExit(() -> port, targetSocket(), tally(Way.TO_TARGET));
            back = new DatagramExit(() -> front, address, tally(Way.TO_CLIENT));
            port = open(this::fromTarget);
        }

        /** The old port is let go only when there is another, or the system might give the same again. */
        void move() {
            Channel left = port;
            port = open(this::fromTarget);
            if (left != null) {
                left.close();
            }
        }

        void close() {
            if (port != null) {
                port.close();
            }
        }

        private void fromTarget(DatagramPacket packet) {
            if (packet.sender().equals(targetSocket())) {
                pass(Way.TO_CLIENT, packet.content(), back);
            }
        }
    }

    // ---- datagrams

    private void fromClient(DatagramPacket packet) {
        Client client = clients.get(packet.sender());
        if (client == null) {
            if (clients.size() == MOST_CLIENTS) {
                tally(Way.TO_TARGET).came++;
                tally(Way.TO_TARGET).overflowed();
                return;
            }
            client = new Client(packet.sender());
            clients.put(packet.sender(), client);
        }
        pass(Way.TO_TARGET, packet.content(), client.there);
    }

    private void pass(Way way, ByteBuf content, DatagramExit exit) {
        Direction direction = direction(way);
        DatagramTally tally = exit.tally();
        tally.came++;
        long now = System.nanoTime();
        Fate fate = direction.next();
        int wireBytes = content.readableBytes() + HEADER_BYTES;
        if (wireBytes > direction.profile().mtu()) {
            tally.tooLarge++;
        } else if (direction.outageNanos(now) > 0) {
            tally.swallowed++;
        } else if (!direction.hasRoom(now)) {
            tally.queueFull++;
        } else {
            long departureNanos = direction.departure(now, wireBytes); // what is lost has been through the bottleneck
            if (fate.lost() != null) {
                tally.lostByChance++;
            } else {
                travel(direction, fate, content.copy(), departureNanos, exit);
            }
        }
    }

    private void travel(Direction direction, Fate fate, ByteBuf bytes, long departureNanos, DatagramExit exit) {
        DatagramTally tally = exit.tally();
        if (fate.damaged() && bytes.isReadable()) {
            tally.damaged++;
            int bit = fate.bitOf(bytes.readableBytes() * 8);
            bytes.setByte(bit / 8, bytes.getByte(bit / 8) ^ 1 << bit % 8);
        }
        long arrivalNanos = departureNanos + direction.transitNanos(fate);
        long mostHeldBack = Math.max(direction.profile().latency().toNanos(), LEAST_HELD_BACK_NANOS);
        if (fate.duplicated()) {
            tally.duplicated++;
            underWay.add(bytes.copy(), arrivalNanos + (long) (fate.heldBackAgain() * mostHeldBack), exit);
        }
        if (fate.heldBack() > 0) {
            tally.heldBack++;
        }
        underWay.add(bytes, arrivalNanos + (long) (fate.heldBack() * mostHeldBack), exit);
    }
}
