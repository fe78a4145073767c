package io.weir.reactive.session.port;

import io.weir.core.path.PathAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Where a datagram goes to, as the JDK writes it. */
final class Inet {

    private Inet() {}

    static InetSocketAddress address(PathAddress address) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.ip().toByteArray()), address.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
