package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Link;

/**
 * The handshakes of a node: Noise over links of bytes, which then carry sealed records.
 *
 * @param buffers where records are filled and sealed
 */
public record NoiseHandshakes(HandshakeConfig config, RandomBytes random, RecordBuffers buffers) {

    /** The handshake over a link of bytes, of which nothing was read or written yet. */
    public Establisher over(Link link, String transport) {
        return new NoiseEstablisher(link, transport, config, random, buffers);
    }
}
