package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.handshake.HandshakeState.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** A peer that speaks correct Noise and puts into its payloads whatever a test wants. */
final class RogueSide {
    private static final byte[] PREAMBLE = Preamble.encode(CipherSuite.AESGCM, false);

    final HandshakeState noise;

    private RogueSide(boolean initiator, RandomBytes random) {
        this.noise = new HandshakeState(
                new NoiseProtocol(HandshakePattern.XX, CipherSuite.AESGCM),
                initiator,
                PREAMBLE,
                X25519KeyPair.generate(random),
                random,
                null);
    }

    static RogueSide initiator(RandomBytes random) {
        return new RogueSide(true, random);
    }

    static RogueSide responder(RandomBytes random) {
        return new RogueSide(false, random);
    }

    /** Preamble and message 1. */
    byte[] firstUnits() {
        byte[] message = write(h -> new byte[0]);
        return ByteBuffer.allocate(PREAMBLE.length + message.length)
                .put(PREAMBLE)
                .put(message)
                .array();
    }

    byte[] write(Payload payload) {
        byte[] message = Objects.requireNonNull(noise.writeMessage(payload));
        return ByteBuffer.allocate(2 + message.length)
                .putShort((short) message.length)
                .put(message)
                .array();
    }

    byte[] read(byte[] unit) {
        return Objects.requireNonNull(noise.readMessage(Arrays.copyOfRange(unit, 2, unit.length)));
    }
}
