package io.weir.test.proxy;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerSession;
import io.weir.test.network.Scenario;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Scenarios over UDP. */
@Tag("once")
final class ScenariosOverSocketsTest extends ScenariosOverSockets {

    ScenariosOverSocketsTest() {
        super(PeerAddress.udp("127.0.0.1", 0));
    }

    /** Not so over QUIC, whose library gives up what was under way to the old address: see {@code QuicMoveTest}. */
    @Test
    void aTransferGoesOnAtAnotherAddress() {
        proxy.profile(Scenario.BOTTLENECK.profile());
        PeerSession session = client.connectNow(proxy.address(), PATIENCE);

        StepVerifier.create(echo(session, 600))
                .expectNextCount(100)
                .then(proxy::changeAddress)
                .expectNextCount(300)
                .then(proxy::changeAddress)
                .expectNextCount(200)
                .expectComplete()
                .verify(PATIENCE);
    }
}
