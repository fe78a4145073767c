package io.weir.reactive.transport;

import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses of datagrams as the JDK writes them. */
public final class Inet {

    private Inet() {}

    /** The same without a scope; its port must not be 0. */
    public static PathAddress path(InetSocketAddress address) {
        return new PathAddress(Bytes.copyOf(address.getAddress().getAddress()), address.getPort());
    }

    /** The address in a datagram's head, which knows no scope. */
    public static InetSocketAddress address(PathAddress address) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.ip().toByteArray()), address.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
