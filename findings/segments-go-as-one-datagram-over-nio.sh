#!/usr/bin/env bash
# Netty's NIO transport sends the segments of a SegmentedDatagramPacket as one datagram.
#
# What happens: a SegmentedDatagramPacket holds the bytes of several datagrams and says how large each is; it is a DatagramPacket
# too. The epoll transport lets the kernel cut it. The NIO transport knows nothing of segments, takes it for the datagram packet
# that it is, sends all bytes in one datagram, and the write succeeds.
# Expected: a failed write, as for other messages that a transport does not support (UnsupportedOperationException), or ten
# datagrams. Seen (Netty 4.2.18.Final, JDK 17, Linux 6.18):
#
#   epoll: 10 segments of 1200 B, write succeeded, came 10 of 1200 B
#   nio: 10 segments of 1200 B, write succeeded, came 1 of 12000 B
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
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

class Finding {
    static final int DATAGRAMS = 10;
    static final int BYTES = 1_200;

    public static void main(String[] args) throws Exception {
        send("epoll", new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()), EpollDatagramChannel.class);
        send("nio", new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()), NioDatagramChannel.class);
        System.exit(0);
    }

    static void send(String kind, MultiThreadIoEventLoopGroup loops, Class<? extends DatagramChannel> type) throws Exception {
        Channel channel = new Bootstrap().group(loops).channel(type).handler(new ChannelInboundHandlerAdapter())
                .bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            ChannelFuture written = channel.writeAndFlush(new SegmentedDatagramPacket(
                    Unpooled.directBuffer().writeZero(DATAGRAMS * BYTES), BYTES,
                    (InetSocketAddress) other.getLocalSocketAddress())).await();
            other.setSoTimeout(300);
            int count = 0;
            int largest = 0;
            try {
                while (true) {
                    var packet = new java.net.DatagramPacket(new byte[65_536], 65_536);
                    other.receive(packet);
                    count++;
                    largest = Math.max(largest, packet.getLength());
                }
            } catch (SocketTimeoutException e) {
                System.out.println(kind + ": " + DATAGRAMS + " segments of " + BYTES + " B, write "
                        + (written.isSuccess() ? "succeeded" : "failed") + ", came " + count + " of " + largest + " B");
            }
        }
    }
}
JAVA

seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"epoll: 10 segments of 1200 B, write succeeded, came 10 of 1200 B"*"nio: 10 segments of 1200 B, write succeeded, came 1 of 12000 B"* ]] || { echo "CHANGED"; exit 1; }
