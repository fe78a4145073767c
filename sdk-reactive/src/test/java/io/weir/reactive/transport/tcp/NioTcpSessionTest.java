package io.weir.reactive.transport.tcp;

import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.Transport;

/** The contract of sessions over TCP on the JDK's channels, as where there is no native transport. */
final class NioTcpSessionTest extends TcpSessionTest {

    @Override
    protected Transport newTransport() {
        return new TcpTransport(1, TcpOptions.defaults(), false);
    }
}
