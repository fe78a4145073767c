package io.weir.test.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.weir.core.peer.PeerAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Impairs TCP connections to one target. The figures of the profile are for packets; TCP hides most faults behind time,
 * and so does the proxy, which cuts what it reads into packets of the MTU:
 *
 * <table>
 * <caption>What the faults are on TCP</caption>
 * <tr><th>fault</th><th>what happens</th></tr>
 * <tr><td>latency, jitter, rate</td><td>as they are; nothing overtakes</td></tr>
 * <tr><td>loss, bursts, corruption</td><td>the packet is late by a retransmission time-out, 200 ms and a round trip,
 * doubled with each further loss; all behind it wait. After 15 in vain the connection is reset</td></tr>
 * <tr><td>{@link #corruptionBeyondChecksum}</td><td>a flipped bit arrives</td></tr>
 * <tr><td>duplication, reordering</td><td>nothing: TCP puts them right</td></tr>
 * <tr><td>queue limit</td><td>no loss: the proxy reads no more while so many packets wait</td></tr>
 * <tr><td>partition, black hole</td><td>bytes, ends and resets wait, and go on at once afterwards; new connections are
 * accepted here and not made to the target until then</td></tr>
 * <tr><td>address change</td><td>the connections are reset</td></tr>
 * </table>
 *
 * <p>Holds at most 1 MiB for each direction of a connection, and 1,024 connections; further ones are reset. A side that
 * does not read stops the other one.
 */
public final class TcpImpairment extends Impairment {

    private static final int MOST_CONNECTIONS = 1_024;
    private static final int READ_BYTES = 16 * 1024;

    private final Channel listener;
    private final Set<TcpRelay> relays = new LinkedHashSet<>();

    private TcpImpairment(PeerAddress target, long seed) {
        super(target, List.of(PeerAddress.TCP), seed, NioIoHandler.newFactory());
        listener = bound(new ServerBootstrap()
                .group(loop())
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, oneReadAtATime())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        accept(client);
                    }
                })
                .bind(targetSocket().getAddress(), 0));
    }

    /**
     * Listens at a free port of the target's loopback address. What connects there is connected to the target.
     *
     * @param target {@code tcp://}, a loopback address and a port; the peer that it expects is kept
     * @throws IllegalStateException if no port can be bound
     */
    public static TcpImpairment startNow(PeerAddress target, long seed) {
        return new TcpImpairment(target, seed);
    }

    @Override
    public InetSocketAddress socketAddress() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Probability that a packet arrives with one bit flipped that its checksum does not betray; 0 to 1. */
    public void corruptionBeyondChecksum(Way way, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + ", must be from 0 to 1");
        }
        direction(way).corruptionBeyondChecksum(probability);
    }

    /** Resets every connection, at both sides and at once; what is under way is lost. */
    public void reset() {
        onLoop(() -> List.copyOf(relays).forEach(TcpRelay::reset));
    }

    /**
     * On every connection, ends the output to one side, behind what is under way; what its other side sends from now on
     * goes nowhere. The other direction stays open.
     */
    public void halfClose(Way way) {
        onLoop(() -> List.copyOf(relays).forEach(relay -> relay.halfClose(way)));
    }

    /** As {@link #reset}: a connection does not survive it. */
    @Override
    public void changeAddress() {
        reset();
    }

    @Override
    void resume() {
        List.copyOf(relays).forEach(TcpRelay::resume);
    }

    @Override
    void release() {
        listener.close();
        List.copyOf(relays).forEach(TcpRelay::reset);
    }

    /** Packets that have come so far. On the loop. */
    long packets(Way way) {
        return direction(way).packets();
    }

    void forget(TcpRelay relay) {
        relays.remove(relay);
    }

    /** The other half of a connection. */
    Bootstrap dial(ChannelHandler handler) {
        return new Bootstrap()
                .group(loop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, oneReadAtATime())
                .handler(handler)
                .remoteAddress(targetSocket());
    }

    private void accept(SocketChannel client) {
        TcpRelay relay = new TcpRelay(this, client);
        boolean tooMany = relays.size() == MOST_CONNECTIONS;
        relays.add(relay);
        // a channel that is being initialised must not be closed inside that
        loop().execute(tooMany ? relay::reset : relay::connect);
    }

    private static FixedRecvByteBufAllocator oneReadAtATime() {
        FixedRecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(READ_BYTES);
        allocator.maxMessagesPerRead(1);
        return allocator;
    }
}
