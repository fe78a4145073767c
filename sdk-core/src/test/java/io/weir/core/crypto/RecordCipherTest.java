package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.crypto.CipherProviders.Pair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordCipherTest {
    private static final String PAIRS = "io.weir.core.crypto.CipherProviders#pairs";
    private static final String OF_AES_GCM = "io.weir.core.crypto.CipherProviders#ofAesGcm";
    private static final byte[] KEY = key(7);
    private static final byte[] TEXT = "what a record holds".getBytes(StandardCharsets.UTF_8);
    private static final long INTERVAL = 1L << 20;
    private static final RecordCipher.Limits NO_FAILURE = failures(1);

    /** The opening that fails as the {@code limit}-th is the last. */
    private static RecordCipher.Limits failures(long limit) {
        return new RecordCipher.Limits(20, limit, 1L << 60);
    }

    @Test
    void limitsAreThoseOfTheSpecification() {
        assertThat(RecordCipher.Limits.of(CipherSuite.AESGCM))
                .isEqualTo(new RecordCipher.Limits(20, 1L << 52, 1L << 60));
        assertThat(RecordCipher.Limits.of(CipherSuite.CHACHAPOLY))
                .isEqualTo(new RecordCipher.Limits(20, 1L << 36, 1L << 60));
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void sealsWithTheNonceOfNoise(Pair pair) throws GeneralSecurityException {
        RecordCipher sealing = pair.sealing(KEY);

        assertThat(seal(sealing, 0, TEXT)).isEqualTo(reference(pair.suite(), KEY, 0, TEXT));
        assertThat(seal(sealing, 0x0b0a0, TEXT)).isEqualTo(reference(pair.suite(), KEY, 0x0b0a0, TEXT));
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void rekeysExactlyAtTwoToTheTwenty(Pair pair) throws GeneralSecurityException {
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY);
        byte[] second = rekeyed(pair.suite(), KEY);

        byte[] last = seal(sealing, INTERVAL - 1, TEXT);
        byte[] first = seal(sealing, INTERVAL, TEXT);

        assertThat(last).isEqualTo(reference(pair.suite(), KEY, INTERVAL - 1, TEXT));
        assertThat(first).isEqualTo(reference(pair.suite(), second, INTERVAL, TEXT));
        assertThat(open(opening, INTERVAL - 1, last)).isEqualTo(TEXT);
        assertThat(open(opening, INTERVAL, first)).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void everyEpochRekeysTheOneBefore(Pair pair) throws GeneralSecurityException {
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY);
        byte[] key = KEY;

        for (long epoch = 0; epoch < 5; epoch++) {
            long n = epoch * INTERVAL + epoch;
            byte[] sealed = seal(sealing, n, TEXT);
            assertThat(sealed).isEqualTo(reference(pair.suite(), key, n, TEXT));
            assertThat(open(opening, n, sealed)).isEqualTo(TEXT);
            key = rekeyed(pair.suite(), key);
        }
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void countsTheRecordsOfAByteStreamAcrossRekeys(Pair pair) {
        RecordCipher.Limits limits = new RecordCipher.Limits(2, 10, 1_000);
        RecordCipher sealing = pair.sealing(KEY, limits);
        RecordCipher opening = pair.opening(KEY, limits);

        for (int i = 0; i < 100; i++) {
            byte[] sealed = new byte[TEXT.length + RecordCipher.OVERHEAD];
            byte[] opened = new byte[TEXT.length];
            assertThat(sealing.nextNumber()).isEqualTo(i);
            assertThat(sealing.sealNext(TEXT, 0, TEXT.length, sealed, 0)).isEqualTo(sealed.length);
            assertThat(opening.openNext(sealed, 0, sealed.length, opened, 0)).isEqualTo(TEXT.length);
            assertThat(opened).isEqualTo(TEXT);
        }
        assertThat(opening.nextNumber()).isEqualTo(100);
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void opensTheNeighboursOfTheCurrentEpochAndNoOthers(Pair pair) {
        RecordCipher sealing = pair.sealing(KEY);
        byte[][] packets = new byte[5][];
        for (int epoch = 0; epoch < packets.length; epoch++) {
            packets[epoch] = seal(sealing, epoch * INTERVAL, TEXT);
        }
        RecordCipher opening = pair.opening(KEY, NO_FAILURE); // out of reach is no failed opening

        assertThat(open(opening, 2 * INTERVAL, packets[2])).as("two ahead of 0").isNull();
        assertThat(open(opening, INTERVAL, packets[1])).as("one ahead of 0").isEqualTo(TEXT);
        assertThat(open(opening, 0, packets[0])).as("one behind 1").isEqualTo(TEXT);
        assertThat(open(opening, 3 * INTERVAL, packets[3])).as("two ahead of 1").isNull();
        assertThat(open(opening, 2 * INTERVAL, packets[2])).as("one ahead of 1").isEqualTo(TEXT);
        assertThat(open(opening, 0, packets[0])).as("two behind 2").isNull();
        assertThat(open(opening, INTERVAL, packets[1])).as("one behind 2").isEqualTo(TEXT);
        assertThat(open(opening, 3 * INTERVAL, packets[3])).as("one ahead of 2").isEqualTo(TEXT);
        assertThat(open(opening, 4 * INTERVAL, packets[4])).as("one ahead of 3").isEqualTo(TEXT);
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void keepsThePreviousKeyUntilItIsToldThatNothingBelowTheBoundaryWillCome(Pair pair) {
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY, NO_FAILURE); // where there is no key, nothing fails
        byte[] late = seal(sealing, INTERVAL - 1, TEXT);
        byte[] newer = seal(sealing, INTERVAL, TEXT);
        opening.forgetBefore(-1);
        assertThat(open(opening, INTERVAL, newer)).isEqualTo(TEXT);

        opening.forgetBefore(-1);
        opening.forgetBefore(INTERVAL - 1);
        assertThat(open(opening, INTERVAL - 1, late)).isEqualTo(TEXT);
        opening.forgetBefore(INTERVAL);

        assertThat(open(opening, INTERVAL - 1, late)).isNull();
        assertThat(open(opening, INTERVAL, newer)).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void forgedNumberOfTheNextEpochDoesNotMoveTheKeys(Pair pair) {
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY, failures(2));
        byte[] first = seal(sealing, 5, TEXT);
        byte[] later = seal(sealing, 2 * INTERVAL - 1, TEXT);

        assertThat(open(opening, INTERVAL + 3, later)).isNull();
        assertThat(open(opening, 2 * INTERVAL + 3, later)).isNull();

        assertThat(opening.nextNumber()).isZero();
        assertThat(open(opening, 5, first)).isEqualTo(TEXT);
        assertThat(open(opening, 2 * INTERVAL - 1, later)).isEqualTo(TEXT);
        assertThat(opening.open(INTERVAL + 3, later, 0, later.length, new byte[TEXT.length], 0))
                .as("the second that failed")
                .isEqualTo(RecordCipher.KEY_EXHAUSTED);
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void negativeAndHugeNumbersFailWithoutCryptography(Pair pair) {
        RecordCipher opening = pair.opening(KEY, NO_FAILURE);
        byte[] packet = new byte[40];

        assertThat(open(opening, -1, packet)).isNull();
        assertThat(open(opening, Long.MIN_VALUE, packet)).isNull();
        assertThat(open(opening, 1L << 60, packet)).isNull();
        assertThat(open(opening, Long.MAX_VALUE, packet)).isNull();
        assertThat(open(opening, 0, seal(pair.sealing(KEY), 0, TEXT))).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void stopsAtTheLimitOfFailedOpenings(Pair pair) {
        RecordCipher opening = pair.opening(KEY, new RecordCipher.Limits(20, 3, 1L << 60));
        byte[] good = seal(pair.sealing(KEY), 0, TEXT);
        byte[] bad = good.clone();
        bad[0] ^= 1;
        byte[] out = new byte[TEXT.length];

        assertThat(opening.open(0, bad, 0, bad.length, out, 0)).isEqualTo(RecordCipher.FAILED);
        assertThat(opening.open(0, good, 0, good.length, out, 0)).isEqualTo(TEXT.length);
        assertThat(opening.open(1, bad, 0, bad.length, out, 0)).isEqualTo(RecordCipher.FAILED);
        assertThat(opening.open(1, bad, 0, bad.length, out, 0)).isEqualTo(RecordCipher.KEY_EXHAUSTED);
        assertThat(opening.open(0, good, 0, good.length, out, 0)).isEqualTo(RecordCipher.KEY_EXHAUSTED);
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void stopsAtTwoToTheSixtyRecords(Pair pair) throws GeneralSecurityException {
        // intervals of 2^59, so that the last record is one rekey away instead of 2^40
        RecordCipher.Limits limits = new RecordCipher.Limits(59, 1, RecordCipher.RECORD_LIMIT);
        RecordCipher sealing = pair.sealing(KEY, limits);
        RecordCipher opening = pair.opening(KEY, limits);
        long last = (1L << 60) - 1;
        byte[] out = new byte[TEXT.length + RecordCipher.OVERHEAD];

        byte[] sealed = seal(sealing, last, TEXT);

        assertThat(sealed).isEqualTo(reference(pair.suite(), rekeyed(pair.suite(), KEY), last, TEXT));
        assertThat(open(opening, last, sealed)).isEqualTo(TEXT);
        assertThat(sealing.seal(1L << 60, TEXT, 0, TEXT.length, out, 0)).isEqualTo(RecordCipher.KEY_EXHAUSTED);
        assertThat(sealing.sealNext(TEXT, 0, TEXT.length, out, 0)).isEqualTo(RecordCipher.KEY_EXHAUSTED);
        assertThat(opening.openNext(sealed, 0, sealed.length, out, 0)).isEqualTo(RecordCipher.KEY_EXHAUSTED);
        assertThat(out).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void everyAlteredBitFailsWithoutAnException(Pair pair) {
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY);
        byte[] sealed = seal(sealing, 0, TEXT);

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] altered = sealed.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(open(opening, 0, altered)).as("bit %d", bit).isNull();
        }
        assertThat(open(opening, 1, sealed)).as("another number").isNull();
        assertThat(open(opening, 0, sealed)).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void associatedDataIsAuthenticated(Pair pair) {
        AeadCipher cipher = new AeadCipher(pair.suite(), pair.opener());
        AeadKey key = AeadKey.of(pair.suite(), KEY);
        byte[] ad = new byte[13];
        byte[] sealed = new byte[TEXT.length + RecordCipher.OVERHEAD];
        new AeadCipher(pair.suite(), pair.sealer()).encrypt(key, 0, ad, TEXT, 0, TEXT.length, sealed, 0);
        byte[] out = new byte[TEXT.length];

        assertThat(cipher.decrypt(key, 0, new byte[0], sealed, 0, sealed.length, out, 0))
                .isEqualTo(AeadCipher.FAILED);
        assertThat(cipher.decrypt(key, 0, new byte[12], sealed, 0, sealed.length, out, 0))
                .isEqualTo(AeadCipher.FAILED);
        assertThat(cipher.decrypt(key, 0, ad, sealed, 0, sealed.length, out, 0)).isEqualTo(TEXT.length);
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void anythingShorterThanATagFails(Pair pair) {
        RecordCipher opening = pair.opening(KEY);

        for (int length = 0; length <= RecordCipher.OVERHEAD; length++) {
            assertThat(opening.openNext(new byte[length], 0, length, new byte[0], 0))
                    .isEqualTo(RecordCipher.FAILED);
        }
    }

    @ParameterizedTest
    @MethodSource(PAIRS)
    void worksInsideLargerArraysAndOnAllSizes(Pair pair) {
        Random random = new Random(11);
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY);
        for (int i = 0; i < 300; i++) {
            byte[] text = new byte[i < 100 ? i : random.nextInt(65_519)];
            random.nextBytes(text);
            byte[] sealed = new byte[5 + text.length + RecordCipher.OVERHEAD];
            byte[] opened = new byte[3 + text.length];

            assertThat(sealing.sealNext(text, 0, text.length, sealed, 5)).isEqualTo(sealed.length - 5);
            assertThat(opening.openNext(sealed, 5, sealed.length - 5, opened, 3))
                    .isEqualTo(text.length);
            assertThat(Arrays.copyOfRange(opened, 3, opened.length))
                    .as("round %d", i)
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void packetsOpenInAnyOrder(Pair pair) {
        Random random = new Random(12);
        RecordCipher.Limits limits = new RecordCipher.Limits(6, 10, 1L << 60);
        RecordCipher sealing = pair.sealing(KEY, limits);
        RecordCipher opening = pair.opening(KEY, limits);
        byte[][] packets = new byte[1_000][];
        Integer[] order = new Integer[packets.length];
        for (int n = 0; n < packets.length; n++) {
            packets[n] = seal(sealing, n, TEXT);
            order[n] = n;
        }
        long[] due = random.longs(packets.length, 0, 60).toArray();
        Arrays.sort(order, (a, b) -> Long.compare(a + due[a], b + due[b])); // reordered by less than one epoch

        for (int n : order) {
            assertThat(open(opening, n, packets[n])).as("packet %d", n).isEqualTo(TEXT);
        }
        assertThat(opening.nextNumber()).isEqualTo(packets.length);
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void neverSealsANumberTwice(Pair pair) {
        RecordCipher sealing = pair.sealing(KEY);
        seal(sealing, 9, TEXT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> seal(sealing, 9, TEXT))
                .withMessageContaining("9")
                .withMessageContaining("10");
        assertThatIllegalArgumentException().isThrownBy(() -> seal(sealing, -1, TEXT));
        assertThat(seal(sealing, 10, TEXT)).hasSize(TEXT.length + RecordCipher.OVERHEAD);
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void neverSkipsAWholeEpochWhenSealing(Pair pair) {
        RecordCipher sealing = pair.sealing(KEY);

        assertThatIllegalArgumentException().isThrownBy(() -> seal(sealing, 2 * INTERVAL, TEXT));
        assertThat(sealing.nextNumber()).isZero();
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void servesOneDirectionOnly(Pair pair) {
        byte[] out = new byte[100];
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY);

        assertThatIllegalStateException().isThrownBy(() -> sealing.openNext(out, 0, 50, out, 50));
        assertThatIllegalStateException().isThrownBy(() -> opening.sealNext(out, 0, 10, out, 50));
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void closedCipherIsUnusable(Pair pair) {
        byte[] out = new byte[100];
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY);
        sealing.close();
        sealing.close();
        opening.close();
        opening.close();

        assertThatIllegalStateException().isThrownBy(() -> sealing.sealNext(out, 0, 10, out, 50));
        assertThatIllegalStateException().isThrownBy(() -> opening.openNext(out, 0, 26, out, 50));
    }

    @ParameterizedTest
    @MethodSource(OF_AES_GCM)
    void rangesOutsideAnArrayAreACallersBug(Pair pair) {
        RecordCipher sealing = pair.sealing(KEY);

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> sealing.sealNext(TEXT, 0, TEXT.length, new byte[TEXT.length + 15], 0));
    }

    @Test
    void destroyedKeyIsGoneAndNothingPrintsIt() {
        AeadKey key = AeadKey.of(CipherSuite.AESGCM, KEY);
        assertThat(key.getEncoded()).isEqualTo(KEY);
        key.destroy();

        assertThat(key.isDestroyed()).isTrue();
        assertThatIllegalStateException().isThrownBy(key::getEncoded);
        assertThat(key).hasToString("AeadKey[AES]");
        assertThat(RecordCipher.sealing(CipherSuite.CHACHAPOLY, KEY))
                .hasToString("RecordCipher[CHACHAPOLY sealing, next number 0]");
    }

    private static byte[] seal(RecordCipher cipher, long n, byte[] text) {
        byte[] out = new byte[text.length + RecordCipher.OVERHEAD];
        assertThat(cipher.seal(n, text, 0, text.length, out, 0)).isEqualTo(out.length);
        return out;
    }

    private static byte @Nullable [] open(RecordCipher cipher, long n, byte[] sealed) {
        byte[] out = new byte[sealed.length - RecordCipher.OVERHEAD];
        int length = cipher.open(n, sealed, 0, sealed.length, out, 0);
        assertThat(length).isIn(RecordCipher.FAILED, out.length);
        return length == RecordCipher.FAILED ? null : out;
    }

    /** Noise sections 4.2 and 12, written down a second time with nothing but the JDK. */
    private static byte[] reference(CipherSuite suite, byte[] key, long n, byte[] text)
            throws GeneralSecurityException {
        ByteBuffer nonce = ByteBuffer.allocate(12);
        Cipher cipher;
        if (suite == CipherSuite.AESGCM) {
            nonce.order(ByteOrder.BIG_ENDIAN).putLong(4, n);
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce.array()));
        } else {
            nonce.order(ByteOrder.LITTLE_ENDIAN).putLong(4, n);
            cipher = Cipher.getInstance("ChaCha20-Poly1305");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce.array()));
        }
        return cipher.doFinal(text);
    }

    private static byte[] rekeyed(CipherSuite suite, byte[] key) throws GeneralSecurityException {
        return Arrays.copyOf(reference(suite, key, -1L, new byte[32]), 32);
    }

    private static byte[] key(int seed) {
        byte[] key = new byte[32];
        new Random(seed).nextBytes(key);
        return key;
    }
}
