package io.weir.test.network;

import java.nio.ByteBuffer;

/**
 * A datagram that has arrived.
 *
 * @param host address that it came from, at which its sender could be reached when it was sent
 * @param port of that address
 * @param payload read-only, the receiver's to keep
 */
public record Datagram(String host, int port, ByteBuffer payload) {

    Datagram duplicate() {
        return new Datagram(host, port, payload.duplicate());
    }
}
