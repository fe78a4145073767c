#!/usr/bin/env bash
# The write of a datagram to a connected UDP socket fails because of the datagram before it, and the one that fails is lost.
#
# What happens: a first datagram goes to a port that nobody has. Its write succeeds; the answer, port unreachable (ICMP), is kept by
# the kernel, as the socket's error. Then somebody listens at that port, and a second datagram is written: the kernel takes the
# occasion to tell the error, and does not send the datagram. The third one goes out. With a round of the loop between the writes
# it is exceptionCaught that hears of it, and the second one goes out too; so it depends on timing who is told, and what is lost.
# Expected: the failure of the first write, or of none, and the second datagram at its target. Seen (Netty 4.2.18.Final, JDK 17,
# Linux 6.18):
#
#   epoll: write 1 succeeded, write 2 failed by PortUnreachableException, write 3 succeeded; came 3; exceptionCaught nothing; channel active
#   nio: write 1 succeeded, write 2 failed by PortUnreachableException, write 3 succeeded; came 3; exceptionCaught nothing; channel active
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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
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

    /** To a port that nobody has, then to the same when somebody listens there. */
    static void send(String kind, MultiThreadIoEventLoopGroup loops, Class<? extends DatagramChannel> type) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        DatagramSocket free = new DatagramSocket(0, loopback);
        InetSocketAddress target = (InetSocketAddress) free.getLocalSocketAddress();
        free.close();
        StringBuilder caught = new StringBuilder();
        Channel channel = new Bootstrap().group(loops).channel(type).handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                caught.append(caught.length() == 0 ? "" : ", ").append(cause.getClass().getSimpleName());
            }
        }).connect(target).sync().channel();
        ChannelFuture[] written = new ChannelFuture[4];
        DatagramSocket[] opened = {null};
        channel.eventLoop().submit(() -> {
            written[1] = channel.writeAndFlush(Unpooled.directBuffer().writeZero(1));
            opened[0] = new DatagramSocket(target.getPort(), loopback); // from now on somebody listens there
            written[2] = channel.writeAndFlush(Unpooled.directBuffer().writeZero(2));
            written[3] = channel.writeAndFlush(Unpooled.directBuffer().writeZero(3));
            return true;
        }).sync();
        String said = kind + ": " + end(written[1], 1) + ", " + end(written[2], 2) + ", " + end(written[3], 3);
        try (DatagramSocket other = opened[0]) {
            other.setSoTimeout(300);
            String came = "";
            try {
                while (true) {
                    var packet = new java.net.DatagramPacket(new byte[100], 100);
                    other.receive(packet);
                    came += " " + packet.getLength();
                }
            } catch (SocketTimeoutException e) {
                System.out.println(said + "; came" + (came.isEmpty() ? " none" : came)
                        + "; exceptionCaught " + (caught.length() == 0 ? "nothing" : caught)
                        + "; channel " + (channel.isActive() ? "active" : "closed"));
            }
        }
        channel.close().sync();
    }

    static String end(ChannelFuture written, int number) throws Exception {
        written.await();
        return "write " + number + " " + (written.isSuccess() ? "succeeded" : "failed by " + written.cause().getClass().getSimpleName());
    }
}
JAVA

seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"epoll: write 1 succeeded, write 2 failed by PortUnreachableException, write 3 succeeded; came 3;"*"nio: write 1 succeeded, write 2 failed by PortUnreachableException, write 3 succeeded; came 3;"* ]] || { echo "CHANGED"; exit 1; }
