#!/usr/bin/env bash
# What a QUIC server has under way to a peer that moves is sent again in part only; the rest never.
#
# What happens: a server writes ten streams of one byte, a packet each, just as the NAT before the client gives it another port: the
# ten packets are lost. The client goes on, from the new port, and the server follows it and hears all that comes. Of the ten
# streams two come now; the other eight do not, though later ones do: packets on a path are taken for lost when a later one on the
# same path is acknowledged, which none will be, and the timer sends the data of the oldest two again, each time.
# Expected: all of them, as of any packets that are lost. Seen (Netty 4.2.18.Final, JDK 17):
#
#   before: the server heard 1
#   20 s behind the move: the server heard 21 of 21, the client 2 of 10
#   one more: the client heard 3 of 11
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
    static final int STREAMS = 10;

    public static void main(String[] args) throws Exception {
        AtomicInteger atServer = new AtomicInteger();
        AtomicInteger atClient = new AtomicInteger();
        AtomicReference<QuicChannel> accepted = new AtomicReference<>();
        InetSocketAddress server = listen(100, each(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                accepted.set((QuicChannel) ctx.channel());
            }
        }), each(() -> counting(atServer)));
        Relay relay = new Relay(server);
        QuicChannel connection = connect(relay.address(), each(() -> counting(atClient)));
        say(connection);
        TimeUnit.SECONDS.sleep(1);
        System.out.println("before: the server heard " + atServer.get());

        relay.dropsToClient = true; // the mapping is gone
        for (int i = 0; i < STREAMS; i++) {
            say(accepted.get());
        }
        TimeUnit.MILLISECONDS.sleep(20);
        relay.rebind();
        relay.dropsToClient = false;
        for (int second = 1; second <= 20; second++) {
            say(connection);
            TimeUnit.SECONDS.sleep(1);
        }
        System.out.println("20 s behind the move: the server heard " + atServer.get() + " of 21, the client "
                + atClient.get() + " of " + STREAMS);
        say(accepted.get());
        TimeUnit.SECONDS.sleep(1);
        System.out.println("one more: the client heard " + atClient.get() + " of " + (STREAMS + 1));
        System.exit(0);
    }

    static void say(QuicChannel connection) throws Exception {
        connection.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()).get()
                .writeAndFlush(Unpooled.copiedBuffer(new byte[1])).sync();
    }

    static ChannelHandler counting(AtomicInteger count) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                count.addAndGet(((ByteBuf) message).readableBytes());
                ((ByteBuf) message).release();
            }
        };
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
[[ $seen == *"the server heard 21 of 21, the client 2 of 10"*"one more: the client heard 3 of 11"* ]] || { echo "CHANGED"; exit 1; }
