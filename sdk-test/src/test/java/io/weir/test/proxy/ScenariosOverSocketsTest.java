package io.weir.test.proxy;

import io.weir.core.peer.PeerAddress;
import org.junit.jupiter.api.Tag;

/** Scenarios over UDP. */
@Tag("once")
final class ScenariosOverSocketsTest extends ScenariosOverSockets {

    ScenariosOverSocketsTest() {
        super(PeerAddress.udp("127.0.0.1", 0));
    }
}
