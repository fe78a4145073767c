package io.weir.samples.cli.file;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The running SHA-256 of a file's content. */
final class Sha256 {

    /** Bytes of the result. */
    static final int LENGTH = 32;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The buffer's bytes from position to limit; its position stays. */
    void update(ByteBuffer bytes) {
        digest.update(bytes.duplicate());
    }

    /** The result; once. */
    byte[] result() {
        return digest.digest();
    }
}
