package io.weir.reactive.peers;

import static io.weir.reactive.peers.PeersKit.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PassedOver;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.transport.SchemeTransport;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer with an address on each of three transports, in memory under their names, and in virtual time. */
class PreferredTransportTest {

    private static final PeerAddress TCP = PeerAddress.tcp("10.0.0.7", 7_400);
    private static final PeerAddress UDP = PeerAddress.udp("10.0.0.7", 7_400);
    private static final PeerAddress QUIC = PeerAddress.quic("10.0.0.7", 7_400);
    private static final CloseReason REFUSED = CloseReason.local(ErrorCode.CONNECT_FAILED, "refused by the test");

    private final PeersKit kit = new PeersKit();
    private final SchemeTransport tcp = new SchemeTransport("tcp", kit.network);
    private final SchemeTransport udp = new SchemeTransport("udp", kit.network);
    private final SchemeTransport quic = new SchemeTransport("quic", kit.network);
    private PeerNode server;
    private PeerNode keeper;

    @BeforeEach
    void start() {
        server = kit.start(
                "server",
                spec -> spec.transport(tcp)
                        .transport(udp)
                        .transport(quic)
                        .listen(TCP)
                        .listen(UDP)
                        .listen(QUIC));
        keeper = kit.start(
                "keeper",
                spec -> spec.transport(tcp)
                        .transport(udp)
                        .transport(quic)
                        .connections(ConnectionPolicy.defaults().withTransports("quic", "udp", "tcp")));
    }

    @AfterEach
    void nothingIsLeft() {
        kit.close();
    }

    private ManagedPeer wanted() {
        ManagedPeer peer = keeper.peers().add(WantedPeer.of(server.id(), TCP, UDP, QUIC));
        kit.settle();
        return peer;
    }

    /** Why each was passed over, by address without the key. */
    private static List<PassedOver> passedOver(ManagedPeer peer) {
        assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
        return ((PeerState.Ready) peer.state()).passedOver();
    }

    private PassedOver passed(PeerAddress address) {
        return new PassedOver(address.expecting(server.id()), REFUSED);
    }

    private void loseSession(ManagedPeer peer) {
        session(peer).close().subscribe();
        kit.advance(Duration.ofSeconds(1));
    }

    @Test
    void thePreferredIsTakenWhateverTheOrderOfTheAddresses() {
        ManagedPeer peer = wanted();

        assertThat(session(peer).transport()).isEqualTo("quic");
        assertThat(passedOver(peer)).isEmpty();
        assertThat(Stream.of(tcp, udp).flatMap(one -> one.dialled().stream())).isEmpty();
    }

    @Test
    void theNextIsTakenAndTheStateSaysWhy() {
        quic.refuse(ErrorCode.CONNECT_FAILED);
        ManagedPeer overUdp = wanted();

        assertThat(session(overUdp).transport()).isEqualTo("udp");
        assertThat(passedOver(overUdp)).containsExactly(passed(QUIC));
        assertThat(tcp.dialled()).isEmpty();
    }

    @Test
    void tcpIsLeftWhereNoDatagramsComeThroughAndTheWayBackIsByTime() {
        quic.refuse(ErrorCode.CONNECT_FAILED);
        udp.refuse(ErrorCode.CONNECT_FAILED);
        ManagedPeer peer = wanted();
        assertThat(session(peer).transport()).isEqualTo("tcp");
        assertThat(passedOver(peer)).containsExactly(passed(QUIC), passed(UDP));

        quic.refuse(null);
        loseSession(peer);
        assertThat(session(peer).transport()).as("QUIC has failed a moment ago").isEqualTo("tcp");
        assertThat(quic.dialled()).hasSize(1);

        kit.advance(Duration.ofMinutes(5));
        assertThat(session(peer).transport()).as("a session is not moved").isEqualTo("tcp");
        loseSession(peer);
        assertThat(session(peer).transport()).isEqualTo("quic");
        assertThat(passedOver(peer)).isEmpty();
    }

    @Test
    void aPeerThatWasAwayComesBackByThePreferred() {
        Stream.of(tcp, udp, quic).forEach(one -> one.refuse(ErrorCode.CONNECT_FAILED));
        ManagedPeer peer = wanted();
        assertThat(peer.state()).isInstanceOf(PeerState.BackingOff.class);

        Stream.of(tcp, udp, quic).forEach(one -> one.refuse(null));
        kit.advance(Duration.ofSeconds(1));

        assertThat(session(peer).transport()).isEqualTo("quic");
    }
}
