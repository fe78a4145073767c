package io.weir.core.certificate;

import io.weir.core.certificate.CertificateVerdict.Proven;
import io.weir.core.certificate.CertificateVerdict.Refused;
import io.weir.core.certificate.Der.MalformedException;
import io.weir.core.crypto.Ed25519;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An identity as TLS knows it: an X.509 certificate (RFC 5280) of the Ed25519 key, signed by that key itself (RFC 8410). PROTOCOL
 * section 2.
 *
 * <pre>
 *   Certificate   SEQUENCE { tbs, Ed25519, BIT STRING signature of tbs }
 *   tbs           SEQUENCE { version 3, serial 1, Ed25519, name, validity, name, SEQUENCE { Ed25519, BIT STRING key }, extensions }
 *   name          CN = the PeerId's text
 *   validity      from 2020-01-01 on, without an end: an identity has none either
 *   extensions    key usage: digital signature
 * </pre>
 *
 * <p>The same identity makes the same certificate, byte by byte. Of a peer's only what makes it a proof counts: form, algorithm,
 * key, validity, signature; names and extensions say nothing. Pure: now is an argument.
 */
public final class IdentityCertificate {

    /** No longer certificate of a peer is looked at, in bytes. */
    public static final int MOST_BYTES = 4_096;

    private static final String SINCE = "200101000000Z";

    private static final byte[] ED25519 = bytes("300506032b6570"); // SEQUENCE { 1.3.101.112 }
    private static final byte[] VERSION_3 = bytes("a003020102");
    private static final byte[] SERIAL_1 = bytes("020101");
    private static final byte[] COMMON_NAME = bytes("0603550403"); // 2.5.4.3
    private static final byte[] FOR_SIGNATURES =
            bytes("a3123010300e0603551d0f0101ff040403020780"); // 2.5.29.15, critical, bit 0
    private static final byte[] NO_UNUSED_BITS = {0};

    private IdentityCertificate() {}

    /** The certificate of an identity, in DER. */
    public static byte[] of(Identity identity) {
        return of(
                identity,
                Der.element(Der.UTC_TIME, ascii(SINCE)),
                Der.element(Der.GENERALIZED_TIME, ascii(DerTime.NEVER)));
    }

    /** For tests too: valid between these two times, each an element of its own. */
    static byte[] of(Identity identity, byte[] from, byte[] to) {
        byte[] key = identity.peerId().bytes();
        byte[] name = Der.element(
                Der.SEQUENCE,
                Der.element(
                        Der.SET,
                        Der.element(
                                Der.SEQUENCE,
                                COMMON_NAME,
                                Der.element(
                                        Der.UTF8_STRING, ascii(identity.peerId().toString())))));
        byte[] tbs = Der.element(
                Der.SEQUENCE,
                VERSION_3,
                SERIAL_1,
                ED25519,
                name,
                Der.element(Der.SEQUENCE, from, to),
                name,
                Der.element(Der.SEQUENCE, ED25519, bitString(key)),
                FOR_SIGNATURES);
        return Der.element(Der.SEQUENCE, tbs, ED25519, bitString(identity.sign(tbs)));
    }

    /**
     * Judges what a peer has sent.
     *
     * @param chain its certificates in DER, as they came: it must be exactly one
     * @param nowMillis the wall clock, in ms since 1970-01-01T00:00Z
     * @param self this side, which must not meet itself
     * @param expected who it must be; null for anybody
     */
    public static CertificateVerdict check(List<byte[]> chain, long nowMillis, PeerId self, @Nullable PeerId expected) {
        if (chain.size() != 1) {
            return refused(
                    ErrorCode.IDENTITY_INVALID,
                    "the peer has sent " + chain.size() + " certificates; legal: exactly 1");
        }
        PeerId peer;
        try {
            peer = read(chain.get(0), nowMillis);
        } catch (MalformedException e) {
            return refused(ErrorCode.IDENTITY_INVALID, "the peer's certificate: " + e.getMessage());
        }
        if (peer.equals(self)) {
            return refused(ErrorCode.SELF_CONNECT, "the peer's certificate is this node's own");
        }
        if (expected != null && !peer.equals(expected)) {
            return refused(ErrorCode.IDENTITY_MISMATCH, "expected " + expected + ", there is " + peer);
        }
        return new Proven(peer);
    }

    private static PeerId read(byte[] der, long nowMillis) throws MalformedException {
        if (der.length > MOST_BYTES) {
            throw new MalformedException("it has " + der.length + " bytes; legal: up to " + MOST_BYTES);
        }
        Der outer = Der.reading(der);
        Der certificate = outer.enter(Der.SEQUENCE);
        byte[] tbs = certificate.whole(Der.SEQUENCE);
        requireEd25519("signed", certificate.whole(Der.SEQUENCE));
        byte[] signature = certificate.bits();
        if (!outer.isAtEnd() || !certificate.isAtEnd()) {
            throw new MalformedException("something follows it");
        }
        byte[] key = readKey(Der.reading(tbs).enter(Der.SEQUENCE), nowMillis);
        PeerId peer;
        try {
            peer = PeerId.of(key);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("its key is nobody's: " + e.getMessage());
        }
        if (!Ed25519.verify(key, tbs, signature)) {
            throw new MalformedException("it is not signed by its own key");
        }
        return peer;
    }

    private static byte[] readKey(Der tbs, long nowMillis) throws MalformedException {
        if (tbs.peek() == Der.EXPLICIT_0) {
            tbs.content(Der.EXPLICIT_0); // version: what there is beyond version 1 says nothing here
        }
        tbs.content(Der.INTEGER); // serial number
        requireEd25519("to be signed", tbs.whole(Der.SEQUENCE));
        tbs.content(Der.SEQUENCE); // issuer
        Der validity = tbs.enter(Der.SEQUENCE);
        long from = DerTime.read(validity);
        long to = DerTime.read(validity);
        if (nowMillis < from) {
            throw new MalformedException("it is valid only in " + (from - nowMillis) / 1_000 + " s");
        }
        if (nowMillis / 1_000 > to / 1_000) {
            throw new MalformedException("it has expired " + (nowMillis - to) / 1_000 + " s ago");
        }
        tbs.content(Der.SEQUENCE); // subject
        Der keyInfo = tbs.enter(Der.SEQUENCE);
        requireEd25519("of a key", keyInfo.whole(Der.SEQUENCE));
        return keyInfo.bits();
    }

    private static void requireEd25519(String what, byte[] algorithm) throws MalformedException {
        if (!Arrays.equals(algorithm, ED25519)) {
            throw new MalformedException("it is " + what + " with another algorithm than Ed25519: "
                    + HexFormat.of().formatHex(algorithm));
        }
    }

    private static CertificateVerdict refused(ErrorCode code, String detail) {
        return new Refused(CloseReason.local(code, detail));
    }

    private static byte[] bitString(byte[] bytes) {
        return Der.element(Der.BIT_STRING, NO_UNUSED_BITS, bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
