package io.weir.core.crypto;

import org.jspecify.annotations.Nullable;

/**
 * Seals, or opens, the records or packets of one direction of one session.
 *
 * <p>Record n is sealed with the key after {@code floor(n / 2^20)} Noise REKEYs and with Noise's nonce for n; n starts at
 * 0 and is never reset (PROTOCOL section 2). On a byte stream n is implicit: {@link #sealNext} and {@link #openNext}
 * count it. On datagrams it is explicit: {@link #seal} takes rising numbers, and {@link #open} takes them in any order
 * as long as they lie in the key epoch of the newest authentic packet or in one of its two neighbours.
 *
 * <pre>
 *             previous            current              next
 *   ... |------ 2^20 ------|------ 2^20 ------|------ 2^20 ------| ...
 *                                newest authentic n
 *   opening in "next" promotes it: previous = current, current = next
 * </pre>
 *
 * <p>{@link #forgetBefore} lets go of the previous key earlier, once no packet of its epoch would be taken.
 *
 * <p>No method throws for what a peer sent: openings report {@link #FAILED}, and both directions report
 * {@link #KEY_EXHAUSTED} once their limit is reached. Input and output ranges must not overlap. An instance is confined to
 * one thread at a time, serves one direction only, and must be {@linkplain #close() closed}.
 */
public final class RecordCipher implements AutoCloseable {
    /** Bytes that sealing adds to a plaintext. */
    public static final int OVERHEAD = CipherSuite.TAG_LENGTH;

    /** Result of an opening: the ciphertext is not authentic, or its number lies outside the key epochs kept. */
    public static final int FAILED = AeadCipher.FAILED;

    /** Result of either direction: a limit of PROTOCOL section 2 is reached, and the session must end. */
    public static final int KEY_EXHAUSTED = -2;

    static final int REKEY_SHIFT = 20;
    static final long RECORD_LIMIT = 1L << 60;

    private static final byte[] NO_AD = new byte[0];

    private final AeadCipher aead;
    private final boolean sealing;
    private final Limits limits;

    private long epoch;
    private @Nullable AeadKey previous;
    private AeadKey current;
    private @Nullable AeadKey next;

    private long nextNumber;
    private long failures;
    private boolean closed;

    /** Where the boundaries lie: 2^rekeyShift records for each key, and how many failures and records end it all. */
    record Limits(int rekeyShift, long failures, long records) {
        static Limits of(CipherSuite suite) {
            return new Limits(REKEY_SHIFT, suite.failedOpeningsLimit(), RECORD_LIMIT);
        }
    }

    RecordCipher(CipherSuite suite, CipherProvider provider, byte[] key, boolean sealing, Limits limits) {
        this.aead = new AeadCipher(suite, provider);
        this.current = AeadKey.of(suite, key);
        this.sealing = sealing;
        this.limits = limits;
    }

    /** The sealing end of a direction; {@code key} (32 bytes) is copied. */
    public static RecordCipher sealing(CipherSuite suite, byte[] key) {
        return sealing(suite, CipherProvider.preferred(), key);
    }

    /** The same, computed by that provider. */
    public static RecordCipher sealing(CipherSuite suite, CipherProvider provider, byte[] key) {
        return new RecordCipher(suite, provider, key, true, Limits.of(suite));
    }

    /** The opening end of a direction; {@code key} (32 bytes) is copied. */
    public static RecordCipher opening(CipherSuite suite, byte[] key) {
        return opening(suite, CipherProvider.preferred(), key);
    }

    /** The same, computed by that provider. */
    public static RecordCipher opening(CipherSuite suite, CipherProvider provider, byte[] key) {
        return new RecordCipher(suite, provider, key, false, Limits.of(suite));
    }

    /** Seals the next record of a byte stream: number {@link #nextNumber()}, no associated data. */
    public int sealNext(byte[] in, int offset, int length, byte[] out, int outOffset) {
        return seal(nextNumber, in, offset, length, out, outOffset);
    }

