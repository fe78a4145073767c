package io.weir.core.handshake;

import io.weir.core.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The SymmetricState object of Noise section 5.2: a CipherState, the chaining key ck and the handshake hash h. */
final class SymmetricState {
    private static final byte[] NOTHING = new byte[0];

    private final CipherState cipher;
    private byte[] ck;
    private byte[] h;

    /** InitializeSymmetric(protocol_name), the name padded with zeros to 32 bytes or, if longer, hashed. */
    SymmetricState(NoiseProtocol protocol) {
        byte[] name = protocol.protocolName().getBytes(StandardCharsets.US_ASCII);
        this.h = name.length <= Sha256.LENGTH ? Arrays.copyOf(name, Sha256.LENGTH) : Sha256.hash(name);
        this.ck = h.clone();
        this.cipher = new CipherState(protocol.suite());
    }

    private SymmetricState(SymmetricState of) {
        this.cipher = of.cipher.copy();
        this.ck = of.ck.clone();
        this.h = of.h.clone();
    }

    /** The same state; what {@link CipherState#copy} says of nonces holds here too. */
    SymmetricState copy() {
        return new SymmetricState(this);
    }

    /** MixKey(input_key_material); the input is wiped. */
    void mixKey(byte[] inputKeyMaterial) {
        byte[][] outputs = Sha256.hkdf(ck, inputKeyMaterial, 2);
        Arrays.fill(inputKeyMaterial, (byte) 0);
        replaceChainingKey(outputs[0]);
        cipher.initializeKey(outputs[1]);
        Arrays.fill(outputs[1], (byte) 0);
    }

    /** MixHash(data). */
    void mixHash(byte[] data) {
        h = Sha256.hash(h, data);
    }

    /** MixKeyAndHash(input_key_material); the input is wiped. */
    void mixKeyAndHash(byte[] inputKeyMaterial) {
        byte[][] outputs = Sha256.hkdf(ck, inputKeyMaterial, 3);
        Arrays.fill(inputKeyMaterial, (byte) 0);
        replaceChainingKey(outputs[0]);
        mixHash(outputs[1]);
        cipher.initializeKey(outputs[2]);
        Arrays.fill(outputs[1], (byte) 0);
        Arrays.fill(outputs[2], (byte) 0);
    }

    /** GetHandshakeHash(): a copy of h. */
    byte[] handshakeHash() {
        return h.clone();
    }

    /** Whether there is a key by now, so that what follows is encrypted. */
    boolean hasKey() {
        return cipher.hasKey();
    }

    /** EncryptAndHash(plaintext): sealed with h as the associated data, then mixed into h. */
    byte[] encryptAndHash(byte[] plaintext) {
        byte[] ciphertext = cipher.encryptWithAd(h, plaintext);
        mixHash(ciphertext);
        return ciphertext;
    }

    /** DecryptAndHash(ciphertext): null, with h unchanged, if it is not authentic. */
    byte @Nullable [] decryptAndHash(byte[] ciphertext) {
        byte[] plaintext = cipher.decryptWithAd(h, ciphertext);
        if (plaintext != null) {
            mixHash(ciphertext);
        }
        return plaintext;
    }

    /** Split(): the key from initiator to responder, then the key back; the caller wipes both. */
    byte[][] split() {
        return Sha256.hkdf(ck, NOTHING, 2);
    }

    /** Wipes the secrets; the hash, which is none, stays. */
    void destroy() {
        Arrays.fill(ck, (byte) 0);
        cipher.destroy();
    }

    private void replaceChainingKey(byte[] next) {
        Arrays.fill(ck, (byte) 0);
        ck = next;
    }
}
