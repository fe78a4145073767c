package io.weir.core.handshake;

import io.weir.core.crypto.KeyedMac;
import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Shows in HELLO that its sender has the network key, where the handshake before it cannot, as on QUIC (PROTOCOL section 2): the
 * HMAC-SHA-256 under that key of role u8 (0 initiator, 1 responder) | the initiator's PeerId | the responder's. The peers of a
 * connection have proved theirs, so it is good for them alone, and for one direction.
 *
 * @param key this node's; null if it has none, and the peer must not either
 * @param initiator who has dialled
 * @param responder who was dialled
 */
public record NetworkKeyProof(@Nullable NetworkKey key, PeerId initiator, PeerId responder) {

    /** What the side of that role says; null without a key. */
    public @Nullable Bytes of(Role role) {
        NetworkKey known = key;
        return known == null ? null : Bytes.copyOf(mac(known).compute(statement(role), NetworkKey.LENGTH));
    }

    /** Whether what the side of that role has said, or null if it has said nothing, shows that it has the same key, or none. */
    public boolean accepts(Role role, @Nullable Bytes said) {
        NetworkKey known = key;
        return known == null || said == null
                ? known == null && said == null
                : mac(known).verify(statement(role), said.toByteArray());
    }

    private byte[] statement(Role role) {
        return ByteBuffer.allocate(1 + 2 * PeerId.LENGTH)
                .put((byte) (role == Role.INITIATOR ? 0 : 1))
                .put(initiator.bytes())
                .put(responder.bytes())
                .array();
    }

    private static KeyedMac mac(NetworkKey key) {
        byte[] secret = key.bytes();
        try {
            return KeyedMac.of(secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
