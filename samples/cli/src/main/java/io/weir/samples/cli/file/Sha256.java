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

    /** The digest of what there was so far; more may follow. */
    byte[] soFar() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of every Java platform can be cloned", e);
        }
    }

    /** The result; once. */
    byte[] result() {
        return digest.digest();
    }
}
