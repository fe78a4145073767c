package io.weir.core.crypto;

/**
 * Makes a cipher fast before it is needed. The JDK replaces the inner loops of AES-GCM by machine instructions only where
 * the compiler has seen their callers some ten thousand times; until then a record of 32 KiB is sealed at a hundredth of
 * the speed, and since such records are few calls, a session would stay slow for seconds. Small records reach the count
 * in a fraction of a second.
 */
public final class CipherWarmUp {

    private static final int RECORDS = 10_000;
    private static final int RECORD_BYTES = 64;

    private CipherWarmUp() {}

    /** Seals and opens small records under a throw-away key, for some tenths of a second. Any thread, best not a loop's. */
    public static void run(CipherSuite suite) {
        byte[] key = new byte[CipherSuite.KEY_LENGTH];
        byte[] record = new byte[RECORD_BYTES];
        byte[] sealed = new byte[RECORD_BYTES + RecordCipher.OVERHEAD];
        try (RecordCipher sealing = RecordCipher.sealing(suite, key);
                RecordCipher opening = RecordCipher.opening(suite, key)) {
            for (int i = 0; i < RECORDS; i++) {
                int length = sealing.sealNext(record, 0, RECORD_BYTES, sealed, 0);
                if (opening.openNext(sealed, 0, length, record, 0) != RECORD_BYTES) {
                    throw new IllegalStateException(suite + " does not open what it sealed");
                }
            }
        }
    }
}
