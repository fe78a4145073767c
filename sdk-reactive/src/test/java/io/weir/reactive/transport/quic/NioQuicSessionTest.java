package io.weir.reactive.transport.quic;

import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;

/** The same on platforms without epoll. */
class NioQuicSessionTest extends QuicSessionTest {

    @Override
    protected Transport newTransport() {
        return new QuicTransport(1, UdpOptions.defaults(), false);
    }
}
