package io.weir.reactive.transport.udp;

import static io.weir.reactive.transport.ContractNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.weir.Weir;
import io.weir.core.path.PathStats;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.codec.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two nodes in network namespaces of their own, each in a JVM of its own, with a small MTU between them: on their own interfaces,
 * where the system refuses what is too large, or behind a router, where it vanishes. Where no namespaces can be made it is skipped.
 */
@Tag("once")
class TwoNamespacesTest {

    private static final int PATIENCE_SECONDS = 120;
    private static final String READY = "the namespaces are ready";

    /** Client -- 1,300 -- server. */
    private static final String JOINED = """
            ip link add name client type veth peer name server
            ip link set server netns "$server"
            inside ip addr add 10.74.0.2/24 dev server
            inside ip link set server mtu 1300 up
            ip addr add 10.74.0.1/24 dev client
            ip link set client mtu 1300 up
            """;

    /** Client -- 1,500 -- router -- 1,300 -- server. */
    private static final String ROUTED = """
            unshare --net sleep 120 & router=$!
            until [ "$(readlink /proc/$router/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.02; done
            between() { nsenter -t $router -n "$@"; }
            ip link add name client type veth peer name left
            ip link set left netns $router
            ip link add name right type veth peer name server
            ip link set right netns $router
            ip link set server netns "$server"
            inside ip addr add 10.74.0.2/24 dev server
            inside ip link set server mtu 1300 up
            inside ip route add default via 10.74.0.1
            between ip addr add 10.74.0.1/24 dev right
            between ip link set right mtu 1300 up
            between ip addr add 10.75.0.1/24 dev left
            between ip link set left up
            between sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
            ip addr add 10.75.0.2/24 dev client
            ip link set client up
            ip route add default via 10.75.0.1
            trap 'kill $router' EXIT
            """;

    @TempDir
    private Path folder;

    @Test
    void datagramsAreAsLargeAsTheInterfaceTakes() throws Exception {
        String said = said(JOINED);

        assertFits(said, "IPv4", 1_272);
        assertFits(said, "IPv6 by its scope", 1_252);
    }

    @Test
    void datagramsAreAsLargeAsTheRouterPasses() throws Exception {
        assertFits(said(ROUTED), "IPv4", 1_272);
    }

    /** The search ends where no more than 16 bytes could be won. */
    private static void assertFits(String said, String path, int fits) {
        Matcher found =
                Pattern.compile(path + ": whole, there (\\d+), back (\\d+)").matcher(said);
        assertThat(found.find()).as(said).isTrue();
        assertThat(List.of(found.group(1), found.group(2)))
                .as(said)
                .allSatisfy(bytes -> assertThat(Integer.parseInt(bytes)).isBetween(fits - 16, fits));
    }

    /** What the client has said, between a server in a namespace of its own and this network. */
    private String said(String network) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll");
        String script = """
                set -e
                ip link set lo up
                unshare --net sh -c 'ip link set lo up && exec "$0" "$@"' "$@" server >server.log 2>&1 & server=$!
                until [ "$(readlink /proc/$server/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.02; done
                inside() { nsenter -t "$server" -n "$@"; }
                """ + network + """
                echo '%s'
                scoped=$(inside cat /proc/net/if_inet6 | sed -n 's/^\\(fe80[0-9a-f]*\\) .* server$/\\1/p')
                status=0
                "$@" client "$scoped" || status=$?
                kill "$server" || true
                wait "$server" 2>/dev/null || true
                cat server.log
                exit $status
                """.formatted(READY);
        String said = NetworkNamespace.run(folder, "bash", script, InNamespace.class);
        Assumptions.assumeTrue(said.contains(READY), "no network namespaces can be made: " + said);
        return said;
    }

    /** A server, until it is killed, or a client that tells how it went. */
    static final class InNamespace {

        private static final int PORT = 7_400;
        private static final int CHUNKS = 500;
        private static final int CHUNK_BYTES = 16 << 10;

        /** Within 16 bytes of what fits with IPv6, 1,252 bytes. */
        private static final int LARGE_ENOUGH = 1_235;

        private InNamespace() {}

        public static void main(String[] args) {
            if (args[0].equals("server")) {
                Weir.node()
                        .listen(PeerAddress.udp("::", PORT))
                        .onStream("echo", stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes()))
                        .onRequest("size", InNamespace::size)
                        .start()
                        .flatMap(PeerNode::onClose)
                        .block(Duration.ofSeconds(PATIENCE_SECONDS));
            } else {
                PeerNode client = await(Weir.node()
                        .limits(NodeLimits.defaults().withConnectTimeout(Duration.ofSeconds(60)))
                        .start());
                System.out.println("IPv4: " + outcome(client, "10.74.0.2"));
                if (args.length > 1 && !args[1].isEmpty()) {
                    String host = args[1].replaceAll("(....)(?!$)", "$1:") + "%client";
                    System.out.println("IPv6 by its scope: " + outcome(client, host));
                }
                System.exit(0);
            }
        }

        private static Mono<ByteBuffer> size(Request request) {
            return size(request.session()).map(bytes -> ByteBuffer.allocate(4).putInt(0, bytes));
        }

        private static Mono<Integer> size(PeerSession session) {
            return session.pathStats().map(PathStats::datagramBytes);
        }

        private static Mono<Integer> sizeThere(PeerSession session) {
            return session.request("size", new byte[0], Codec.bytes(), Codec.bytes())
                    .map(bytes -> ByteBuffer.wrap(bytes).getInt());
        }

        private static String outcome(PeerNode client, String host) {
            PeerSession session = await(client.connect(PeerAddress.udp(host, PORT)));
            CRC32 sent = new CRC32();
            CRC32 come = new CRC32();
            long chunks = await(session.exchange(
                            "echo",
                            Flux.range(0, CHUNKS).map(InNamespace::chunk).doOnNext(sent::update),
                            Codec.bytes(),
                            Codec.bytes())
                    .doOnNext(come::update)
                    .count());
            boolean whole = chunks == CHUNKS && sent.getValue() == come.getValue();
            var sizes = await(Mono.zip(size(session), sizeThere(session))
                    .filter(both -> Math.min(both.getT1(), both.getT2()) > LARGE_ENOUGH)
                    .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(10))));
            await(session.close().thenReturn(true));
            return (whole ? "whole" : "damaged") + ", there " + sizes.getT1() + ", back " + sizes.getT2();
        }

        private static byte[] chunk(int number) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int i = 0; i < CHUNK_BYTES; i++) {
                chunk[i] = (byte) (number * 31 + i);
            }
            return chunk;
        }
    }
}
