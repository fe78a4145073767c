package io.weir.reactive.transport.tcp;

/** What tests of nodes do to transports of TCP. */
public final class TcpTransports {

    private TcpTransports() {}

    /** Closes its listening sockets under it; connections stay. */
    public static void breakListeners(TcpTransport transport) {
        transport.listeners().forEach(listener -> listener.channel().close());
    }
}
