package io.weir.reactive.transport.udp;

import io.weir.reactive.transport.UdpOptions;

/** Makes transports for tests of nodes. */
public final class UdpTransports {

    private UdpTransports() {}

    /** On two loops: epoll's where it loads and is preferred, else the JDK's. */
    public static UdpTransport of(boolean preferNative) {
        return new UdpTransport(2, UdpOptions.defaults(), preferNative);
    }

    /** Closes its sockets under it, as a system does whose interface is gone. */
    public static void breakSockets(UdpTransport transport) {
        transport.sockets().forEach(socket -> socket.channel().close());
    }
}
