package io.weir.reactive.transport.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.weir.core.identity.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Genuine first packets of clients, each of another connection, to be sent anywhere: clients dial a socket that keeps what comes. */
final class FirstPackets implements AutoCloseable {

    private static final int AT = 6;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DatagramSocket deaf;
    private final Channel socket;
    private final Set<ByteBuffer> known = new HashSet<>();

    FirstPackets() {
        try {
            deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // one packet holds it, as there is no ML-KEM in it
        QuicTls tls = new QuicTls(Identity.generate(), QuicTls.PROTOCOL, List.of("X25519"));
        socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslEngineProvider(tls::dialling)
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .build())
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    /** The datagram of one that was not told before. */
    byte[] next() throws IOException {
        QuicChannel.newBootstrap(socket)
                .attr(PeerCheck.KEY, new PeerCheck(Identity.generate().peerId(), null))
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(deaf.getLocalSocketAddress())
                .connect();
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        do {
            deaf.receive(packet);
        } while (!known.add(connectionId(packet))); // a client says it again while nobody answers
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static ByteBuffer connectionId(DatagramPacket packet) {
        return ByteBuffer.wrap(Arrays.copyOfRange(packet.getData(), AT, AT + packet.getData()[AT - 1]));
    }

    @Override
    public void close() {
        deaf.close();
        socket.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
