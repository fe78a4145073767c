package io.weir.reactive.transport.tcp;

import io.weir.reactive.transport.Transport;

/** The contract over TCP on the JDK's selectors, as where there is no native transport. */
final class NioTcpTransportTest extends TcpTransportTest {
    @Override
    protected Transport newTransport() {
        return new TcpTransport(2, false);
    }

    /**
     * Now and then accepting on the JDK's selectors goes on only a second after a stranger has hung up, each time anew;
     * hundreds of strangers would then take minutes. Native epoll never does that.
     */
    @Override
    int crowd() {
        return 4;
    }
}
