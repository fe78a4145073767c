#!/usr/bin/env bash
# Reactor Netty 1.3.6 takes io_uring before epoll as soon as netty-transport-native-io_uring is on the class path, and the
# options that only epoll has are then dropped with a warning.
#
# What happens: a TcpServer whose connections have the option EpollChannelOption.TCP_NOTSENT_LOWAT accepts one, twice: with
# the native jars of epoll and io_uring on the class path, and with that of epoll alone.
# Expected: what is asked for by an epoll option is done by epoll where epoll loads. Seen (Netty 4.2.18.Final, JDK 17):
#
#   with io_uring's jar:
#     epoll available: true, server channel: IoUringServerSocketChannel
#     WARN reactor.netty.transport.TransportConnector - Unknown channel option
#       'io.netty.channel.epoll.EpollChannelOption#TCP_NOTSENT_LOWAT'
#   without io_uring's jar:
#     epoll available: true, server channel: EpollServerSocketChannel
#
# Ends with 0 while it is so, with 1 when the behaviour has changed, with 2 where it cannot be tried.
# Needs a JDK 17 or newer and Maven; writes into a temporary folder only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

dependency() { echo "<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version>${4:-}</dependency>"; }
cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencyManagement><dependencies>
    $(dependency io.netty netty-bom 4.2.18.Final '<type>pom</type><scope>import</scope>')
  </dependencies></dependencyManagement>
  <dependencies>
    $(dependency io.projectreactor.netty reactor-netty-core 1.3.6)
    $(dependency io.netty netty-transport-native-epoll 4.2.18.Final '<classifier>linux-x86_64</classifier>')
    $(dependency io.netty netty-transport-native-io_uring 4.2.18.Final '<classifier>linux-x86_64</classifier>')
    $(dependency org.slf4j slf4j-simple 2.0.17)
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

class Finding {
    public static void main(String[] args) throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        DisposableServer server = TcpServer.create()
                .host("127.0.0.1")
                .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, 131_072L)
                .doOnConnection(connection -> accepted.countDown())
                .bindNow();
        System.out.println("epoll available: " + Epoll.isAvailable() + ", server channel: "
                + server.channel().getClass().getSimpleName());
        try (Socket client = new Socket("127.0.0.1", server.port())) {
            accepted.await();
        }
        server.disposeNow();
    }
}
JAVA

run() { java -Dorg.slf4j.simpleLogger.showThreadName=false -cp "$1" Finding.java 2>&1 | grep -E 'server channel|Unknown channel option'; }
both=$(run 'jars/*')
rm jars/*io_uring*
alone=$(run 'jars/*')
printf "with io_uring's jar:\n%s\nwithout io_uring's jar:\n%s\n" "$both" "$alone"
[[ $alone == *EpollServerSocketChannel* ]] || { echo "There is no epoll here."; exit 2; }
if [[ $both == *EpollServerSocketChannel* ]]; then echo "CHANGED: epoll is taken beside io_uring's jar, or io_uring is forbidden here"; exit 1; fi
[[ $both == *IoUringServerSocketChannel* && $both == *"Unknown channel option"*TCP_NOTSENT_LOWAT* ]] || { echo CHANGED; exit 1; }
