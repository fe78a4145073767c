package io.weir.test.proxy;

import io.weir.core.peer.PeerAddress;
import io.weir.test.network.Scenario;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;

/** Scenarios over QUIC. */
@Tag("once")
final class ScenariosOverQuicTest extends ScenariosOverSockets {

    ScenariosOverQuicTest() {
        super(PeerAddress.quic("127.0.0.1", 0));
    }

    /** Without that of an address that changes twice a second under a transfer both ways, which QUIC's library does not survive. */
    static Stream<Arguments> scenarios() {
        return ScenariosOverSockets.scenarios()
                .filter(one -> !((Scenario) one.get()[0]).name().equals("address change"));
    }
}
