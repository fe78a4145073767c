package io.weir.core.crypto;

/**
 * The AEAD of a handshake and of the records after it; the other algorithms (25519, SHA256) are fixed.
 *
 * <p>PROTOCOL section 2. Limits are those of the whole life of one direction of a session, over all of its rekeyed keys.
 */
public enum CipherSuite {
    /** AES-256-GCM; nonce = 4 zero bytes, then n as a big-endian u64 (Noise section 12.4). The default. */
    AESGCM("AESGCM", 1L << 52),

    /** ChaCha20-Poly1305; nonce = 4 zero bytes, then n as a little-endian u64 (Noise section 12.3). */
    CHACHAPOLY("ChaChaPoly", 1L << 36);

    /** Length in bytes of the key of either cipher. */
    public static final int KEY_LENGTH = 32;

    /** Bytes that sealing adds to a plaintext: the authentication tag. */
    public static final int TAG_LENGTH = 16;

    private final String noiseName;
    private final long failedOpeningsLimit;

    CipherSuite(String noiseName, long failedOpeningsLimit) {
        this.noiseName = noiseName;
        this.failedOpeningsLimit = failedOpeningsLimit;
    }

    /** The cipher's part of a Noise protocol name, such as {@code AESGCM}. */
    public String noiseName() {
        return noiseName;
    }

    /** How many openings may fail before the key must not be used any more. */
    public long failedOpeningsLimit() {
        return failedOpeningsLimit;
    }
}
