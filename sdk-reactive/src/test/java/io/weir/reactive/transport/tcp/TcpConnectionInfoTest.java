package io.weir.reactive.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Connections over TCP, as nodes show them. */
class TcpConnectionInfoTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void aConnectionIsFoundByItsLiteralAddressByItsNameAndByItsSocket() {
        Instant before = Instant.now().minusSeconds(1);
        PeerNode server = Weir.node().listen(PeerAddress.tcp("127.0.0.1", 0)).startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        try {
            PeerAddress byName = PeerAddress.tcp("localhost", server.port());
            PeerSession session = client.connectNow(byName, PATIENCE);

            ConnectionInfo info = client.connections().get(0);

            assertThat(info.transport()).isEqualTo("tcp");
            assertThat(info.since()).isBetween(before, Instant.now().plusSeconds(1));
            assertThat(info.lastHeard()).isBetween(before, Instant.now().plusSeconds(1));
            assertThat(client.connection(byName)).isPresent();
            assertThat(client.connection(session.remoteAddress())).isPresent();
            assertThat(client.connection(PeerAddress.tcp("127.0.0.1", server.port())))
                    .as("whose far end is there, though a name was dialled")
                    .map(ConnectionInfo::id)
                    .contains(session.id());
            assertThat(client.connection(PeerAddress.tcp("127.0.0.2", server.port())))
                    .isEmpty();
        } finally {
            client.dispose();
            server.dispose();
        }
    }
}
