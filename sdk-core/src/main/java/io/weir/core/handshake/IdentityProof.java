package io.weir.core.handshake;

import io.weir.core.crypto.Ed25519;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The payload of messages 2 and 3: who the sender is, and its signature over the handshake so far (PROTOCOL section 2).
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |               identity: Ed25519 public key (32)               |
 *   +---------------------------------------------------------------+
 *   |     signature (64) = Ed25519("weir/1 noise id" | role | h)    |
 *   +---------------------------------------------------------------+
 *
 *   role u8 = 0 initiator, 1 responder
 *   h       = the 32-byte handshake hash at the moment this payload is sealed, which covers the sender's static key
 * </pre>
 *
 * <p>The signature binds the identity to the Noise static key of this very handshake; the role keeps a proof from being
 * reflected to its maker.
 */
final class IdentityProof {
    /** Length of the payload in bytes. */
    static final int LENGTH = PeerId.LENGTH + Ed25519.SIGNATURE_LENGTH;

    private static final byte[] CONTEXT = "weir/1 noise id".getBytes(StandardCharsets.US_ASCII);

    private IdentityProof() {}

    /** The payload by which {@code identity}, in {@code role}, proves itself at {@code h}. */
    static byte[] prove(Identity identity, Role role, byte[] h) {
        byte[] signature = identity.sign(statement(role, h));
        return ByteBuffer.allocate(LENGTH)
                .put(identity.peerId().bytes())
                .put(signature)
                .array();
    }

    /** Whom the payload proves in {@code role} at {@code h}; null if it is malformed, false or of an unusable key. */
    static @Nullable PeerId verify(byte[] payload, Role role, byte[] h) {
        if (payload.length != LENGTH) {
            return null;
        }
        byte[] key = Arrays.copyOf(payload, PeerId.LENGTH);
        byte[] signature = Arrays.copyOfRange(payload, PeerId.LENGTH, LENGTH);
        if (!Ed25519.isCanonical(key) || Ed25519.isSmallOrder(key)) {
            return null;
        }
        return Ed25519.verify(key, statement(role, h), signature) ? PeerId.of(key) : null;
    }

    private static byte[] statement(Role role, byte[] h) {
        return ByteBuffer.allocate(CONTEXT.length + 1 + h.length)
                .put(CONTEXT)
                .put((byte) role.ordinal())
                .put(h)
                .array();
    }
}
