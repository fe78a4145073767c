package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;

/** A pattern and a cipher: what is variable in a Noise protocol name (Noise section 8). */
record NoiseProtocol(HandshakePattern pattern, CipherSuite suite) {
    /** The name that the hash starts from, such as {@code Noise_XX_25519_AESGCM_SHA256}. */
    String protocolName() {
        return "Noise_" + pattern.noiseName() + "_25519_" + suite.noiseName() + "_SHA256";
    }

    @Override
    public String toString() {
        return protocolName();
    }
}
