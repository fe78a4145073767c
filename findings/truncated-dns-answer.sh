#!/usr/bin/env bash
# Netty's DnsNameResolver takes a truncated DNS answer for a success when it was built with a datagram channel only: the
# addresses that did not fit are missing, without an error.
#
# What happens: a server on the loopback interface has 120 addresses for one name and says so as RFC 1035 wants it: over UDP
# the first 75 with the bit TC set, over TCP all of them. The resolver is asked twice: built with datagramChannelType alone,
# which is all that its builder demands, and with socketChannelType too.
# Expected: without a way to ask over TCP, a truncated answer is an error. Seen (Netty 4.2.18.Final, JDK 17):
#
#   datagram channel only: 75 of 120 addresses, no error
#   datagram and socket channel: 120 of 120 addresses, no error
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs a JDK 17 or newer and Maven; writes into a
# temporary folder only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-resolver-dns</artifactId><version>4.2.18.Final</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.DataInputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;

class Finding {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    public static void main(String[] args) throws Exception {
        DatagramSocket udp = new DatagramSocket(0, LOOPBACK);
        ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 8, LOOPBACK);
        thread(() -> {
            DatagramPacket asked = new DatagramPacket(new byte[4096], 4096);
            udp.receive(asked);
            byte[] answer = answer(ByteBuffer.wrap(asked.getData(), 0, asked.getLength()), 75, true);
            udp.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
        });
        thread(() -> {
            try (var socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] answer = answer(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())), 120, false);
                socket.getOutputStream().write(ByteBuffer.allocate(2 + answer.length).putShort((short) answer.length).put(answer).array());
                in.read();
            }
        });
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        for (boolean withTcp : new boolean[] {false, true}) {
            var builder = new DnsNameResolverBuilder(loops.next())
                    .datagramChannelType(NioDatagramChannel.class)
                    .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                    .nameServerProvider(new SingletonDnsServerAddressStreamProvider(new InetSocketAddress(LOOPBACK, udp.getLocalPort())));
            if (withTcp) {
                builder.socketChannelType(NioSocketChannel.class);
            }
            var found = builder.build().resolveAll("many.test").awaitUninterruptibly();
            System.out.println((withTcp ? "datagram and socket channel: " : "datagram channel only: ")
                    + (found.isSuccess() ? found.getNow().size() + " of 120 addresses, no error" : "fails with " + found.cause()));
        }
        System.exit(0);
    }

    /** The question, and so many A records behind it. */
    static byte[] answer(ByteBuffer query, int records, boolean truncated) {
        int id = query.getShort();
        int end = 12;
        while (query.get(end) != 0) {
            end += 1 + query.get(end);
        }
        byte[] question = new byte[end + 5 - 12];
        query.position(12).get(question);
        ByteBuffer out = ByteBuffer.allocate(12 + question.length + 16 * records).putShort((short) id);
        out.putShort((short) (truncated ? 0x8380 : 0x8180)).putShort((short) 1).putShort((short) records).putInt(0).put(question);
        for (int i = 0; i < records; i++) {
            out.putShort((short) 0xc00c).putShort((short) 1).putShort((short) 1).putInt(60).putShort((short) 4);
            out.put(new byte[] {10, 0, 0, (byte) i});
        }
        return out.array();
    }

    interface Serving {
        void once() throws Exception;
    }

    static void thread(Serving serving) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    serving.once();
                }
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
JAVA

seen=$(java -cp 'jars/*' Finding.java)
echo "$seen"
[[ $seen == *"datagram channel only: 75 of 120 addresses, no error"* ]] || { echo "CHANGED"; exit 1; }
