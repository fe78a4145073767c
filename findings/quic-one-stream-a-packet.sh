#!/usr/bin/env bash
# A packet of QUIC has bytes of one stream only: a few bytes to a second stream cost a datagram of their own.
#
# What happens: a server writes ten blocks of 100 bytes while it reads; Netty holds them back until all is read. To one stream they go
# as one datagram, with room to spare. To ten streams they go as ten, each with a header and a tag of its own, and by a call of its
# own: quiche puts one STREAM frame into a packet. And it takes streams in turn, so a few bytes to others come amid those of a large
# block. That parts a run of datagrams of one size, and Netty joins no others to be segmented by the kernel.
# Expected: frames of several streams in a packet, as far as there is room, as QUIC allows (RFC 9000, 12.4). Seen (Netty
# 4.2.18.Final, JDK 17; the first datagram has an acknowledgement too):
#
#   ten blocks of 100 bytes to one stream, datagrams: 1, of [1049]
#   ten blocks of 100 bytes to ten streams, datagrams: 10, of [150, 143, 143, 143, 143, 143, 143, 143, 143, 143]
#   6,000 bytes to one stream, datagrams: 6, of [1200, 1200, 1200, 1200, 1200, 269]
#   6,000 bytes to one stream, 10 to each of two, datagrams: 8, of [1200, 54, 54, 1200, 1200, 1200, 1200, 270]
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

class Finding {
    /** How many bytes each datagram of the server has, since it was last told to write. */
    static final List<Integer> SENT = new ArrayList<>();
    static final List<QuicStreamChannel> STREAMS = new ArrayList<>();
    static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();
    static volatile Runnable writes;

    public static void main(String[] args) throws Exception {
        CompletableFuture<QuicChannel> accepted = new CompletableFuture<>();
        InetSocketAddress server = listen(100, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                accepted.complete((QuicChannel) ctx.channel());
            }
        }, each(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((ByteBuf) message).release();
                SENT.clear();
                writes.run();
                ctx.channel().eventLoop().execute(() -> SEEN.add("datagrams: " + SENT.size() + ", of " + SENT)); // after all is read, and sent
            }
        }));
        QuicChannel client = connect(server, each(ChannelInboundHandlerAdapter::new));
        QuicStreamChannel teller = client.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()).get();
        TimeUnit.SECONDS.sleep(1); // the handshake is confirmed
        for (int i = 0; i < 10; i++) {
            STREAMS.add(accepted.get(10, TimeUnit.SECONDS)
                    .createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()).get());
        }
        print("ten blocks of 100 bytes to one stream", teller, () -> STREAMS.forEach(stream -> write(STREAMS.get(0), 100)));
        print("ten blocks of 100 bytes to ten streams", teller, () -> STREAMS.forEach(stream -> write(stream, 100)));
        print("6,000 bytes to one stream", teller, () -> write(STREAMS.get(0), 6_000));
        print("6,000 bytes to one stream, 10 to each of two", teller, () -> {
            write(STREAMS.get(0), 6_000);
            write(STREAMS.get(1), 10);
            write(STREAMS.get(2), 10);
        });
        System.exit(0);
    }

    /** Tells the server to write, and prints what it sends at once. */
    static void print(String what, QuicStreamChannel teller, Runnable written) throws Exception {
        writes = written;
        teller.writeAndFlush(Unpooled.copiedBuffer(new byte[1])).sync();
        System.out.println(what + ", " + SEEN.poll(10, TimeUnit.SECONDS));
        TimeUnit.SECONDS.sleep(1); // all is acknowledged
    }

    static void write(QuicStreamChannel stream, int bytes) {
        stream.writeAndFlush(Unpooled.copiedBuffer(new byte[bytes]));
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
        ChannelHandler codec = new QuicServerCodecBuilder().sslContext(tls).tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                        .maxIdleTimeout(60, TimeUnit.SECONDS).initialMaxData(1 << 24)
                        .initialMaxStreamDataUnidirectional(1 << 24).initialMaxStreamsUnidirectional(streams)
                        .handler(connections).streamHandler(inboundStreams).build();
        return (InetSocketAddress) new Bootstrap().group(LOOPS).channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        socket.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
                            @Override
                            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                                SENT.add(((io.netty.channel.socket.DatagramPacket) message).content().readableBytes());
                                ctx.write(message, promise);
                            }
                        }, codec);
                    }
                })
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
}
JAVA

seen=$(timeout 60 java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"to one stream, datagrams: 1, "*"to ten streams, datagrams: 10, "*"of [1200, 1200, 1200, 1200, 1200, "* ]] \
    && [[ $seen == *"to each of two, datagrams: 8, of [1200, 5"?", 5"?", 1200, "* ]] \
    || { echo "CHANGED"; exit 1; }
