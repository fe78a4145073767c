package io.weir.reactive.transport.udp;

import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;

/** The contract of sessions over UDP on the JDK's channels, as where there is no native transport. */
final class NioUdpSessionTest extends UdpSessionTest {

    @Override
    protected Transport newTransport() {
        return new UdpTransport(1, UdpOptions.defaults(), false);
    }
}
