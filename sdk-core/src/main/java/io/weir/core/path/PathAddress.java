package io.weir.core.path;

import io.weir.core.error.Legal;
import io.weir.core.wire.Bytes;

/**
 * Where a datagram came from or goes to.
 *
 * @param ip 4 bytes (IPv4) or 16 (IPv6)
 * @param port 1 to 65,535
 */
public record PathAddress(Bytes ip, int port) {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int MOST_PORT = 65_535;

    public PathAddress {
        if (ip.length() != IPV4_BYTES && ip.length() != IPV6_BYTES) {
            throw new IllegalArgumentException("ip has " + ip.length() + " bytes; legal: 4 or 16");
        }
        Legal.range("port", port, 1, MOST_PORT);
    }
}
