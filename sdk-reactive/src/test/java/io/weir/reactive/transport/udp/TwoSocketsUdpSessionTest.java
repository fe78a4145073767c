package io.weir.reactive.transport.udp;

import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;

/** The contract of sessions over UDP where a listener has two sockets at its port, each on a loop of its own. */
final class TwoSocketsUdpSessionTest extends UdpSessionTest {

    @Override
    protected Transport newTransport() {
        return new UdpTransport(2, UdpOptions.defaults().withSockets(2), true);
    }
}
