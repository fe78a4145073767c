package io.weir.core.crypto;

import java.util.Arrays;

/**
 * Shows that a provider computes AES-GCM as the one that the process prefers does, before anything is sealed by it: at the
 * sizes where implementations change their inner loop, and that it finds what was altered.
 */
public final class CipherSelfTest {

    private static final int[] SIZES = {0, 1, 15, 16, 17, 64, 255, 256, 1_200, 4_096, 16_384, 65_519};

    private CipherSelfTest() {}

    /**
     * Seals and opens some hundred kilobytes under a throw-away key, in some milliseconds. Any thread but a loop's: a provider
     * may do at its first use what takes long or blocks.
     *
     * @throws IllegalStateException if the two do not agree
     */
    public static void run(CipherProvider provider) {
        byte[] key = new byte[CipherSuite.KEY_LENGTH];
        Arrays.fill(key, (byte) 0x5a);
        try (RecordCipher sealing = RecordCipher.sealing(CipherSuite.AESGCM, provider, key);
                RecordCipher opening = RecordCipher.opening(CipherSuite.AESGCM, provider, key);
                RecordCipher reference = RecordCipher.sealing(CipherSuite.AESGCM, key)) {
            for (int size : SIZES) {
                byte[] text = new byte[size];
                Arrays.fill(text, (byte) size);
                byte[] sealed = new byte[size + RecordCipher.OVERHEAD];
                byte[] expected = new byte[sealed.length];
                reference.sealNext(text, 0, size, expected, 0);
                sealing.sealNext(text, 0, size, sealed, 0);
                byte[] opened = new byte[size];
                byte[] altered = sealed.clone();
                altered[size] ^= 1; // the first byte of the tag
                boolean finds = opening.openNext(altered, 0, altered.length, opened, 0) == RecordCipher.FAILED;
                boolean opens = opening.openNext(sealed, 0, sealed.length, opened, 0) == size;
                if (!Arrays.equals(sealed, expected) || !finds || !opens || !Arrays.equals(opened, text)) {
                    throw new IllegalStateException(provider + " does not compute AES-GCM at " + size + " bytes");
                }
            }
        }
    }
}
