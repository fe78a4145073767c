package io.weir.reactive.transport.udp;

import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;

/** The same on platforms without epoll. */
class NioUdpPathsTest extends UdpPathsTest {

    @Override
    protected Transport newTransport() {
        return new UdpTransport(1, UdpOptions.defaults(), false);
    }
}
