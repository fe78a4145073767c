package io.weir.reactive.transport.quic;

import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;

/** The same on platforms without epoll. */
class NioQuicPathsTest extends QuicPathsTest {

    @Override
    protected Transport newTransport() {
        return new QuicTransport(1, UdpOptions.defaults(), false);
    }
}
