package io.weir.metrics;

import static io.weir.reactive.transport.LinkTestKit.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.weir.Weir;
import io.weir.core.path.PathStats;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Meters of paths and of ports, of nodes on the system's sockets. */
class MetersOverUdpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String UDP = "udp";

    private final Metered metered = new Metered();
    private final Set<PeerSession> withAPath = ConcurrentHashMap.newKeySet();
    private final byte[] element = new byte[16 << 10];
    private final PeerNode server = metered.observe(Weir.node())
            .observer(
                    new NodeObserver() { // told behind the meters
                        @Override
                        public void onPath(PeerSession session, PathStats path) {
                            withAPath.add(session);
                        }
                    })
            .listen(PeerAddress.udp("127.0.0.1", 0))
            .onStream("bulk", stream -> stream.send(Flux.generate(sink -> sink.next(element)), Codec.bytes()))
            .startNow(PATIENCE);
    private final List<PeerNode> clients =
            List.of(Weir.node().startNow(PATIENCE), Weir.node().startNow(PATIENCE));

    @AfterEach
    void close() {
        clients.forEach(PeerNode::dispose);
        server.dispose();
    }

    /** Takes what the server sends for as long as the node lives. */
    private void take(PeerNode client) {
        client.connectNow(server.addresses().get(0), PATIENCE)
                .subscribe("bulk", Codec.bytes())
                .subscribe(taken -> {}, e -> {});
    }

    private double value(WeirMeter meter, String... values) {
        return metered.value(meter, values);
    }

    @Test
    void tellWhatARealPathIsLike() {
        take(clients.get(0));

        awaitTrue(
                "much is under way",
                () -> value(WeirMeter.PATH_PACKETS_SENT, UDP) > 100 && value(WeirMeter.PATH_IN_FLIGHT, UDP) > 0);

        // they rise all the while: what is a part of another is read before it
        double retransmitted = value(WeirMeter.PATH_PACKETS_RETRANSMITTED, UDP);
        double lost = value(WeirMeter.PATH_PACKETS_LOST, UDP);
        double sent = value(WeirMeter.PATH_PACKETS_SENT, UDP);
        assertThat(retransmitted).isBetween(0.0, sent);
        assertThat(lost).isBetween(0.0, sent);
        assertThat(value(WeirMeter.PATH_CONGESTION_WINDOW, UDP)).isGreaterThan(1_200);
        assertThat(value(WeirMeter.PATH_PACING, UDP)).isPositive();
        assertThat(value(WeirMeter.PATH_MTU, UDP)).isBetween(1_200.0, 65_507.0);
        assertThat(value(WeirMeter.PATH_QUEUEING, UDP)).isPositive();
        Duration queueing = metered.total(WeirMeter.PATH_QUEUEING, UDP);
        assertThat(value(WeirMeter.PATH_ROUND_TRIP, UDP)).isPositive();
        assertThat(metered.total(WeirMeter.PATH_ROUND_TRIP, UDP)).isPositive().isGreaterThanOrEqualTo(queueing);

        awaitTrue(
                "as many datagrams as packets have left, or could not",
                () -> value(WeirMeter.DATAGRAMS, "sent")
                                + value(WeirMeter.DATAGRAMS_UNSENT, "no_room")
                                + value(WeirMeter.DATAGRAMS_UNSENT, "too_large")
                        >= sent);
        assertThat(value(WeirMeter.DATAGRAMS, "received")).isPositive();
        assertThat(value(WeirMeter.DATAGRAMS_UNSENT, "failed")).isZero();
    }

    @Test
    void areAsManyForTwoPeersAsForOneAndNameNeither() {
        take(clients.get(0));
        awaitTrue("the path of the first is told of", () -> withAPath.size() == 1);
        Set<Meter.Id> ofOne = ofDatagrams();

        take(clients.get(1));
        awaitTrue("that of the second too", () -> withAPath.size() == 2);

        assertThat(ofDatagrams()).isEqualTo(ofOne);
        assertThat(ofOne).filteredOn(id -> id.getName().startsWith("weir.path")).hasSize(9);
        assertThat(ofOne)
                .filteredOn(id -> id.getName().startsWith("weir.path"))
                .flatExtracting(Meter.Id::getTags)
                .containsOnly(Tag.of("transport", UDP));
    }

    private Set<Meter.Id> ofDatagrams() {
        return metered.registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id ->
                        id.getName().startsWith("weir.path") || id.getName().startsWith("weir.datagrams"))
                .collect(Collectors.toSet());
    }
}
