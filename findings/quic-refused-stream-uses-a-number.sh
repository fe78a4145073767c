#!/usr/bin/env bash
# A QUIC stream that is refused because the peer allows no more uses up its number all the same.
#
# What happens: the peer allows one unidirectional stream at a time. The first createStream succeeds; a second one fails, as it
# should. When the first stream has ended, peerAllowedStreams says that there may be another, and createStream fails again: it asks
# for the one behind the refused one, which is not allowed yet. Each attempt moves it on by one, so who tries again until it works
# never gets there. Expected: the second attempt succeeds. Seen (Netty 4.2.18.Final, JDK 17):
#
#   first: id 2
#   one too many: io.netty.handler.codec.quic.QuicException: QuicTransportError{code=4, name='STREAM_LIMIT_ERROR'}: QUICHE_ERR_STREAM_LIMIT
#   allowed when the first has ended: 1
#   next: io.netty.handler.codec.quic.QuicException: QuicTransportError{code=4, name='STREAM_LIMIT_ERROR'}: QUICHE_ERR_STREAM_LIMIT
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
        InetSocketAddress server = listen(1, new ChannelInboundHandlerAdapter(), each(ChannelInboundHandlerAdapter::new));
        QuicChannel connection = connect(server, each(ChannelInboundHandlerAdapter::new));
        QuicStreamChannel first = create(connection).getNow();
        System.out.println("first: id " + first.streamId());
        System.out.println("one too many: " + create(connection).cause());
        first.writeAndFlush(Unpooled.copiedBuffer(new byte[1])).sync();
        first.shutdownOutput().sync();
        TimeUnit.SECONDS.sleep(1);
        System.out.println("allowed when the first has ended: " + connection.peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL));
        var second = create(connection);
        System.out.println("next: " + (second.isSuccess() ? "id " + second.getNow().streamId() : second.cause()));
        System.exit(0);
    }

    static io.netty.util.concurrent.Future<QuicStreamChannel> create(QuicChannel connection) throws Exception {
        return connection.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()).await();
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
[[ $seen == *"first: id 2"*"allowed when the first has ended: 1"*"next: "*"STREAM_LIMIT"* ]] || { echo "CHANGED"; exit 1; }
