#!/usr/bin/env bash
# The end of a QUIC stream overtakes what was written before it and waits for the congestion window.
#
# What happens: more is written to a stream than its connection's congestion window takes at once, so that a part waits in the
# channel; then shutdownOutput() is called, without waiting for the write. What waits is dropped, and the peer sees a stream that
# ends in good order, short. A QuicStreamFrame with its fin flag, written like data, waits its turn.
# Expected: as with SocketChannel.shutdownOutput over TCP: the end comes behind all that was written. Seen (Netty 4.2.18.Final,
# JDK 17):
#
#   shutdownOutput(): the write failed by ClosedChannelException, the peer's stream ended in good order with a part of it
#   a frame with fin: the write succeeded, the peer's stream ended in good order with all of it
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
    static final int BYTES = 1 << 20;

    public static void main(String[] args) throws Exception {
        AtomicInteger came = new AtomicInteger();
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        InetSocketAddress server = listen(100, new ChannelInboundHandlerAdapter(), each(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                came.addAndGet(((ByteBuf) message).readableBytes());
                ((ByteBuf) message).release();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ChannelInputShutdownReadComplete) {
                    ended.add("in good order");
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ended.add("by " + cause.getClass().getSimpleName());
            }
        }));
        QuicChannel connection = connect(server, each(ChannelInboundHandlerAdapter::new));
        send("shutdownOutput()", connection, came, ended, QuicStreamChannel::shutdownOutput);
        send("a frame with fin", connection, came, ended, stream -> stream.writeAndFlush(QuicStreamFrame.EMPTY_FIN));
        System.exit(0);
    }

    static void send(String how, QuicChannel connection, AtomicInteger came, BlockingQueue<String> ended,
            java.util.function.Consumer<QuicStreamChannel> end) throws Exception {
        came.set(0);
        QuicStreamChannel stream =
                connection.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()).get();
        ChannelFuture[] written = new ChannelFuture[1];
        stream.eventLoop().submit(() -> {
            written[0] = stream.writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
            end.accept(stream);
        }).sync();
        written[0].await();
        String how2 = ended.poll(10, TimeUnit.SECONDS);
        System.out.println(how + ": the write " + (written[0].isSuccess() ? "succeeded" : "failed by " + written[0].cause().getClass().getSimpleName())
                + ", the peer's stream ended " + how2 + " with " + (came.get() == BYTES ? "all" : "a part") + " of it");
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
}
JAVA

seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"shutdownOutput(): the write failed by ClosedChannelException, the peer's stream ended in good order with a part"*"a frame with fin: the write succeeded, the peer's stream ended in good order with all"* ]] || { echo "CHANGED"; exit 1; }
