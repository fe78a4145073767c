package io.weir.reactive.peers;

import static io.weir.reactive.peers.PeersKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.ConnectionInfo.Direction;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node shows of its connections. */
class ConnectionsTest {

    private final PeersKit kit = new PeersKit();

    @AfterEach
    void nothingIsLeft() {
        kit.close();
    }

    private PeerSession connect(PeerNode node, String name) {
        List<PeerSession> sessions = new ArrayList<>();
        node.connect(at(name)).subscribe(sessions::add);
        kit.settle();
        return sessions.get(0);
    }

    private static ConnectionInfo only(PeerNode node) {
        assertThat(node.connections()).hasSize(1);
        return node.connections().get(0);
    }

    @Test
    void bothEndsShowTheConnectionEachFromItsSide() {
        PeerNode server = kit.server("server");
        PeerNode client = kit.keeper();
        kit.advance(Duration.ofSeconds(3));
        Instant ready = kit.now();
        PeerSession session = connect(client, "server");

        ConnectionInfo dialled = only(client);
        assertThat(dialled)
                .isEqualTo(new ConnectionInfo(
                        session.id(),
                        server.id(),
                        session.remoteAddress(),
                        "memory",
                        Direction.OUTBOUND,
                        ready,
                        ready,
                        session.roundTrip(),
                        SessionState.READY));
        ConnectionInfo accepted = only(server);
        assertThat(accepted.peer()).isEqualTo(client.id());
        assertThat(accepted.direction()).isEqualTo(Direction.INBOUND);
        assertThat(accepted.since()).isEqualTo(ready);
    }

    @Test
    void lastHeardMovesWithWhatIsHeardAndSinceDoesNot() {
        kit.server("server");
        PeerNode client = kit.keeper();
        PeerSession session = connect(client, "server");
        Instant ready = kit.now();

        kit.advance(Duration.ofSeconds(4));
        assertThat(only(client).lastHeard()).as("no beat is due yet").isEqualTo(ready);
        session.ping().subscribe();
        kit.settle();

        assertThat(only(client).lastHeard()).isEqualTo(kit.now());
        assertThat(only(client).since()).isEqualTo(ready);
    }

    @Test
    void anEndedConnectionIsShownNoMore() {
        PeerNode server = kit.server("server");
        PeerNode client = kit.keeper();
        connect(client, "server").dispose();
        kit.advance(Duration.ofSeconds(1));
        assertThat(client.connections()).isEmpty();
        assertThat(server.connections()).isEmpty();
        assertThat(client.connection(at("server"))).isEmpty();
    }

    @Test
    void theyComeInTheOrderInWhichTheyBegan() {
        kit.server("b");
        kit.server("a");
        PeerNode client = kit.keeper();
        List<Long> ids = List.of(connect(client, "b").id(), connect(client, "a").id());
        assertThat(client.connections()).extracting(ConnectionInfo::id).isEqualTo(ids);
    }

    @Test
    void oneIsFoundByTheAddressThatWasDialledByItsPeerAndByItsFarEnd() {
        kit.server("other");
        PeerNode server = kit.server("server");
        PeerNode client = kit.keeper();
        connect(client, "other");
        PeerSession session = connect(client, "server");

        assertThat(client.connection(at("server"))).map(ConnectionInfo::id).contains(session.id());
        assertThat(client.connection(at("server").expecting(server.id())))
                .map(ConnectionInfo::id)
                .contains(session.id());
        assertThat(client.connection(at("anywhere").expecting(server.id())))
                .as("as connect does: who it is counts")
                .map(ConnectionInfo::id)
                .contains(session.id());
        assertThat(client.connection(session.remoteAddress()))
                .map(ConnectionInfo::id)
                .contains(session.id());
        assertThat(client.connection(
                        at("server").expecting(kit.identity("stranger").peerId())))
                .isEmpty();
        assertThat(client.connection(at("nowhere"))).isEmpty();
        ConnectionInfo accepted = only(server);
        assertThat(server.connection(accepted.address())).contains(accepted);
    }

    @Test
    void aSecondAddressThatLedToTheSameSessionFindsItToo() {
        PeerNode server = kit.start("server", spec -> spec.listen(at("one")).listen(at("two")));
        PeerNode client = kit.keeper();
        PeerSession session = connect(client, "one");
        assertThat(connect(client, "two")).isSameAs(session);
        assertThat(client.connection(at("two"))).map(ConnectionInfo::peer).contains(server.id());
    }
}