    /**
     * Seals record or packet {@code n}, no associated data.
     *
     * @param n higher than any number sealed before, so that no nonce is ever used twice, and at most one key epoch ahead
     * @return bytes written to {@code out}, {@code length + 16}, or {@link #KEY_EXHAUSTED} with nothing written
     * @throws IllegalArgumentException if n is not higher, or skips a whole key epoch, which the peer could not follow
     */
    public int seal(long n, byte[] in, int offset, int length, byte[] out, int outOffset) {
        requireUsable(true);
        if (n < nextNumber) {
            throw new IllegalArgumentException("number " + n + " is below " + nextNumber + ", the lowest still unused");
        }
        if (n >= limits.records()) {
            return KEY_EXHAUSTED;
        }
        long wanted = n >>> limits.rekeyShift();
        if (wanted - epoch > 1) {
            throw new IllegalArgumentException("number " + n + " skips a key epoch; the current one is " + epoch);
        }
        if (wanted != epoch) {
            advance();
            dropPrevious(); // a sealer never goes back
        }
        nextNumber = n + 1;
        return aead.encrypt(current, n, NO_AD, in, offset, length, out, outOffset);
    }

    /** Opens the next record of a byte stream: number {@link #nextNumber()}, no associated data. */
    public int openNext(byte[] in, int offset, int length, byte[] out, int outOffset) {
        return nextNumber >= limits.records() ? KEY_EXHAUSTED : open(nextNumber, in, offset, length, out, outOffset);
    }

    /**
     * Opens record or packet {@code n}, no associated data.
     *
     * <p>A number outside the current key epoch and its neighbours fails without any cryptography, so that forged
     * numbers cannot make this end derive keys; such a failure does not count towards the limit. Replays open again: the
     * {@link ReplayWindow} is the caller's.
     *
     * @return bytes written to {@code out}, {@code length - 16}; {@link #FAILED}; or {@link #KEY_EXHAUSTED} from the
     *     failure that reaches the suite's limit onwards
     */
    public int open(long n, byte[] in, int offset, int length, byte[] out, int outOffset) {
        requireUsable(false);
        if (failures >= limits.failures()) {
            return KEY_EXHAUSTED;
        }
        AeadKey key = keyFor(n);
        if (key == null) {
            return FAILED;
        }
        int opened = aead.decrypt(key, n, NO_AD, in, offset, length, out, outOffset);
        if (opened == AeadCipher.FAILED) {
            failures++;
            return failures >= limits.failures() ? KEY_EXHAUSTED : FAILED;
        }
        if (key == next) {
            advance(); // only now: an unauthenticated number must not move the keys
        }
        if (n >= nextNumber) {
            nextNumber = n + 1;
        }
        return opened;
    }

    /**
     * Nothing below {@code n} will be opened any more: wipes the key of the epoch before the current one if that was all that it
     * was kept for.
     */
    public void forgetBefore(long n) {
        if (n >> limits.rekeyShift() >= epoch) {
            dropPrevious();
        }
    }

    /** One more than the highest number sealed, or opened with success; 0 at first. */
    public long nextNumber() {
        return nextNumber;
    }

    /** The cipher in use. */
    public CipherSuite suite() {
        return aead.suite();
    }

    /** Wipes all keys, the copy that a provider may keep as well as it allows. Idempotent; using the cipher afterwards is an {@code IllegalStateException}. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        dropPrevious();
        current.destroy();
        if (next != null) {
            next.destroy();
            next = null;
        }
        aead.forget();
    }

    @Override
    public String toString() {
        return "RecordCipher[" + suite() + (sealing ? " sealing" : " opening") + ", next number " + nextNumber + "]";
    }

    private @Nullable AeadKey keyFor(long n) {
        if (n < 0 || n >= limits.records()) {
            return null;
        }
        long wanted = n >>> limits.rekeyShift();
        if (wanted == epoch) {
            return current;
        }
        if (wanted == epoch - 1) {
            return previous;
        }
        return wanted == epoch + 1 ? derivedNext() : null;
    }

    private AeadKey derivedNext() {
        AeadKey derived = next;
        if (derived == null) {
            derived = aead.rekey(current);
            next = derived;
        }
        return derived;
    }

    private void advance() {
        AeadKey promoted = derivedNext();
        dropPrevious();
        previous = current;
        current = promoted;
        next = null;
        epoch++;
    }

    private void dropPrevious() {
        if (previous != null) {
            previous.destroy();
            previous = null;
        }
    }

    private void requireUsable(boolean forSealing) {
        if (closed) {
            throw new IllegalStateException("the cipher has been closed");
        }
        if (sealing != forSealing) {
            throw new IllegalStateException("this end of the direction only " + (sealing ? "seals" : "opens"));
        }
    }
}
