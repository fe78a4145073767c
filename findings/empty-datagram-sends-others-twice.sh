#!/usr/bin/env bash
# A datagram of no bytes makes Netty's epoll transport send others twice.
#
# What happens: datagrams are written to an EpollDatagramChannel and flushed together, so that they go out by one sendmmsg.
# Those of no bytes are left out of what the system is given, but not of what Netty takes off its queue for as many as the
# system has taken: it takes off the empty one in place of one that was sent, and sends that again. UDP may carry no bytes, and
# every write succeeds.
# Expected: each datagram once, the empty one too. Seen (Netty 4.2.18.Final, JDK 17, Linux 6.18):
#
#   epoll, written 10 0 30: arrived 10 30 30
#   epoll, written 0 0 0 40 50: arrived 40 50 40 50 50
#   epoll, written 0: arrived nothing
#   nio, written 10 0 30: arrived 10 30
#   nio, written 0 0 0 40 50: arrived 40 50
#   nio, written 0: arrived nothing
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
    <dependency><groupId>io.netty</groupId><artifactId>netty-transport-native-epoll</artifactId><version>4.2.18.Final</version><classifier>linux-x86_64</classifier></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

class Finding {
    public static void main(String[] args) throws Exception {
        send("epoll", new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()), EpollDatagramChannel.class);
        send("nio", new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()), NioDatagramChannel.class);
        System.exit(0);
    }

    static void send(String kind, MultiThreadIoEventLoopGroup loops, Class<? extends DatagramChannel> type) throws Exception {
        var channel = new Bootstrap().group(loops).channel(type).handler(new ChannelInboundHandlerAdapter())
                .bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        for (int[] sizes : new int[][] {{10, 0, 30}, {0, 0, 0, 40, 50}, {0}}) {
            try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                StringBuilder said = new StringBuilder(kind + ", written");
                channel.eventLoop().submit(() -> {
                    for (int size : sizes) {
                        said.append(' ').append(size);
                        channel.write(new DatagramPacket(
                                Unpooled.directBuffer(1).writeZero(size), (InetSocketAddress) other.getLocalSocketAddress()));
                    }
                    channel.flush();
                }).sync();
                other.setSoTimeout(300);
                String come = "";
                try {
                    while (true) {
                        var packet = new java.net.DatagramPacket(new byte[100], 100);
                        other.receive(packet);
                        come += " " + packet.getLength();
                    }
                } catch (SocketTimeoutException e) {
                    System.out.println(said + ": arrived" + (come.isEmpty() ? " nothing" : come));
                }
            }
        }
    }
}
JAVA

seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"epoll, written 10 0 30: arrived 10 30 30"* ]] || { echo "CHANGED"; exit 1; }
