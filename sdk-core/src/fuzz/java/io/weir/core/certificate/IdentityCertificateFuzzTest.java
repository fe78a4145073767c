package io.weir.core.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.certificate.CertificateVerdict.Proven;
import io.weir.core.identity.Identity;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes in the place of a certificate, and a genuine one with any bytes altered: only the genuine one proves anything. */
class IdentityCertificateFuzzTest {

    private static final long NOW = 1_900_000_000_000L;
    private static final Identity ALICE = Identity.generate(new Random(1)::nextBytes);
    private static final Identity BOB = Identity.generate(new Random(2)::nextBytes);
    private static final byte[] GENUINE = IdentityCertificate.of(ALICE);

    static Stream<byte[]> seeds() {
        return Stream.of(new byte[0], new byte[] {1}, ForeignCertificates.RSA, ForeignCertificates.ECDSA);
    }

    @MethodSource("seeds")
    @FuzzTest
    void certificate(byte[] change) {
        byte[] altered = Arrays.copyOf(GENUINE, Math.max(change.length, GENUINE.length));
        for (int i = 0; i < change.length; i++) {
            altered[i] += change[i];
        }

        assertThat(isProof(altered)).isEqualTo(Arrays.equals(altered, GENUINE));
        assertThat(isProof(change)).isEqualTo(Arrays.equals(change, GENUINE));
    }

    private static boolean isProof(byte[] der) {
        return IdentityCertificate.check(List.of(der), NOW, BOB.peerId(), null).equals(new Proven(ALICE.peerId()));
    }
}
