package io.weir.core.handshake;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One side's three Noise messages with the proofs of identity in them, whatever carries them (PROTOCOL section 2).
 *
 * <p>Messages are written and read in turn; calls out of turn are a caller's bug and throw. A refused message leaves the exchange
 * of no use: where anybody can send what looks like one, a {@link #copy} reads it.
 */
final class KeyExchange {
    private static final int KEY = 32;
    private static final int MESSAGES = 3;

    private final Role role;
    private final HandshakeConfig config;
    private final CipherSuite suite;
    private final HandshakeState noise;
    private @Nullable PeerId peer;
    private boolean authentic;

    private KeyExchange(Role role, HandshakeConfig config, CipherSuite suite, HandshakeState noise) {
        this.role = role;
        this.config = config;
        this.suite = suite;
        this.noise = noise;
    }

    /** Before message 1. */
    static KeyExchange begin(
            Role role, HandshakeConfig config, CipherSuite suite, byte[] prologue, RandomBytes random) {
        NetworkKey networkKey = config.networkKey();
        byte[] psk = networkKey == null ? null : networkKey.bytes();
        HandshakeState noise = new HandshakeState(
                new NoiseProtocol(psk == null ? HandshakePattern.XX : HandshakePattern.XXPSK3, suite),
                role == Role.INITIATOR,
                prologue,
                config.staticKey(),
                random,
                psk);
        if (psk != null) {
            Arrays.fill(psk, (byte) 0);
        }
        return new KeyExchange(role, config, suite, noise);
    }

    /** The same, to read a message with; of the two only one goes on, the other is {@linkplain #destroy() destroyed}. */
    KeyExchange copy() {
        KeyExchange copy = new KeyExchange(role, config, suite, noise.copy());
        copy.peer = peer;
        return copy;
    }

    /** Message 1. */
    byte[] writeFirst() {
        byte[] message = noise.writeMessage(h -> new byte[0]);
        if (message == null) {
            throw new IllegalStateException("message 1 mixes no key of the peer");
        }
        return message;
    }

    /** Has the next message, 2 or 3, authenticate what stands in the clear in front of it; both sides do it, or neither. */
    void bind(byte[] header) {
        noise.mixHash(header);
    }

    /** Message 2 or 3, with this side's proof; null if the peer's key is of small order. */
    byte @Nullable [] write() {
        return noise.writeMessage(h -> IdentityProof.prove(config.identity(), role, h));
    }

    /** Reads the peer's next message; what is wrong with it, or null. */
    @Nullable
    CloseReason read(byte[] message) {
        String name = awaited();
        boolean first = noise.messagesDone() == 0;
        byte[] payload = noise.readMessage(message);
        authentic = payload != null;
        if (payload == null) {
            boolean keysMeet = noise.isFinished() && config.networkKey() != null;
            return CloseReason.local(
                    keysMeet ? ErrorCode.NETWORK_KEY_MISMATCH : ErrorCode.HANDSHAKE_FAILED,
                    name + " is not authentic" + (keysMeet ? "; the network keys probably differ" : ""));
        }
        if (first) {
            return payload.length == 0
                    ? null
                    : CloseReason.local(ErrorCode.HANDSHAKE_FAILED, "message 1 carries a payload");
        }
        return readProof(payload);
    }

    /**
     * Whether the message that was read last is the peer's own, to its last byte, whatever was wrong with what it says. One that
     * only begins well may be a copy of it, altered.
     */
    boolean isAuthentic() {
        return authentic;
    }

    /** Whether reading got as far as to agree the keys of so many messages, which is what costs. */
    boolean keysAgreed(int messages) {
        return noise.messagesDone() >= messages;
    }

    /** Whether this side writes the next message. */
    boolean isOurTurn() {
        return !isFinished() && (noise.messagesDone() % 2 == 0) == (role == Role.INITIATOR);
    }

    /** Whether all messages were written and read. */
    boolean isFinished() {
        return noise.isFinished();
    }

    /** The peer and the keys; the ciphers are the caller's to close. */
    Established establish() {
        PeerId proved = peer;
        if (proved == null) {
            throw new IllegalStateException("no session without a peer");
        }
        byte[][] keys = noise.split();
        byte[] own = keys[role == Role.INITIATOR ? 0 : 1];
        byte[] others = keys[role == Role.INITIATOR ? 1 : 0];
        CipherProvider provider = config.recordProvider();
        Established established = new Established(
                proved,
                RecordCipher.sealing(suite, provider, own),
                RecordCipher.opening(suite, provider, others),
                noise.handshakeHash());
        Arrays.fill(own, (byte) 0);
        Arrays.fill(others, (byte) 0);
        return established;
    }

    /** Bytes of the next message as PROTOCOL section 2 prescribes it: keys, tags and payload. */
    int messageLength() {
        return messageLength(noise.messagesDone(), config.networkKey() != null);
    }

    /** Bytes of message {@code index}, from 0. */
    static int messageLength(int index, boolean psk) {
        int tag = CipherSuite.TAG_LENGTH;
        return switch (index) {
            case 0 -> psk ? KEY + tag : KEY; // in psk handshakes even an empty payload is sealed
            case 1 -> KEY + KEY + tag + IdentityProof.LENGTH + tag;
            case 2 -> KEY + tag + IdentityProof.LENGTH + tag;
            default -> throw new IllegalArgumentException("message " + (index + 1) + " of " + MESSAGES);
        };
    }

    /** The next message, for people. */
    String awaited() {
        return "message " + (noise.messagesDone() + 1);
    }

    /** Wipes all secrets but the static key, which is the node's. */
    void destroy() {
        noise.destroy();
    }

    private @Nullable CloseReason readProof(byte[] payload) {
        PeerId proved = IdentityProof.verify(payload, role.other(), noise.payloadHash());
        PeerId expected = config.expectedPeer();
        if (proved == null) {
            return CloseReason.local(ErrorCode.IDENTITY_INVALID, "the peer's identity proof is malformed or false");
        }
        if (proved.equals(config.identity().peerId())) {
            return CloseReason.local(ErrorCode.SELF_CONNECT, "the peer is this node itself, " + proved);
        }
        if (expected != null && !proved.equals(expected)) {
            return CloseReason.local(ErrorCode.IDENTITY_MISMATCH, "the peer is " + proved + ", not " + expected);
        }
        peer = proved;
        return null;
    }
}
