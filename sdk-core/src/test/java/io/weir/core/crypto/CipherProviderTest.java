package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.weir.core.crypto.CipherProviders.Pair;
import java.lang.management.ManagementFactory;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CipherProviderTest {
    private static final byte[] KEY = new byte[CipherSuite.KEY_LENGTH];
    private static final byte[] TEXT = new byte[1_200];

    static {
        Arrays.fill(KEY, (byte) 7);
    }

    /** Without this, the jar could vanish from the class path, and every test here would hold for the JDK's own only. */
    @Test
    void nativeOneIsPresentWhereThereIsOne() {
        String system = System.getProperty("os.name");
        assumeTrue(system.equals("Linux") || system.startsWith("Mac"), "there is none for " + system);

        assertThat(CipherProviders.present()).extracting(CipherProvider::name).contains("AmazonCorrettoCryptoProvider");
    }

    @Test
    void preferredOneIsNamedAsTheProcessHasIt() throws Exception {
        CipherProvider preferred = CipherProvider.preferred();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");

        assertThat(preferred.name()).isEqualTo(cipher.getProvider().getName());
        assertThat(preferred.version()).isEqualTo(cipher.getProvider().getVersionStr());
        assertThat(preferred).hasToString(preferred.name() + " " + preferred.version());
    }

    @Test
    void givenOneComputesWithoutBeingRegistered() {
        RecordingProvider recording = new RecordingProvider();
        RecordCipher sealing = RecordCipher.sealing(CipherSuite.AESGCM, CipherProvider.of(recording), KEY);
        sealing.sealNext(TEXT, 0, TEXT.length, new byte[TEXT.length + RecordCipher.OVERHEAD], 0);

        assertThat(recording.used()).containsExactly(KEY);
        assertThat(Security.getProvider(recording.getName())).isNull();
        assertThat(CipherProvider.of(recording)).hasToString("Recording 1.5");
    }

    @Test
    void suiteThatAGivenOneLacksIsThePreferredOnes() {
        RecordingProvider recording = new RecordingProvider();
        CipherProvider provider = CipherProvider.of(recording);
        byte[] sealed = new byte[TEXT.length + RecordCipher.OVERHEAD];
        byte[] opened = new byte[TEXT.length];

        RecordCipher.sealing(CipherSuite.CHACHAPOLY, provider, KEY).sealNext(TEXT, 0, TEXT.length, sealed, 0);
        int length = RecordCipher.opening(CipherSuite.CHACHAPOLY, KEY).openNext(sealed, 0, sealed.length, opened, 0);

        assertThat(length).isEqualTo(TEXT.length);
        assertThat(recording.used()).isEmpty();
    }

    /** The native one keeps the last key in memory outside the heap, in order to use it again. */
    @Test
    void closedCipherLeavesNoKeyWithItsProvider() {
        RecordingProvider recording = new RecordingProvider();
        RecordCipher sealing = RecordCipher.sealing(CipherSuite.AESGCM, CipherProvider.of(recording), KEY);
        sealing.sealNext(TEXT, 0, TEXT.length, new byte[TEXT.length + RecordCipher.OVERHEAD], 0);

        sealing.close();

        List<byte[]> used = recording.used();
        assertThat(used.get(used.size() - 1)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("io.weir.core.crypto.CipherProviders#ofAesGcm")
    void recordCostsAtMostTwoKilobytesOfGarbage(Pair pair) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        RecordCipher sealing = pair.sealing(KEY);
        RecordCipher opening = pair.opening(KEY);
        byte[] sealed = new byte[TEXT.length + RecordCipher.OVERHEAD];
        byte[] opened = new byte[TEXT.length];
        int rounds = 10_000;

        long allocated = 0;
        for (int warmUp = 0; warmUp < 2; warmUp++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < rounds; i++) {
                sealing.sealNext(TEXT, 0, TEXT.length, sealed, 0);
                opening.openNext(sealed, 0, sealed.length, opened, 0);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertThat(allocated / rounds).as("for sealing and opening one record").isLessThan(2 * 2 * 1_024);
    }
}
