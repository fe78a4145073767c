#!/usr/bin/env bash
# A QUIC server hears a peer at two addresses in the life of a connection, and at no third.
#
# What happens: a client stays where it is, and the NAT before it gives it another port now and then. The server follows it to the
# second port. At the third it hears nothing any more, though every packet is genuine, and the connection ends by its idle
# time-out. Each address keeps a place, of as many as activeConnectionIdLimit says, 2 by default; one that is left does not give
# its place up, as the client has told of no other connection ids: Netty's client tells of none. And the port that the event shows
# is byte-swapped; the channel's own is right.
# Expected: that it is followed as often as it moves; and the port. Seen (Netty 4.2.18.Final, JDK 17):
#
#   address 1: heard
#   address 2: heard
#   address 3: not heard
#   port in the event: byte-swapped
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs Linux on x86-64, a JDK 17 or newer and Maven; writes
# into a temporary folder only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-codec-native-quic</artifactId><version>4.2.18.Final</version><classifier>linux-x86_64</classifier></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars
keytool -genkeypair -alias a -dname CN=a -keyalg EC -groupname secp256r1 -keystore store.p12 -storetype PKCS12 -storepass password 2>/dev/null

cat >Finding.java <<'JAVA'
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.*;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.*;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.FileInputStream;
import java.net.*;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

class Finding {
    public static void main(String[] args) throws Exception {
        AtomicInteger came = new AtomicInteger();
        AtomicReference<QuicChannel> accepted = new AtomicReference<>();
        AtomicReference<String> event = new AtomicReference<>();
        InetSocketAddress server = listen(100, each(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                accepted.set((QuicChannel) ctx.channel());
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object told) {
                if (told instanceof QuicPathEvent.PeerMigrated moved) {
                    event.set(moved.remote().getPort() == port(accepted.get()) ? "right"
                            : moved.remote().getPort() == (Short.reverseBytes((short) port(accepted.get())) & 0xFFFF) ? "byte-swapped" : "another");
                }
            }
        }), each(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                came.addAndGet(((ByteBuf) message).readableBytes());
                ((ByteBuf) message).release();
            }
        }));
        Relay relay = new Relay(server);
        QuicChannel connection = connect(relay.address(), each(ChannelInboundHandlerAdapter::new));
        for (int address = 1; address <= 3; address++) {
            int before = came.get();
            connection.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()).get()
                    .writeAndFlush(Unpooled.copiedBuffer(new byte[100])).sync();
            TimeUnit.SECONDS.sleep(3);
            System.out.println("address " + address + ": " + (came.get() > before ? "heard" : "not heard"));
            relay.rebind();
        }
        System.out.println("port in the event: " + event.get());
        System.exit(0);
    }

    static int port(QuicChannel channel) {
        return ((InetSocketAddress) channel.remoteSocketAddress()).getPort();
    }

    static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** A server at a free port of the loopback interface. */
    static InetSocketAddress listen(int streams, ChannelHandler connections, ChannelHandler inboundStreams) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        char[] password = "password".toCharArray();
        keys.load(new FileInputStream("store.p12"), password);
        QuicSslContext tls = QuicSslContextBuilder
                .forServer((PrivateKey) keys.getKey("a", password), null, (X509Certificate) keys.getCertificate("a"))
                .applicationProtocols("x").build();
        return (InetSocketAddress) new Bootstrap().group(LOOPS).channel(NioDatagramChannel.class)
                .handler(new QuicServerCodecBuilder().sslContext(tls).tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                        .maxIdleTimeout(60, TimeUnit.SECONDS).initialMaxData(1 << 24)
                        .initialMaxStreamDataUnidirectional(1 << 24).initialMaxStreamsUnidirectional(streams)
                        .handler(connections).streamHandler(inboundStreams).build())
                .bind("127.0.0.1", 0).sync().channel().localAddress();
    }

    static QuicChannel connect(InetSocketAddress to, ChannelHandler inboundStreams) throws Exception {
        QuicSslContext tls = QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols("x").build();
        Channel socket = new Bootstrap().group(LOOPS).channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder().sslContext(tls).maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(1 << 24).initialMaxStreamDataUnidirectional(1 << 24)
                        .initialMaxStreamsUnidirectional(100).build())
                .bind("127.0.0.1", 0).sync().channel();
        return QuicChannel.newBootstrap(socket).handler(new ChannelInboundHandlerAdapter()).streamHandler(inboundStreams)
                .remoteAddress(to).connect().get(10, TimeUnit.SECONDS);
    }

    /** A handler for as many channels as there are. */
    static ChannelHandler each(java.util.function.Supplier<ChannelHandler> made) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(made.get());
            }
        };
    }

    /** Between one client and a server, as a NAT: the server sees the port of {@code back}, which {@link #rebind} changes. */
    static class Relay {
        final DatagramSocket front = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        final InetSocketAddress server;
        volatile DatagramSocket back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        volatile SocketAddress client;
        volatile boolean dropsToClient;

        Relay(InetSocketAddress server) throws Exception {
            this.server = server;
            pass(front, packet -> {
                client = packet.getSocketAddress();
                packet.setSocketAddress(server);
                back.send(packet);
            });
            listenBack();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) front.getLocalSocketAddress();
        }

        void rebind() throws Exception {
            DatagramSocket before = back;
            back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            listenBack();
            before.close();
        }

        void listenBack() {
            pass(back, packet -> {
                if (!dropsToClient) {
                    packet.setSocketAddress(client);
                    front.send(packet);
                }
            });
        }

        interface Way {
            void pass(java.net.DatagramPacket packet) throws Exception;
        }

        static void pass(DatagramSocket from, Way way) {
            Thread thread = new Thread(() -> {
                byte[] bytes = new byte[65_536];
                while (!from.isClosed()) {
                    try {
                        var packet = new java.net.DatagramPacket(bytes, bytes.length);
                        from.receive(packet);
                        way.pass(packet);
                    } catch (Exception e) {
                        // closed
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }
}
JAVA

seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"address 2: heard"*"address 3: not heard"*"port in the event: byte-swapped"* ]] || { echo "CHANGED"; exit 1; }
