package io.weir.core.handshake;

import static io.weir.core.handshake.HandshakePair.ALICE;
import static io.weir.core.handshake.HandshakePair.BOB;
import static io.weir.core.handshake.HandshakePair.alice;
import static io.weir.core.handshake.HandshakePair.bob;
import static io.weir.core.handshake.HandshakePair.drain;
import static io.weir.core.handshake.HandshakePair.failed;
import static io.weir.core.handshake.HandshakePair.feed;
import static io.weir.core.handshake.HandshakePair.filled;
import static io.weir.core.handshake.HandshakePair.seeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeState.Payload;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class IdentityProofTest {
    /** Recomputes h from the bytes on the wire alone, and checks the signature with the JDK's own Ed25519. */
    @Test
    void signsTheHashThatCoversTheOwnStaticKeyAndNotThePayload() throws GeneralSecurityException {
        RogueSide rogue = RogueSide.initiator(seeded(5));
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        byte[] first = rogue.firstUnits();
        feed(responder, first);
        byte[] second = drain(responder);

        byte[] payload = rogue.read(second);

        byte[] h = Arrays.copyOf("Noise_XX_25519_AESGCM_SHA256".getBytes(StandardCharsets.US_ASCII), 32);
        h = sha256(h, Arrays.copyOf(first, 8)); // prologue
        h = sha256(h, Arrays.copyOfRange(first, 10, 42)); // e of the initiator
        h = sha256(h, new byte[0]); // empty payload of message 1
        h = sha256(h, Arrays.copyOfRange(second, 2, 34)); // e of the responder
        h = sha256(h, Arrays.copyOfRange(second, 34, 82)); // its sealed static key
        byte[] statement = concat("weir/1 noise id".getBytes(StandardCharsets.US_ASCII), new byte[] {1}, h);
        assertThat(payload).hasSize(96).startsWith(BOB.peerId().bytes());
        assertThat(verifiesByJdk(BOB.peerId().bytes(), statement, Arrays.copyOfRange(payload, 32, 96)))
                .isTrue();
    }

    static Stream<Arguments> falseProofs() {
        Payload reflected = h -> IdentityProof.prove(ALICE, Role.RESPONDER, h);
        Payload otherHash = h -> IdentityProof.prove(ALICE, Role.INITIATOR, filled(9));
        Payload borrowed = h ->
                concat(ALICE.peerId().bytes(), Arrays.copyOfRange(IdentityProof.prove(BOB, Role.INITIATOR, h), 32, 96));
        Payload nonCanonical = h -> concat(HexFormat.of().parseHex("f0" + "ff".repeat(30) + "7f"), new byte[64]);
        // under the identity point, R = identity and S = 0 verify for every message
        Payload smallOrder = h -> concat(point(1), point(1), new byte[32]);
        Payload smallOrder8 = h -> concat(
                HexFormat.of().parseHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
                point(1),
                new byte[32]);
        Payload tooLong = h -> concat(IdentityProof.prove(ALICE, Role.INITIATOR, h), new byte[1]);
        return Stream.of(
                Arguments.of("role of the other side", reflected),
                Arguments.of("signature over another hash", otherHash),
                Arguments.of("key of one, signature of another", borrowed),
                Arguments.of("non-canonical key", nonCanonical),
                Arguments.of("identity point with the signature that always verifies", smallOrder),
                Arguments.of("point of order 8", smallOrder8),
                Arguments.of("one byte too many", tooLong));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("falseProofs")
    void responderRefusesAFalseProof(String name, Payload proof) {
        RogueSide rogue = RogueSide.initiator(seeded(5));
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        feed(responder, rogue.firstUnits());
        rogue.read(drain(responder));

        feed(responder, rogue.write(proof));

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.IDENTITY_INVALID);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("falseProofs")
    void initiatorRefusesAFalseProofAndRevealsNothing(String name, Payload proof) {
        RogueSide rogue = RogueSide.responder(seeded(5));
        StreamHandshake initiator = StreamHandshake.initiator(alice(), seeded(6));
        byte[] first = drain(initiator);
        rogue.read(Arrays.copyOfRange(first, 8, first.length));
        Payload asResponder = name.startsWith("role") ? h -> IdentityProof.prove(BOB, Role.INITIATOR, h) : proof;

        feed(initiator, rogue.write(asResponder));

        assertThat(failed(initiator).code()).isEqualTo(ErrorCode.IDENTITY_INVALID);
        assertThat(initiator.pollOutput()).isNull();
    }

    @Test
    void everyAlteredBitOfAProofIsFound() {
        byte[] h = filled(3);
        byte[] proof = IdentityProof.prove(ALICE, Role.INITIATOR, h);
        assertThat(IdentityProof.verify(proof, Role.INITIATOR, h)).isEqualTo(ALICE.peerId());

        for (int i = 0; i < proof.length; i++) {
            byte[] altered = proof.clone();
            altered[i] ^= (byte) (1 << i % 8);
            assertThat(IdentityProof.verify(altered, Role.INITIATOR, h))
                    .as("byte %d", i)
                    .isNull();
        }
    }

    private static byte[] point(int y) {
        byte[] encoded = new byte[32];
        encoded[0] = (byte) y;
        return encoded;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] sha256(byte[] h, byte[] data) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256")
                .digest(ByteBuffer.allocate(h.length + data.length)
                        .put(h)
                        .put(data)
                        .array());
    }

    private static boolean verifiesByJdk(byte[] key, byte[] message, byte[] signature) throws GeneralSecurityException {
        byte[] y = key.clone();
        boolean odd = (y[31] & 0x80) != 0;
        y[31] &= 0x7f;
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = y[31 - i];
        }
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian)))));
        verifier.update(message);
        return verifier.verify(signature);
    }
}
