package io.weir.test.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.weir.core.peer.PeerAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Impairs datagrams to one target and back. Each client, which is a source address and port, has a port of its own towards
 * the target.
 *
 * <p>All figures of the profile are taken as they are, 28 bytes of headers included: a datagram is lost by chance, in
 * bursts, where it is larger than the MTU, where the queue before the bottleneck is full, in a partition and in a black
 * hole; one of its bits is flipped; it arrives twice; it is held back by up to the latency, but at least up to 5 ms, so
 * that later ones overtake it. {@link #changeAddress} gives every client another source port; what is sent to the old one
 * is lost.
 *
 * <p>Holds at most 10,000 datagrams under way, and 256 clients; those beyond are lost.
 */
public final class UdpImpairment extends Impairment {

    private static final int MOST_UNDER_WAY = 10_000;
    private static final int MOST_CLIENTS = 256;
    private static final int MOST_BYTES = 65_535;
    private static final int SOCKET_BYTES = 1 << 20;
    private static final int HEADER_BYTES = 28;
    private static final long LEAST_HELD_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Channel front;
    private final Map<InetSocketAddress, ChannelFuture> clients = new HashMap<>();
    private int underWay;

    private UdpImpairment(PeerAddress target, long seed) {
        super(target, PeerAddress.UDP, seed);
        front = bound(bind(new Receiver(this::fromClient)));
    }

    /**
     * Takes a free port of the target's loopback address. What is sent there is sent to the target.
     *
     * @param target {@code udp://}, a loopback address and a port; the peer that it expects is kept
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
        onLoop(() -> {
            for (Map.Entry<InetSocketAddress, ChannelFuture> client : clients.entrySet()) {
                Channel left = client.getValue().channel();
                // only then, or the system might give the same port again
                client.setValue(towardsTarget(client.getKey()).addListener(bound -> left.close()));
            }
        });
    }

    @Override
    void resume() {
        // Nothing waits: what came meanwhile is lost.
    }

    @Override
    void release() {
        front.close();
        clients.values().forEach(client -> client.channel().close());
        clients.clear();
    }

    /** Datagrams that have not arrived. On the loop. */
    int underWay() {
        return underWay;
    }

    private ChannelFuture bind(ChannelHandler handler) {
        return new Bootstrap()
                .group(loop())
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BYTES)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MOST_BYTES))
                .handler(handler)
                .bind(new InetSocketAddress(targetSocket().getAddress(), 0));
    }

    private void fromClient(DatagramPacket packet) {
        InetSocketAddress client = packet.sender();
        if (!clients.containsKey(client) && clients.size() == MOST_CLIENTS) {
            return;
        }
        clients.computeIfAbsent(client, this::towardsTarget);
        pass(Way.TO_TARGET, packet.content(), bytes -> send(client, bytes));
    }

    /** Sends by the port that the client has when the datagram arrives, once that is bound. */
    private void send(InetSocketAddress client, ByteBuf bytes) {
        ChannelFuture port = clients.get(client);
        if (port == null) {
            bytes.release();
            return;
        }
        port.addListener(bound -> {
            if (bound.isSuccess()) {
                port.channel().writeAndFlush(new DatagramPacket(bytes, targetSocket()));
            } else {
                bytes.release();
            }
        });
    }

    private ChannelFuture towardsTarget(InetSocketAddress client) {
        return bind(new Receiver(packet -> {
            if (packet.sender().equals(targetSocket())) {
                pass(Way.TO_CLIENT, packet.content(), bytes -> front.writeAndFlush(new DatagramPacket(bytes, client)));
            }
        }));
    }

    private void pass(Way way, ByteBuf content, Consumer<ByteBuf> arrival) {
        Direction direction = direction(way);
        long now = System.nanoTime();
        Fate fate = direction.next();
        int wireBytes = content.readableBytes() + HEADER_BYTES;
        if (wireBytes > direction.profile().mtu() || direction.outageNanos(now) > 0 || !direction.hasRoom(now)) {
            return;
        }
        long departure = direction.departure(now, wireBytes);
        if (fate.lost() != null) {
            return;
        }
        ByteBuf bytes = content.copy();
        if (fate.damaged() && bytes.isReadable()) {
            int bit = fate.bitOf(bytes.readableBytes() * 8);
            bytes.setByte(bit / 8, bytes.getByte(bit / 8) ^ 1 << bit % 8);
        }
        long waitNanos = departure - now + direction.transitNanos(fate);
        long mostHeldBack = Math.max(direction.profile().latency().toNanos(), LEAST_HELD_BACK_NANOS);
        if (fate.duplicated()) {
            arrive(bytes.copy(), waitNanos + (long) (fate.heldBackAgain() * mostHeldBack), arrival);
        }
        arrive(bytes, waitNanos + (long) (fate.heldBack() * mostHeldBack), arrival);
    }

    private void arrive(ByteBuf bytes, long waitNanos, Consumer<ByteBuf> arrival) {
        if (waitNanos <= 0) {
            arrival.accept(bytes);
        } else if (underWay == MOST_UNDER_WAY || loop().isShuttingDown()) {
            bytes.release();
        } else {
            underWay++;
            loop().schedule(
                            () -> {
                                underWay--;
                                arrival.accept(bytes);
                            },
                            waitNanos,
                            TimeUnit.NANOSECONDS)
                    .addListener(done -> {
                        if (done.isCancelled()) {
                            bytes.release();
                        }
                    });
        }
    }

    /** Hands over what arrives at a port. */
    private static final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
        private final Consumer<DatagramPacket> consumer;

        Receiver(Consumer<DatagramPacket> consumer) {
            this.consumer = consumer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            consumer.accept(packet);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A port that nobody listens at: datagrams are lost there.
        }
    }
}
