package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.HandshakeResult.Failed;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Two nodes with fixed keys, and the bytes between them. */
final class HandshakePair {
    static final Identity ALICE = Identity.generate(seeded(1));
    static final Identity BOB = Identity.generate(seeded(2));
    static final X25519KeyPair ALICE_STATIC = X25519KeyPair.generate(seeded(3));
    static final X25519KeyPair BOB_STATIC = X25519KeyPair.generate(seeded(4));
    static final NetworkKey NETWORK = NetworkKey.of(filled(0x5a));
    static final NetworkKey OTHER_NETWORK = NetworkKey.of(filled(0xa5));

    final StreamHandshake initiator;
    final StreamHandshake responder;

    HandshakePair(HandshakeConfig alice, HandshakeConfig bob) {
        this.initiator = StreamHandshake.initiator(alice, seeded(5));
        this.responder = StreamHandshake.responder(bob, seeded(6));
    }

    static HandshakePair plain() {
        return new HandshakePair(alice(), bob());
    }

    static HandshakePair of(CipherSuite suite, boolean psk) {
        NetworkKey key = psk ? NETWORK : null;
        return new HandshakePair(alice().withSuite(suite).withNetworkKey(key), bob().withNetworkKey(key));
    }

    static HandshakeConfig alice() {
        return HandshakeConfig.of(ALICE, ALICE_STATIC);
    }

    static HandshakeConfig bob() {
        return HandshakeConfig.of(BOB, BOB_STATIC);
    }

    static RandomBytes seeded(long seed) {
        return new Random(seed)::nextBytes;
    }

    /** Carries whole units to and fro until both sides are silent. */
    HandshakePair run() {
        boolean moved = true;
        while (moved) {
            byte[] out = drain(initiator);
            responder.receive(ByteBuffer.wrap(out));
            byte[] back = drain(responder);
            initiator.receive(ByteBuffer.wrap(back));
            moved = out.length + back.length > 0;
        }
        return this;
    }

    /** Everything that a side wants to write. */
    static byte[] drain(StreamHandshake side) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] unit = side.pollOutput(); unit != null; unit = side.pollOutput()) {
            all.writeBytes(unit);
        }
        return all.toByteArray();
    }

    static void feed(StreamHandshake side, byte... bytes) {
        side.receive(ByteBuffer.wrap(bytes));
    }

    static Established established(StreamHandshake side) {
        if (side.result() instanceof Established established) {
            return established;
        }
        throw new AssertionError("expected a session, got " + side);
    }

    static Failed failed(StreamHandshake side) {
        if (side.result() instanceof Failed failed) {
            return failed;
        }
        throw new AssertionError("expected a failure, got " + side);
    }

    static boolean isEstablished(@Nullable HandshakeResult result) {
        return result instanceof Established;
    }

    static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
