package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.handshake.HandshakePattern.Token;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HandshakeState object of Noise section 5.3, on one side of one handshake.
 *
 * <p>Messages are written and read in turn. A null result means that the peer is to blame (a message that is too short,
 * not authentic, or carries a key of small order); the handshake is then dead and must be {@linkplain #destroy()
 * destroyed}. Calls out of turn are a caller's bug and throw.
 *
 * <p><b>The payload's hash.</b> WriteMessage handles all tokens of a message first and its payload last, by
 * EncryptAndHash(payload), which seals with the current h as associated data and only then mixes the ciphertext into h.
 * "The moment that payload is sealed" (PROTOCOL section 2) is therefore after the tokens: that h already covers the
 * prologue, both ephemeral keys, the ciphertext of the sender's own static key and, in message 3 of XXpsk3, the network
 * key, but not the payload. {@link Payload#sealedAt} and {@link #payloadHash} give exactly that h.
 */
final class HandshakeState {
    private static final int DH_LENGTH = X25519KeyPair.LENGTH;

    private final HandshakePattern pattern;
    private final boolean initiator;
    private final SymmetricState symmetric;
    private final X25519KeyPair s;
    private final RandomBytes random;
    private final byte @Nullable [] psk;

    private @Nullable X25519KeyPair e;
    private byte @Nullable [] rs;
    private byte @Nullable [] re;
    private byte[] payloadHash = new byte[0];
    private int nextMessage;

    /** What a message carries, made when the hash it is sealed at is known. */
    @FunctionalInterface
    interface Payload {
        byte[] sealedAt(byte[] h);
    }

    /**
     * Initialize(handshake_pattern, initiator, prologue, s); the ephemeral key is drawn from {@code random} later.
     *
     * @param psk copied; present exactly if the pattern has a psk
     */
    HandshakeState(
            NoiseProtocol protocol,
            boolean initiator,
            byte[] prologue,
            X25519KeyPair s,
            RandomBytes random,
            byte @Nullable [] psk) {
        if (protocol.pattern().hasPsk() != (psk != null)) {
            throw new IllegalArgumentException(protocol + " with" + (psk == null ? "out" : "") + " a pre-shared key");
        }
        this.pattern = protocol.pattern();
        this.initiator = initiator;
        this.symmetric = new SymmetricState(protocol);
        this.s = s;
        this.random = random;
        this.psk = psk == null ? null : psk.clone();
        symmetric.mixHash(prologue);
    }

    private HandshakeState(HandshakeState of) {
        this.pattern = of.pattern;
        this.initiator = of.initiator;
        this.symmetric = of.symmetric.copy();
        this.s = of.s;
        this.random = of.random;
        this.psk = of.psk == null ? null : of.psk.clone();
        this.e = of.e == null ? null : of.e.copy();
        this.rs = of.rs;
        this.re = of.re;
        this.payloadHash = of.payloadHash;
        this.nextMessage = of.nextMessage;
    }

    /**
     * The same state, destroyed by itself: where anybody can send what looks like a message, a copy reads it, and the state is as
     * it was if the message is refused. Only one of the two goes on to write.
     */
    HandshakeState copy() {
        return new HandshakeState(this);
    }

    /**
     * MixHash(data), between two messages: what stands in the clear beside the next one is authenticated with it. Noise itself has
     * this only before message 1, as the prologue.
     */
    void mixHash(byte[] data) {
        symmetric.mixHash(data);
    }

    /** WriteMessage(payload, message_buffer): the message, or null if the peer's ephemeral key is of small order. */
    byte @Nullable [] writeMessage(Payload payload) {
        requireTurn(initiator);
        List<byte[]> parts = new ArrayList<>();
        for (Token token : pattern.message(nextMessage)) {
            switch (token) {
                case E -> parts.add(writeEphemeral());
                case S -> parts.add(symmetric.encryptAndHash(s.publicKey()));
                case EE, ES, SE, PSK -> {
                    if (!mix(token)) {
                        return null;
                    }
                }
            }
        }
        payloadHash = symmetric.handshakeHash();
        parts.add(symmetric.encryptAndHash(payload.sealedAt(payloadHash.clone())));
        nextMessage++;
        return join(parts);
    }

    /** ReadMessage(message, payload_buffer): the payload, or null if the message must be refused. */
    byte @Nullable [] readMessage(byte[] message) {
        requireTurn(!initiator);
        int position = 0;
        for (Token token : pattern.message(nextMessage)) {
            switch (token) {
                case E, S -> {
                    int length =
                            token == Token.S && symmetric.hasKey() ? DH_LENGTH + CipherSuite.TAG_LENGTH : DH_LENGTH;
                    if (message.length - position < length) {
                        return null;
                    }
                    byte[] key = Arrays.copyOfRange(message, position, position + length);
                    position += length;
                    if (!(token == Token.E ? readEphemeral(key) : readStatic(key))) {
                        return null;
                    }
                }
                case EE, ES, SE, PSK -> {
                    if (!mix(token)) {
                        return null;
                    }
                }
            }
        }
        payloadHash = symmetric.handshakeHash();
        nextMessage++;
        return symmetric.decryptAndHash(Arrays.copyOfRange(message, position, message.length));
    }

    /** How many messages have been written and read so far. */
    int messagesDone() {
        return nextMessage;
    }

    /** A copy of h as it was when the payload of the last message written or read was about to be sealed or opened. */
    byte[] payloadHash() {
        return payloadHash.clone();
    }

    /** GetHandshakeHash(): a copy of h, the channel binding once the handshake is finished (Noise section 11.2). */
    byte[] handshakeHash() {
        return symmetric.handshakeHash();
    }

    /** Whether all messages have been written and read, so that {@link #split} may be called. */
    boolean isFinished() {
        return nextMessage == pattern.messageCount();
    }

    /** Split(): the 32-byte keys from initiator to responder and back; the caller wipes them. */
    byte[][] split() {
        if (!isFinished()) {
            throw new IllegalStateException("message " + (nextMessage + 1) + " of the handshake is still to come");
        }
        return symmetric.split();
    }

    /** Wipes the ephemeral key, the psk and all derived secrets; the static key is the caller's. */
    void destroy() {
        symmetric.destroy();
        if (e != null) {
            e.destroy();
        }
        if (psk != null) {
            Arrays.fill(psk, (byte) 0);
        }
    }

    private byte[] writeEphemeral() {
        e = X25519KeyPair.generate(random);
        byte[] publicKey = e.publicKey();
        mixEphemeral(publicKey);
        return publicKey;
    }

    private boolean readEphemeral(byte[] key) {
        re = key;
        mixEphemeral(key);
        return true;
    }

    private boolean readStatic(byte[] sealed) {
        rs = symmetric.decryptAndHash(sealed);
        return rs != null;
    }

    private void mixEphemeral(byte[] publicKey) {
        symmetric.mixHash(publicKey);
        if (pattern.hasPsk()) {
            // Noise section 9.2: in psk handshakes every e is mixed into the key too, so that keys are never reused
            symmetric.mixKey(publicKey.clone());
        }
    }

    private boolean mix(Token token) {
        return switch (token) {
            case EE -> agree(e, re);
            case ES -> initiator ? agree(e, rs) : agree(s, re);
            case SE -> initiator ? agree(s, re) : agree(e, rs);
            case PSK -> mixPsk();
            case E, S -> throw new IllegalArgumentException(token + " mixes no key");
        };
    }

    private boolean agree(@Nullable X25519KeyPair own, byte @Nullable [] remote) {
        if (own == null || remote == null) {
            throw new IllegalStateException("the pattern uses a key before it is sent");
        }
        byte[] secret = own.agree(remote);
        if (secret == null) {
            return false;
        }
        symmetric.mixKey(secret);
        return true;
    }

    private boolean mixPsk() {
        if (psk == null) {
            throw new IllegalStateException("the pattern uses a pre-shared key and there is none");
        }
        symmetric.mixKeyAndHash(psk.clone());
        return true;
    }

    private static byte[] join(List<byte[]> parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        parts.forEach(joined::put);
        return joined.array();
    }

    private void requireTurn(boolean even) {
        if (isFinished() || (nextMessage % 2 == 0) != even) {
            throw new IllegalStateException("message " + (nextMessage + 1) + " is not this side's to handle this way");
        }
    }
}
