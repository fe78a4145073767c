package io.weir.core.crypto;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Whose implementation of the AEADs seals and opens records: a {@link Provider} of the Java Cryptography Architecture, which
 * need not be registered for the process, or whichever the process prefers. What it computes is the same; both ends of a
 * session may differ.
 *
 * <p>A suite that the given provider does not have is the preferred one's. Immutable; usable from any thread.
 */
public final class CipherProvider {

    private static final CipherProvider PREFERRED = new CipherProvider(null);

    private final @Nullable Provider given;

    private CipherProvider(@Nullable Provider given) {
        this.given = given;
    }

    /** The one that the process prefers, which is the JDK's own unless the program has registered another before it. */
    public static CipherProvider preferred() {
        return PREFERRED;
    }

    /** That one, registered or not. */
    public static CipherProvider of(Provider provider) {
        return new CipherProvider(provider);
    }

    /** As the provider calls itself, such as {@code SunJCE}; of {@link #preferred}, the one preferred now for AES-GCM. */
    public String name() {
        return provider().getName();
    }

    /** The provider's version: that of the JDK, if it is the JDK's own. */
    public String version() {
        return provider().getVersionStr();
    }

    @Override
    public String toString() {
        return name() + " " + version();
    }

    /** A fresh cipher of the suite. */
    Cipher cipher(CipherSuite suite) {
        if (given != null) {
            try {
                return Cipher.getInstance(transformation(suite), given);
            } catch (NoSuchAlgorithmException e) {
                return preferredCipher(suite);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(this + " has no padding named NoPadding", e);
            }
        }
        return preferredCipher(suite);
    }

    private Provider provider() {
        return given != null ? given : preferredCipher(CipherSuite.AESGCM).getProvider();
    }

    private static Cipher preferredCipher(CipherSuite suite) {
        try {
            return Cipher.getInstance(transformation(suite));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks " + suite.noiseName(), e);
        }
    }

    private static String transformation(CipherSuite suite) {
        return suite == CipherSuite.AESGCM ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305";
    }
}
