#!/usr/bin/env bash
# An event loop of Netty that is shut down without a quiet period may end while its sockets are open, and leave them open.
#
# What happens: a socket is bound on an event loop, and the loop's group is shut down by shutdownGracefully(0, ...) from a task
# of that loop. The loop closes its channels only in the next round, and without a quiet period there is none: the group says
# that it has terminated, the channel is open, its close future never completes and the port stays taken. From another thread
# the same happens when the call falls into a round, between its look for the end and its tasks.
# Expected: as Netty's user guide has it: once the group is terminated, all channels that belong to it are closed.
# Seen (Netty 4.2.18.Final, JDK 17):
#
#   epoll, quiet period 0 ms: terminated, channel open, port taken
#   epoll, quiet period 1 ms: terminated, channel closed, port free
#   nio, quiet period 0 ms: terminated, channel open, port taken
#   nio, quiet period 1 ms: terminated, channel closed, port free
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
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;

class Finding {
    public static void main(String[] args) throws Exception {
        for (int quietMillis : new int[] {0, 1}) {
            end("epoll", EpollIoHandler.newFactory(), EpollDatagramChannel.class, quietMillis);
        }
        for (int quietMillis : new int[] {0, 1}) {
            end("nio", NioIoHandler.newFactory(), NioDatagramChannel.class, quietMillis);
        }
        System.exit(0);
    }

    static void end(String kind, IoHandlerFactory handlers, Class<? extends DatagramChannel> type, int quietMillis)
            throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        var group = new MultiThreadIoEventLoopGroup(1, handlers);
        var channel = new Bootstrap().group(group).channel(type).handler(new ChannelInboundHandlerAdapter())
                .bind(loopback, 0).sync().channel();
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        group.next().submit(() -> group.shutdownGracefully(quietMillis, 1_000, TimeUnit.MILLISECONDS)).sync();
        boolean terminated = group.terminationFuture().await(5, TimeUnit.SECONDS);
        String taken = "free";
        try (DatagramSocket other = new DatagramSocket(port, loopback)) {
        } catch (SocketException e) {
            taken = "taken";
        }
        System.out.println(kind + ", quiet period " + quietMillis + " ms: " + (terminated ? "terminated" : "running")
                + ", channel " + (channel.isOpen() ? "open" : "closed") + ", port " + taken);
    }
}
JAVA

seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[[ $seen == *"epoll, quiet period 0 ms: terminated, channel open, port taken"* ]] || { echo "CHANGED"; exit 1; }
