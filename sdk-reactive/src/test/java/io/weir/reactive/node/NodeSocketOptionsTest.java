package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.TcpKeepAlive;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.UdpOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The options of a node's spec come to the sockets of the transports that it makes. */
class NodeSocketOptionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TcpKeepAlive HOURLY = new TcpKeepAlive(Duration.ofHours(1), Duration.ofSeconds(10), 3);

    private final List<PeerNode> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        Mono.whenDelayError(nodes.stream().map(PeerNode::close).toList()).block(PATIENCE);
    }

    private PeerNode start(PeerNodeSpec spec) {
        PeerNode node = await(spec.start());
        nodes.add(node);
        return node;
    }

    private static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tcpSocketsOfTheListenerHaveThem() {
        assertThat(whoAsks(Weir.node().tcp(TcpOptions.defaults().withKeepAlive(HOURLY)), Weir.node()))
                .isEqualTo("server");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tcpSocketsOfTheDiallerHaveThem() {
        assertThat(whoAsks(Weir.node(), Weir.node().tcp(TcpOptions.defaults().withKeepAlive(HOURLY))))
                .isEqualTo("client");
    }

    /** Which of the two sockets of a connection the kernel has a timer of keep-alive for. */
    private String whoAsks(PeerNodeSpec server, PeerNodeSpec client) {
        PeerNode listening = start(server.listen(PeerAddress.tcp("127.0.0.1", 0)));
        await(start(client).connect(listening.addresses().get(0)));
        // What was written last hides that timer until it is acknowledged.
        return await(Flux.interval(Duration.ofMillis(5), Schedulers.boundedElastic())
                .map(tick -> whoAsks(listening.port()))
                .filter(who -> !who.isEmpty())
                .next());
    }

    private static String whoAsks(int port) {
        StringBuilder who = new StringBuilder();
        String hex = String.format(Locale.ROOT, ":%04X", port);
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            for (String line : lines(Path.of(table))) {
                // sl local_address rem_address st tx_queue:rx_queue tr:tm->when ...
                String[] fields = line.strip().split("\\s+");
                boolean keepAlive = fields[3].equals("01") && fields[5].startsWith("02:");
                if (keepAlive && fields[1].endsWith(hex)) {
                    who.append("server");
                } else if (keepAlive && fields[2].endsWith(hex)) {
                    who.append("client");
                }
            }
        }
        return who.toString();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.exists(table) ? Files.readAllLines(table) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void udpSocketsHaveThem() {
        UdpOptions large = UdpOptions.defaults().withMaxDatagramBytes(8_192);
        PeerNode server =
                start(Weir.node().listen(PeerAddress.udp("127.0.0.1", 0)).udp(large));

        PeerSession between =
                await(start(Weir.node().udp(large)).connect(server.addresses().get(0)));
        PeerSession asUsual =
                await(start(Weir.node()).connect(server.addresses().get(0)));

        assertThat(settled(between, 8_192)).isEqualTo(8_192);
        assertThat(settled(asUsual, 1_472)).isEqualTo(1_472);
    }

    /** The size of datagrams once it is as large as that, which the loopback interface passes. */
    private static int settled(PeerSession session, int bytes) {
        return await(session.ping()
                .then(session.pathStats())
                .repeat()
                .map(stats -> stats.datagramBytes())
                .filter(size -> size >= bytes)
                .next());
    }
}
