package io.weir.benchmarks.peer.datagram;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens datagrams with AES-256-GCM, each under its number as nonce. One thread.
 *
 * <pre>
 *   number (64) | where the first element begins (16), in the clear, authenticated | ciphertext | tag (128)
 * </pre>
 */
final class SealedDatagram {
    static final int HEADER_BYTES = 10;
    static final int TAG_BYTES = 16;
    static final int OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

    /** In place of where an element begins: none does. */
    static final int NO_ELEMENT = 0xFFFF;

    private static final String NATIVE = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final int NONCE_BYTES = 12;
    private static final int NUMBER_AT = 4;

    private final Cipher cipher;
    private final SecretKey key;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final ByteBuffer nonceBytes = ByteBuffer.wrap(nonce);

    /**
     * With a key of 32 bytes.
     *
     * @param provider of the cipher; empty for the JDK's
     */
    SealedDatagram(byte[] key, Optional<Provider> provider) {
        try {
            this.key = new SecretKeySpec(key, "AES");
            cipher = provider.isPresent()
                    ? Cipher.getInstance("AES/GCM/NoPadding", provider.get())
                    : Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES-GCM", e);
        }
    }

    /** The native provider that Weir takes too; {@link IllegalStateException} where it is missing. */
    static Provider nativeProvider() {
        try {
            return (Provider) Class.forName(NATIVE).getField("INSTANCE").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no native cipher", e);
        }
    }

    /** Seals so many bytes of {@code plain}, and returns the length of the datagram. */
    int seal(long number, int firstElement, byte[] plain, int length, byte[] out, int at) {
        try {
            ByteBuffer header = ByteBuffer.wrap(out, at, HEADER_BYTES);
            header.putLong(number).putShort((short) firstElement);
            init(Cipher.ENCRYPT_MODE, number);
            cipher.updateAAD(out, at, HEADER_BYTES);
            return HEADER_BYTES + cipher.doFinal(plain, 0, length, out, at + HEADER_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    /** Opens a datagram into {@code plain}, and returns how many bytes there are. */
    int open(long number, byte[] datagram, int length, byte[] plain) {
        try {
            init(Cipher.DECRYPT_MODE, number);
            cipher.updateAAD(datagram, 0, HEADER_BYTES);
            return cipher.doFinal(datagram, HEADER_BYTES, length - HEADER_BYTES, plain, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot open", e);
        }
    }

    private void init(int mode, long number) throws GeneralSecurityException {
        nonceBytes.putLong(NUMBER_AT, number);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    }
}
