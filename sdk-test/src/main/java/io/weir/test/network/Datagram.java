package io.weir.test.network;

import io.weir.core.path.Ecn;
import java.nio.ByteBuffer;

/**
 * A datagram that has arrived.
 *
 * @param host address that it says it comes from: unless it is forged, the one at which its sender could be reached when it was sent
 * @param port of that address
 * @param payload read-only, the receiver's to keep
 * @param ecn how it is marked on arrival
 */
public record Datagram(String host, int port, ByteBuffer payload, Ecn ecn) {

    Datagram duplicate() {
        return new Datagram(host, port, payload.duplicate(), ecn);
    }

    Datagram withEcn(Ecn mark) {
        return new Datagram(host, port, payload, mark);
    }
}
