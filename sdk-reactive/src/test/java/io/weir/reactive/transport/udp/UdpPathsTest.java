package io.weir.reactive.transport.udp;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.PathsContractTest;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;

/** Paths of sessions over UDP. */
class UdpPathsTest extends PathsContractTest {

    @Override
    protected Transport newTransport() {
        return new UdpTransport(1, UdpOptions.defaults(), true);
    }

    @Override
    protected PeerAddress at(String host, int port) {
        return PeerAddress.udp(host, port);
    }
}
