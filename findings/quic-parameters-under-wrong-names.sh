#!/usr/bin/env bash
# The last three transport parameters of a QUIC peer are told under each other's names.
#
# What happens: a server allows seven connection ids, and is configured with and without active migration and datagrams. At its client
# peerTransportParameters() says of migration that it is not disabled, whatever the server says: what is compared with 1 there is the
# limit of connection ids, which is 2 at least. activeConnIdLimit() is the longest frame of datagrams, -1 where there are none, and
# maxDatagramFrameSize() is 1 where migration is disabled, else 0. Those before, down to maxAckDelay(), are right.
# Expected: disableActiveMigration true, true, false; activeConnIdLimit 7; maxDatagramFrameSize 65536, -1, 65536. Seen (Netty
# 4.2.18.Final, JDK 17):
#
#   migration disabled, datagrams: ackDelayExponent 5, maxAckDelay 40, disableActiveMigration false, activeConnIdLimit 65536, maxDatagramFrameSize 1
#   migration disabled, no datagrams: ackDelayExponent 5, maxAckDelay 40, disableActiveMigration false, activeConnIdLimit -1, maxDatagramFrameSize 1
#   migration allowed, datagrams: ackDelayExponent 5, maxAckDelay 40, disableActiveMigration false, activeConnIdLimit 65536, maxDatagramFrameSize 0
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
import java.util.concurrent.*;

class Finding {
    public static void main(String[] args) throws Exception {
        print("migration disabled, datagrams", server -> server.activeMigration(false).datagram(10, 10));
        print("migration disabled, no datagrams", server -> server.activeMigration(false));
        print("migration allowed, datagrams", server -> server.activeMigration(true).datagram(10, 10));
        System.exit(0);
    }

    static void print(String what, java.util.function.Consumer<QuicServerCodecBuilder> configured) throws Exception {
        QuicServerCodecBuilder server = new QuicServerCodecBuilder()
                .ackDelayExponent(5).maxAckDelay(40, TimeUnit.MILLISECONDS).activeConnectionIdLimit(7);
        configured.accept(server);
        QuicTransportParameters told = connect(listen(server), each(ChannelInboundHandlerAdapter::new)).peerTransportParameters();
        System.out.println(what + ": ackDelayExponent " + told.ackDelayExponent() + ", maxAckDelay " + told.maxAckDelay()
                + ", disableActiveMigration " + told.disableActiveMigration() + ", activeConnIdLimit " + told.activeConnIdLimit()
                + ", maxDatagramFrameSize " + told.maxDatagramFrameSize());
    }

    static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** A server at a free port of the loopback interface. */
    static InetSocketAddress listen(QuicServerCodecBuilder server) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        char[] password = "password".toCharArray();
        keys.load(new FileInputStream("store.p12"), password);
        QuicSslContext tls = QuicSslContextBuilder
                .forServer((PrivateKey) keys.getKey("a", password), null, (X509Certificate) keys.getCertificate("a"))
                .applicationProtocols("x").build();
        return (InetSocketAddress) new Bootstrap().group(LOOPS).channel(NioDatagramChannel.class)
                .handler(server.sslContext(tls).tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .handler(each(ChannelInboundHandlerAdapter::new))
                        .streamHandler(each(ChannelInboundHandlerAdapter::new)).build())
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
expected=$(cat <<'SEEN'
migration disabled, datagrams: ackDelayExponent 5, maxAckDelay 40, disableActiveMigration false, activeConnIdLimit 65536, maxDatagramFrameSize 1
migration disabled, no datagrams: ackDelayExponent 5, maxAckDelay 40, disableActiveMigration false, activeConnIdLimit -1, maxDatagramFrameSize 1
migration allowed, datagrams: ackDelayExponent 5, maxAckDelay 40, disableActiveMigration false, activeConnIdLimit 65536, maxDatagramFrameSize 0
SEEN
)
[[ $seen == *"$expected"* ]] || { echo "CHANGED"; exit 1; }
