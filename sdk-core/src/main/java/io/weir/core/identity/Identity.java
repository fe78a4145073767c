package io.weir.core.identity;

import com.google.crypto.tink.Aead;
import io.weir.core.crypto.KeysetException;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.SigningKey;
import io.weir.core.identity.IdentityException.Problem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A node's own identity: an Ed25519 private key in a Tink keyset with exactly one enabled key, NO_PREFIX.
 *
 * <p>PROTOCOL section 2. Files hold Tink's JSON keyset, in the clear or encrypted by a key encryption key (KEK), which is
 * any Tink {@link Aead}: one from a local keyset or one of a key service. They are written atomically, readable by their
 * owner only where the file system knows POSIX permissions, and never overwrite anything unless {@code replace} is
 * called. There, they are only read if their mode is 0600 or stricter, encrypted ones too; the group may read what belongs
 * to root. Immutable; usable from any thread; prints its {@link PeerId} only.
 */
public final class Identity {
    private final SigningKey key;
    private final PeerId peerId;

    private Identity(SigningKey key) {
        this.key = key;
        this.peerId = PeerId.of(key.publicKey());
    }

    /** A fresh identity from a secure random source; throw-away unless it is saved. */
    public static Identity generate() {
        return new Identity(SigningKey.generate());
    }

    /** A fresh identity drawn from {@code random}: the same bytes make the same identity, as simulations need. */
    public static Identity generate(RandomBytes random) {
        return new Identity(SigningKey.generate(random));
    }

    /**
     * Reads an identity that is not encrypted.
     *
     * @throws IdentityException saying what is wrong with the file
     */
    public static Identity load(Path file) {
        return read(file, null);
    }

    /**
     * Reads an identity that is encrypted by {@code kek}; one in the clear is refused.
     *
     * @throws IdentityException saying what is wrong with the file
     */
    public static Identity load(Path file, Aead kek) {
        return read(file, kek);
    }

    /**
     * Writes the identity in the clear to a file that must not exist yet.
     *
     * @throws IdentityException if it exists or cannot be written
     */
    public void save(Path file) {
        IdentityFile.create(file, key.toJson());
    }

    /**
     * Writes the identity, encrypted by {@code kek}, to a file that must not exist yet.
     *
     * @throws IdentityException if it exists or cannot be written
     */
    public void save(Path file, Aead kek) {
        IdentityFile.create(file, encrypted(file, kek));
    }

    /**
     * Writes the identity in the clear, replacing what is there, also where a symbolic link leads; readers see the old file
     * or the new one, whole.
     *
     * @throws IdentityException if it cannot be written
     */
    public void replace(Path file) {
        IdentityFile.replace(file, key.toJson());
    }

    /**
     * Writes the identity, encrypted by {@code kek}, replacing what is there, also where a symbolic link leads; readers see
     * the old file or the new one, whole.
     *
     * @throws IdentityException if it cannot be written
     */
    public void replace(Path file, Aead kek) {
        IdentityFile.replace(file, encrypted(file, kek));
    }

    /** The public name of this identity. */
    public PeerId peerId() {
        return peerId;
    }

    /**
     * The 64-byte Ed25519 signature of {@code message}.
     *
     * <p>Whoever chooses the whole message could make it a handshake proof: applications put a prefix of their own in
     * front, which must not begin with {@code weir/}.
     */
    public byte[] sign(byte[] message) {
        return key.sign(message);
    }

    /**
     * The private key in the clear, as PKCS #8 (RFC 8410): for a TLS library inside this process that signs by itself. Whoever has
     * these bytes is this identity: wipe them after use.
     */
    public byte[] privateKey() {
        return key.privateKey();
    }

    @Override
    public String toString() {
        return "Identity[" + peerId + "]";
    }

    private String encrypted(Path file, Aead kek) {
        try {
            return key.toJson(kek);
        } catch (KeysetException e) {
            throw new IdentityException(problem(e.fault()), file, e.getMessage(), e);
        }
    }

    private static Identity read(Path file, @Nullable Aead kek) {
        String json = IdentityFile.read(file);
        try {
            Identity identity = new Identity(SigningKey.parse(json, kek));
            IdentityFile.checkPermissions(file); // last: of a file that is no key, that is what to say
            return identity;
        } catch (KeysetException e) {
            throw new IdentityException(problem(e.fault()), file, e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IdentityException(Problem.OTHER_KIND, file, "its public key can name no peer", e);
        }
    }

    private static Problem problem(KeysetException.Fault fault) {
        return switch (fault) {
            case NOT_A_KEYSET -> Problem.NOT_A_KEYSET;
            case OTHER_KIND -> Problem.OTHER_KIND;
            case SEVERAL_KEYS -> Problem.SEVERAL_KEYS;
            case ENCRYPTED -> Problem.ENCRYPTED;
            case NOT_ENCRYPTED -> Problem.NOT_ENCRYPTED;
            case WRONG_KEK -> Problem.WRONG_KEK;
        };
    }
}
