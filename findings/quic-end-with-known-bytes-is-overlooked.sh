#!/usr/bin/env bash
# The end of a QUIC stream is overlooked where it comes along with bytes that were read before.
#
# What happens: a client writes ten bytes, and ends the stream with nothing more. The server reads the ten; what acknowledges them is lost, and so is
# the packet with the end. What is sent again then is one frame: the ten bytes, which the server has, and the end, which it has not. The whole
# frame is dropped as known. The stream has its final size then, but no event tells that it is over, and it keeps its place for the life of the
# connection. Ended along with an eleventh byte, the same stream ends under the same losses.
# Expected: ChannelInputShutdownReadComplete both times. Seen (Netty 4.2.18.Final, JDK 17):
#
#   ended by itself: 10 bytes, no end
#   ended with one byte more: 11 bytes, the end
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
        System.out.println("ended by itself: " + run(QuicStreamFrame.EMPTY_FIN));
        System.out.println("ended with one byte more: " + run(new DefaultQuicStreamFrame(Unpooled.copiedBuffer(new byte[1]), true)));
        System.exit(0);
    }

    static String run(QuicStreamFrame last) throws Exception {
        AtomicInteger bytes = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch ten = new CountDownLatch(1);
        InetSocketAddress server = listen(100, each(ChannelInboundHandlerAdapter::new), each(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (bytes.addAndGet(((ByteBuf) message).readableBytes()) >= 10) {
                    ten.countDown();
                }
                ((ByteBuf) message).release();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ChannelInputShutdownReadComplete) {
                    ended.countDown();
                }
            }
        }));
        Relay relay = new Relay(server);
        QuicChannel connection = connect(relay.address(), each(ChannelInboundHandlerAdapter::new));
        TimeUnit.SECONDS.sleep(1); // the handshake is confirmed
        QuicStreamChannel stream = connection.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()).get();
        relay.dropsToClient = true;
        stream.writeAndFlush(Unpooled.copiedBuffer(new byte[10])).sync();
        ten.await(10, TimeUnit.SECONDS);
        relay.dropsToServer = true;
        stream.writeAndFlush(last).sync();
        relay.dropped.await(10, TimeUnit.SECONDS);
        relay.dropsToServer = false;
        relay.dropsToClient = false;
        boolean over = ended.await(10, TimeUnit.SECONDS);
        return bytes.get() + " bytes, " + (over ? "the end" : "no end");
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

    /** Between one client and a server, which drops what it is told to. */
    static class Relay {
        final DatagramSocket front = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        final InetSocketAddress server;
        final DatagramSocket back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        volatile SocketAddress client;
        final CountDownLatch dropped = new CountDownLatch(1);
        volatile boolean dropsToServer;
        volatile boolean dropsToClient;

        Relay(InetSocketAddress server) throws Exception {
            this.server = server;
            pass(front, packet -> {
                client = packet.getSocketAddress();
                packet.setSocketAddress(server);
                if (dropsToServer) {
                    dropped.countDown();
                } else {
                    back.send(packet);
                }
            });
            listenBack();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) front.getLocalSocketAddress();
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
[[ $seen == *"ended by itself: 10 bytes, no end"*"ended with one byte more: 11 bytes, the end"* ]] || { echo "CHANGED"; exit 1; }
