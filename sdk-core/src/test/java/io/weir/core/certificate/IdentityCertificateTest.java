package io.weir.core.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.certificate.CertificateVerdict.Proven;
import io.weir.core.certificate.CertificateVerdict.Refused;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityCertificateTest {

    private static final Identity ALICE = Identity.generate(new Random(1)::nextBytes);
    private static final Identity BOB = Identity.generate(new Random(2)::nextBytes);
    private static final byte[] OF_ALICE = IdentityCertificate.of(ALICE);
    private static final long NOW = Instant.parse("2030-06-01T12:00:00Z").toEpochMilli();

    private static CertificateVerdict check(byte[] der) {
        return check(der, NOW, null);
    }

    private static CertificateVerdict check(byte[] der, long nowMillis, @Nullable PeerId expected) {
        return IdentityCertificate.check(List.of(der), nowMillis, BOB.peerId(), expected);
    }

    private static String invalid(CertificateVerdict verdict) {
        CloseReason reason = ((Refused) verdict).reason();
        assertThat(reason.error()).isEqualTo(ErrorCode.IDENTITY_INVALID);
        assertThat(reason.origin()).isEqualTo(Origin.LOCAL);
        return reason.detail();
    }

    private static X509Certificate byTheJdk(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    // ---- what is made

    @Test
    void isWhatTheJdkTakesForACertificateOfTheIdentityThatSignsItself() throws GeneralSecurityException {
        X509Certificate read = byTheJdk(OF_ALICE);

        read.verify(read.getPublicKey());
        read.checkValidity(new Date(NOW));
        assertThat(read.getVersion()).isEqualTo(3);
        assertThat(read.getSigAlgName()).isEqualTo("Ed25519");
        assertThat(read.getSubjectX500Principal().getName()).isEqualTo("CN=" + ALICE.peerId());
        assertThat(read.getIssuerX500Principal()).isEqualTo(read.getSubjectX500Principal());
        assertThat(read.getPublicKey().getEncoded())
                .endsWith(ALICE.peerId().bytes())
                .hasSize(12 + PeerId.LENGTH);
        assertThat(read.getNotBefore().toInstant()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(read.getNotAfter().toInstant()).isEqualTo("9999-12-31T23:59:59Z");
        assertThat(read.getKeyUsage()).startsWith(true, false);
        assertThat(read.getEncoded()).isEqualTo(OF_ALICE);
    }

    @Test
    void isTheSameEachTime() {
        assertThat(IdentityCertificate.of(ALICE)).isEqualTo(OF_ALICE);
    }

    @Test
    void isOfTheKeyThatTheIdentityGivesAway() throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(
                KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(ALICE.privateKey())));
        signature.update(new byte[] {1, 2, 3});
        byte[] signed = signature.sign();

        signature.initVerify(byTheJdk(OF_ALICE).getPublicKey());
        signature.update(new byte[] {1, 2, 3});

        assertThat(signature.verify(signed)).isTrue();
    }

    // ---- what is taken

    @Test
    void provesWhoseKeyItIs() {
        assertThat(check(OF_ALICE)).isEqualTo(new Proven(ALICE.peerId()));
        assertThat(check(OF_ALICE, NOW, ALICE.peerId())).isEqualTo(new Proven(ALICE.peerId()));
    }

    @Test
    void takesOneThatOpenSslHasMade() throws CertificateException {
        byte[] encoded = byTheJdk(ForeignCertificates.ED25519).getPublicKey().getEncoded();

        assertThat(check(ForeignCertificates.ED25519))
                .isEqualTo(new Proven(PeerId.of(Arrays.copyOfRange(encoded, 12, encoded.length))));
    }

    // ---- what is not

    @Test
    void refusesAnotherThanWhoIsExpected() {
        Refused refused = (Refused) check(OF_ALICE, NOW, PeerId.of(keyOf(3)));

        assertThat(refused.reason().error()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
        assertThat(refused.reason().detail()).contains(ALICE.peerId().toString());
    }

    private static byte[] keyOf(long seed) {
        return Identity.generate(new Random(seed)::nextBytes).peerId().bytes();
    }

    @Test
    void refusesItself() {
        Refused refused = (Refused) check(IdentityCertificate.of(BOB), NOW, BOB.peerId());

        assertThat(refused.reason().error()).isEqualTo(ErrorCode.SELF_CONNECT);
    }

    @Test
    void refusesNoneAndAChain() {
        assertThat(invalid(IdentityCertificate.check(List.of(), NOW, BOB.peerId(), null)))
                .contains("0 certificates");
        assertThat(invalid(IdentityCertificate.check(List.of(OF_ALICE, OF_ALICE), NOW, BOB.peerId(), null)))
                .contains("2 certificates");
    }

    static Stream<byte[]> ofOtherKeys() {
        return Stream.of(ForeignCertificates.RSA, ForeignCertificates.ECDSA);
    }

    @ParameterizedTest
    @MethodSource("ofOtherKeys")
    void refusesOtherKeysThanEd25519(byte[] der) throws GeneralSecurityException {
        byTheJdk(der).verify(byTheJdk(der).getPublicKey());

        assertThat(invalid(check(der))).contains("another algorithm than Ed25519");
    }

    @ParameterizedTest
    @CsvSource({
        "2019-12-31T23:59:59Z, false",
        "2020-01-01T00:00:00Z, true",
        "9999-12-31T23:59:59.999Z, true",
        "+10000-01-01T00:00:00Z, false"
    })
    void isValidFrom2020On(Instant now, boolean valid) {
        CertificateVerdict verdict = check(OF_ALICE, now.toEpochMilli(), null);

        assertThat(verdict instanceof Proven).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({
        "491231235958Z, 500101000000Z, 2049-12-31T23:59:58Z", // 500101 is 1950: it has expired before it began
        "000229000000Z, 20000229000001Z, 2000-02-29T00:00:01Z",
        "19700101000000Z, 19700101000000Z, 1970-01-01T00:00:00Z",
        "20240229235959Z, 20240301000000Z, 2024-03-01T00:00:00Z",
        "21000228235959Z, 21000301000000Z, 2100-03-01T00:00:00Z",
        "500101000000Z, 700101000000Z, 1969-12-31T23:59:59Z"
    })
    void countsTimesAsTheJdkDoes(String from, String to, Instant now) throws CertificateException {
        byte[] der = validBetween(from, to);
        X509Certificate read = byTheJdk(der);
        boolean valid = !now.isBefore(read.getNotBefore().toInstant())
                && !now.isAfter(read.getNotAfter().toInstant());

        assertThat(check(der, now.toEpochMilli(), null) instanceof Proven).isEqualTo(valid);
        assertThat(check(der, read.getNotBefore().getTime() - 1, null)).isInstanceOf(Refused.class);
        assertThat(check(der, read.getNotAfter().getTime() + 1_000, null)).isInstanceOf(Refused.class);
    }

    @Test
    void saysOfWhatIsNotValidHowFarItIsFromThat() {
        assertThat(invalid(check(validBetween("200101000000Z", "300601115958Z"))))
                .contains("expired 2 s ago");
        assertThat(invalid(check(validBetween("300601120003Z", "310101000000Z"))))
                .contains("valid only in 3 s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001010000Z",
                "200101000000",
                "200101000000+0100",
                "201301000000Z",
                "200230000000Z",
                "210229000000Z",
                "200101240000Z",
                "200101006000Z",
                "200101000060Z",
                "20010100000xZ",
                "20200101000000.0Z",
                ""
            })
    void refusesATimeThatIsNone(String time) {
        assertThat(invalid(check(validBetween(time, "310101000000Z")))).contains("time");
    }

    private static byte[] validBetween(String from, String to) {
        return IdentityCertificate.of(ALICE, time(from), time(to));
    }

    private static byte[] time(String text) {
        return Der.element(text.length() > 13 ? Der.GENERALIZED_TIME : Der.UTC_TIME, text.getBytes(US_ASCII));
    }

    @Test
    void refusesASignatureThatIsAnothers() {
        byte[] forged = IdentityCertificate.of(BOB);
        byte[] of = OF_ALICE.clone();
        System.arraycopy(forged, forged.length - 64, of, of.length - 64, 64);

        assertThat(invalid(check(of))).contains("not signed by its own key");
    }

    @Test
    void refusesEverySingleAlteredByte() {
        for (int at = 0; at < OF_ALICE.length; at++) {
            byte[] altered = OF_ALICE.clone();
            altered[at] ^= 0x01;

            assertThat(check(altered)).as("byte %d", at).isInstanceOf(Refused.class);
        }
    }

    @Test
    void refusesWhatIsCutOrProlonged() {
        for (int length = 0; length < OF_ALICE.length; length++) {
            assertThat(check(Arrays.copyOf(OF_ALICE, length)))
                    .as("of %d bytes", length)
                    .isInstanceOf(Refused.class);
        }
        assertThat(invalid(check(Arrays.copyOf(OF_ALICE, OF_ALICE.length + 1)))).contains("follows");
        assertThat(invalid(check(new byte[IdentityCertificate.MOST_BYTES + 1]))).contains("4097 bytes");
    }

    @Test
    void refusesAKeyThatIsNobodys() {
        // all zeros: a point of small order, under which forged signatures verify
        byte[] der = OF_ALICE.clone();
        byte[] key = ALICE.peerId().bytes();
        int at = indexOf(der, key);
        Arrays.fill(der, at, at + key.length, (byte) 0);

        assertThat(invalid(check(der))).contains("nobody's");
    }

    private static int indexOf(byte[] in, byte[] what) {
        for (int at = 0; ; at++) {
            if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
    }
}
