package io.weir.reactive.transport.quic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.BoringSSLKeylog;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weir.core.certificate.IdentityCertificate;
import io.weir.core.identity.Identity;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.X509TrustManager;

/** Certificates as no honest node shows them, and TLS that shows them and trusts anybody. */
final class TestCertificates {

    private static final String SINCE = "200101000000Z";
    private static final String UNTIL = "99991231235959Z";
    private static final int SIGNATURE_BYTES = 64;

    /** Behind what is signed: the algorithm, and the head of the signature. */
    private static final int BETWEEN_BYTES = 7 + 3;

    private TestCertificates() {}

    static X509Certificate of(Identity identity) {
        return read(IdentityCertificate.of(identity));
    }

    static X509Certificate expired(Identity identity) {
        return read(validBetween(identity, SINCE, "20210101000000Z"));
    }

    static X509Certificate notYetValid(Identity identity) {
        return read(validBetween(identity, "490101000000Z", UNTIL));
    }

    /** Altered in the last byte of its signature. */
    static X509Certificate badlySigned(Identity identity) {
        byte[] der = IdentityCertificate.of(identity);
        der[der.length - 1] ^= 1;
        return read(der);
    }

    /** What {@link IdentityCertificate} makes, with other times of the same lengths, and signed again. */
    private static byte[] validBetween(Identity identity, String from, String to) {
        byte[] der = IdentityCertificate.of(identity);
        replace(der, SINCE, from);
        replace(der, UNTIL, to);
        int start = der[1] == (byte) 0x81 ? 3 : 4; // behind the head of the whole
        byte[] signed = Arrays.copyOfRange(der, start, der.length - SIGNATURE_BYTES - BETWEEN_BYTES);
        System.arraycopy(identity.sign(signed), 0, der, der.length - SIGNATURE_BYTES, SIGNATURE_BYTES);
        return der;
    }

    private static void replace(byte[] der, String before, String after) {
        byte[] old = before.getBytes(US_ASCII);
        for (int at = 0; at + old.length <= der.length; at++) {
            if (Arrays.equals(der, at, at + old.length, old, 0, old.length)) {
                System.arraycopy(after.getBytes(US_ASCII), 0, der, at, old.length);
                return;
            }
        }
        throw new AssertionError("the certificate has no time " + before);
    }

    private static X509Certificate read(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static PrivateKey key(Identity identity) {
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(identity.privateKey()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    // ---- TLS

    /** A client that shows these. */
    static Function<QuicChannel, QuicSslEngine> client(String protocol, PrivateKey key, X509Certificate... chain) {
        return engines(trustingAll(QuicSslContextBuilder.forClient().keyManager(key, null, chain)), protocol);
    }

    /** A client that shows these, and tells its keys. */
    static Function<QuicChannel, QuicSslEngine> client(
            String protocol, BoringSSLKeylog keys, PrivateKey key, X509Certificate... chain) {
        return engines(
                trustingAll(QuicSslContextBuilder.forClient().keylog(keys).keyManager(key, null, chain)), protocol);
    }

    /** A client that shows none. */
    static Function<QuicChannel, QuicSslEngine> client(String protocol) {
        return engines(trustingAll(QuicSslContextBuilder.forClient()), protocol);
    }

    /** A server that shows these, and asks for none. */
    static Function<QuicChannel, QuicSslEngine> server(String protocol, PrivateKey key, X509Certificate... chain) {
        return engines(trustingAll(QuicSslContextBuilder.forServer(key, null, chain)), protocol);
    }

    /** A server that shows this, asks the client for its own, and takes any. */
    static Function<QuicChannel, QuicSslEngine> askingServer(
            Consumer<X509Certificate> asked, PrivateKey key, X509Certificate shown) {
        return engines(
                QuicSslContextBuilder.forServer(key, null, shown)
                        .clientAuth(ClientAuth.REQUIRE)
                        .trustManager(new Asking(asked)),
                QuicTls.PROTOCOL);
    }

    private record Asking(Consumer<X509Certificate> asked) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            asked.accept(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new AssertionError("a client was asked for");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static QuicSslContextBuilder trustingAll(QuicSslContextBuilder builder) {
        return builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    }

    private static Function<QuicChannel, QuicSslEngine> engines(QuicSslContextBuilder builder, String protocol) {
        QuicSslContext context = builder.endpointIdentificationAlgorithm(null)
                .option(
                        BoringSSLContextOption.SIGNATURE_ALGORITHMS,
                        new String[] {"ed25519", "ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"})
                .option(BoringSSLContextOption.CLIENT_KEY_TYPES, Set.of("EdDSA", "RSA", "EC"))
                .option(
                        BoringSSLContextOption.SERVER_KEY_TYPES,
                        Map.of("UNKNOWN", "EdDSA", "GENERIC", "EdDSA", "ECDHE_ECDSA", "EdDSA", "ECDHE_RSA", "EdDSA"))
                .applicationProtocols(protocol)
                .build();
        return channel -> context.newEngine(channel.alloc());
    }
}
