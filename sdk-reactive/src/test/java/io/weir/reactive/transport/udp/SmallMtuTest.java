package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.DatagramRecorder;
import io.weir.reactive.transport.Inet;
import io.weir.reactive.transport.LinkTestKit;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.netty.NettyLoops;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interface with an MTU of 1,400 bytes: the loopback of a network namespace, in a JVM of its own, where one may be made. */
class SmallMtuTest {

    private static final int PATIENCE_SECONDS = 60;
    private static final String READY = "in the namespace";

    @TempDir
    private Path folder;

    @Test
    void datagramsThatDoNotFitAreRefusedAndNotFragmented() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll");

        String said =
                NetworkNamespace.run(folder, "sh", "ip link set lo mtu 1400 up && exec \"$@\"", InNamespace.class);

        Assumptions.assumeTrue(said.contains(READY), "no network namespace can be made: " + said);
        assertThat(said)
                .contains("epoll 127.0.0.1 1372: 10 come, refused []")
                .contains("epoll 127.0.0.1 1373: 0 come, refused [refused 1373]")
                .contains("epoll ::1 1352: 10 come, refused []")
                .contains("epoll ::1 1353: 0 come, refused [refused 1353]")
                .contains("nio 127.0.0.1 1372: 10 come, refused []");
        // Only from JDK 19 on can a JDK's channel say don't fragment.
        assertThat(said)
                .contains(
                        Runtime.version().feature() < 19
                                ? "nio 127.0.0.1 1373: 10 come, refused []"
                                : "nio 127.0.0.1 1373: 0 come, refused [refused 1373]");
    }

    /** Sends batches there and says what becomes of them. */
    static final class InNamespace {

        private static final int SEGMENTS = 10;

        private InNamespace() {}

        public static void main(String[] args) throws Exception {
            System.out.println(READY);
            for (String kind : new String[] {"epoll", "nio"}) {
                NettyLoops loops = new NettyLoops(kind, 1, kind.equals("epoll"));
                for (String host : new String[] {"127.0.0.1", "::1"}) {
                    for (int bytes : new int[] {1_352, 1_353, 1_372, 1_373}) {
                        System.out.println(kind + " " + host + " " + bytes + ": " + sent(loops, host, bytes));
                    }
                }
            }
            System.exit(0);
        }

        /** Batches one by one where they are cut by nobody; one small datagram behind them shows that all have passed. */
        private static String sent(NettyLoops loops, String host, int bytes) throws Exception {
            UdpSockets sockets = new UdpSockets(loops, UdpOptions.defaults(), new Scopes(), true);
            UdpSocket from =
                    LinkTestKit.await(sockets.bind(loops.onServer(true).next(), new InetSocketAddress("::", 0)));
            UdpSocket to = LinkTestKit.await(sockets.bind(loops.onServer(true).next(), new InetSocketAddress(host, 0)));
            DatagramRecorder sender = new DatagramRecorder(from);
            DatagramRecorder heard = new DatagramRecorder(to);
            PathAddress at = Inet.path((InetSocketAddress) to.localAddress());
            from.channel()
                    .eventLoop()
                    .submit(() -> {
                        from.receive(sender);
                        to.receive(heard);
                        int batch = Math.min(SEGMENTS, from.mostSegments());
                        for (int i = 0; i < SEGMENTS; i += batch) {
                            from.send(new byte[batch * bytes], 0, batch * bytes, bytes, at, Ecn.NOT_ECT);
                        }
                        from.send(new byte[1], 0, 1, 1, at, Ecn.NOT_ECT);
                    })
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            LinkTestKit.awaitTrue(
                    "the last one has come", () -> heard.datagrams().stream().anyMatch(one -> one.bytes().length == 1));
            long come = heard.datagrams().stream()
                    .filter(one -> one.bytes().length == bytes)
                    .count();
            List<String> refused = sender.events().stream()
                    .map(event -> event.replaceFirst(" to port .*", ""))
                    .distinct()
                    .toList();
            return come + " come, refused " + refused;
        }
    }
}
