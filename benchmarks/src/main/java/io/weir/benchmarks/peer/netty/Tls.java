package io.weir.benchmarks.peer.netty;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.FingerprintTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS on BoringSSL (netty-tcnative) with an ECDSA P-256 certificate made for this run by the JDK's keytool. The client
 * accepts exactly that certificate, by its SHA-256 fingerprint, which travels in the peer's address.
 */
public final class Tls {
    private Tls() {}

    /**
     * A server's context and its certificate's fingerprint.
     *
     * @param context the context to serve with
     * @param fingerprint SHA-256 of the certificate, in hexadecimal
     */
    public record ServerIdentity(SslContext context, String fingerprint) {}

    /**
     * A key and a certificate for it.
     *
     * @param key of the certificate
     * @param certificate signed by its own key
     */
    public record KeyPair(PrivateKey key, X509Certificate certificate) {
        /** SHA-256 of the certificate, in hexadecimal. */
        public String fingerprint() {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                return HexFormat.of().formatHex(digest);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("cannot hash a certificate", e);
            }
        }
    }

    /** Makes a certificate and a server's context for it. Blocks for about a second. */
    public static ServerIdentity newServer(TlsOffer offer) {
        requireBoringSsl();
        KeyPair pair = newKeyPair();
        try {
            SslContext context = offer.restrict(SslContextBuilder.forServer(pair.key(), pair.certificate())
                            .sslProvider(SslProvider.OPENSSL))
                    .build();
            return new ServerIdentity(context, pair.fingerprint());
        } catch (IOException e) {
            throw new IllegalStateException("cannot make a TLS server context", e);
        }
    }

    /** Makes a key and a certificate. Blocks for about a second. */
    public static KeyPair newKeyPair() {
        try {
            Path directory = Files.createTempDirectory("weir-benchmark-tls");
            Path store = directory.resolve("server.p12");
            try {
                char[] password = HexFormat.of()
                        .formatHex(new SecureRandom().generateSeed(16))
                        .toCharArray();
                generate(store, password);
                return load(store, password);
            } finally {
                Files.deleteIfExists(store);
                Files.delete(directory);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a TLS certificate", e);
        }
    }

    /** A client's context that accepts only the certificate of this fingerprint. */
    public static SslContext client(String fingerprint, TlsOffer offer) {
        requireBoringSsl();
        try {
            return offer.restrict(SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL))
                    .trustManager(trusting(fingerprint))
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException("cannot make a TLS client context", e);
        }
    }

    /** Trusts only the certificate of this fingerprint. */
    public static TrustManagerFactory trusting(String fingerprint) {
        return FingerprintTrustManagerFactory.builder("SHA-256")
                .fingerprints(fingerprint)
                .build();
    }

    /** The protocol and cipher suite of a connection by its engine; empty if it has none. */
    public static String negotiated(@Nullable SSLEngine engine) {
        return engine == null
                ? ""
                : engine.getSession().getProtocol() + " " + engine.getSession().getCipherSuite();
    }

    private static void generate(Path store, char[] password) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(password))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!keytool.waitFor(15, TimeUnit.SECONDS)) {
                keytool.destroyForcibly();
                throw new IOException("keytool did not finish within 15 s");
            }
        } catch (InterruptedException e) {
            keytool.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
        if (keytool.exitValue() != 0) {
            throw new IOException("keytool exited with " + keytool.exitValue());
        }
    }

    private static KeyPair load(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return new KeyPair(
                (PrivateKey) store.getKey("server", password), (X509Certificate) store.getCertificate("server"));
    }

    private static void requireBoringSsl() {
        if (!OpenSsl.isAvailable()) {
            throw new IllegalStateException(
                    "netty-tcnative is not available on this platform", OpenSsl.unavailabilityCause());
        }
    }
}
