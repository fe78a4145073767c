#!/usr/bin/env bash
# With receive offload, and room for several datagrams in a buffer, Netty's epoll transport joins datagrams into one.
#
# What happens: with UDP_GRO the kernel puts datagrams of one flow together and tells where to cut them. Netty cuts them where it
# receives into one buffer. Where MAX_DATAGRAM_PAYLOAD_SIZE lets several fit, it receives them by one recvmmsg and does not ask for
# the cuts: the handler gets one packet of all bytes, as if the peer had sent it so. With the default buffer of 2,048 bytes what
# does not fit is gone, the end of a datagram that is shown as whole included. Nothing fails, and nothing is logged.
# Expected: the datagrams that were sent, or none of what does not fit. Seen (Netty 4.2.18.Final, JDK 17, Linux 6.18):
#
#   one buffer of 64 KiB: sent 10 of 1200 B, came 10 of 1200 B
#   the same for 4 datagrams of 16 KiB at once: sent 10 of 1200 B, came 1 of 12000 B
#   the default buffer: sent 10 of 1200 B, came 1 of 848 B, 1 of 1200 B
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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

class Finding {
    static final int DATAGRAMS = 10;
    static final int BYTES = 1_200;

    public static void main(String[] args) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var buffer = new FixedRecvByteBufAllocator(65_536);
        receive("one buffer of 64 KiB", loops, new Bootstrap().option(EpollChannelOption.RECVBUF_ALLOCATOR, buffer));
        receive("the same for 4 datagrams of 16 KiB at once", loops, new Bootstrap()
                .option(EpollChannelOption.RECVBUF_ALLOCATOR, buffer)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 16_384));
        receive("the default buffer", loops, new Bootstrap());
        System.exit(0);
    }

    static void receive(String kind, MultiThreadIoEventLoopGroup loops, Bootstrap receiving) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        Map<Integer, Integer> bySize = new TreeMap<>(); // on the loop
        var receiver = receiving.group(loops).channel(EpollDatagramChannel.class).option(EpollChannelOption.UDP_GRO, true)
                .handler(new SimpleChannelInboundHandler<DatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
                        bySize.merge(packet.content().readableBytes(), 1, Integer::sum);
                    }
                })
                .bind(loopback, 0).sync().channel();
        var sender = new Bootstrap().group(loops).channel(EpollDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter()).bind(loopback, 0).sync().channel();
        sender.writeAndFlush(new SegmentedDatagramPacket(
                Unpooled.directBuffer().writeZero(DATAGRAMS * BYTES), BYTES, (InetSocketAddress) receiver.localAddress())).sync();
        TimeUnit.MILLISECONDS.sleep(500);
        String[] came = {""};
        loops.submit(() -> bySize.forEach((size, count) -> came[0] += ", " + count + " of " + size + " B")).sync();
        System.out.println(kind + ": sent " + DATAGRAMS + " of " + BYTES + " B, came" + came[0].substring(1));
        receiver.close().sync();
        sender.close().sync();
    }
}
JAVA

seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"at once: sent 10 of 1200 B, came 1 of 12000 B"*"default buffer: sent 10 of 1200 B, came 1 of 848 B"* ]] || { echo "CHANGED"; exit 1; }
