package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the ports of two hosts make of handshakes; there are no sessions. */
class PortHandshakeTest {

    private static final int INIT = 1;
    private static final int RETRY = 2;
    private static final int RESPONSE = 3;
    private static final int FINISH = 4;
    private static final int REJECT = 5;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
    private final PortSide server = new PortSide(network, "server").listen();
    private final PortSide client = new PortSide(network, "client");

    @Test
    void bothEndsKnowEachOtherAfterThreeDatagrams() {
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofMillis(20));
        assertThat(client.established).singleElement().satisfies(made -> {
            assertThat(made.peer()).isEqualTo(server.id);
            assertThat(made.transport()).isEqualTo("udp");
            assertThat(made.remoteAddress()).hasToString("server/10.0.0.1:7400");
            assertThat(made.carrier().path().roundTripNanos())
                    .isEqualTo(Duration.ofMillis(20).toNanos());
        });
        network.advance(Duration.ofMillis(10));
        assertThat(server.established)
                .singleElement()
                .satisfies(made -> assertThat(made.peer()).isEqualTo(client.id));
        assertThat(client.transport.sent(INIT)).hasSize(1);
        assertThat(server.transport.sent(RESPONSE)).hasSize(1);
        assertThat(client.transport.sent(FINISH)).hasSize(1);
    }
}
