package io.weir.reactive.transport.quic;

import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.ClientAuth;
import io.weir.core.certificate.CertificateVerdict.Proven;
import io.weir.core.certificate.CertificateVerdict.Refused;
import io.weir.core.certificate.IdentityCertificate;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 for one identity, on both sides of a connection: its certificate is shown, and the peer's asked for and judged, by a
 * {@link PeerCheck} of each connection. Keys are agreed on by X25519MLKEM768, which is hybrid post-quantum, or by X25519 where the
 * peer has nothing else. No session is ever taken up again: that would show no certificate. Thread safe.
 */
final class QuicTls {

    /** What ALPN names the protocol. */
    static final String PROTOCOL = "weir/1";

    /** Key exchange, the best first. */
    static final List<String> GROUPS = List.of("X25519MLKEM768", "X25519");

    private static final String CHECK = "io.weir.check";
    private static final String ALIAS = "weir";
    private static final String KEY_TYPE = "EdDSA";
    private static final String SIGNATURE = "ed25519";

    /** What BoringSSL may call the way of authentication that it asks a server's key for. */
    private static final Map<String, String> SERVER_KEY_TYPES =
            Map.of("UNKNOWN", KEY_TYPE, "GENERIC", KEY_TYPE, "ECDHE_ECDSA", KEY_TYPE, "ECDHE_RSA", KEY_TYPE);

    private final PeerId self;
    private final QuicSslContext client;
    private final QuicSslContext server;

    QuicTls(Identity identity) {
        this(identity, PROTOCOL, GROUPS);
    }

    /** For tests too: with another protocol, or other groups. */
    QuicTls(Identity identity, String protocol, List<String> groups) {
        self = identity.peerId();
        OwnKey key = new OwnKey(identity);
        client = options(QuicSslContextBuilder.forClient().keyManager(key, null), groups)
                .endpointIdentificationAlgorithm(null) // the key says more than a name
                .applicationProtocols(protocol)
                .build();
        server = options(QuicSslContextBuilder.forServer(key, null), groups)
                .clientAuth(ClientAuth.REQUIRE)
                .applicationProtocols(protocol)
                .build();
    }

    private static QuicSslContextBuilder options(QuicSslContextBuilder builder, List<String> groups) {
        return builder.trustManager(new CheckedTrust())
                .earlyData(false)
                .option(BoringSSLContextOption.GROUPS, groups.toArray(String[]::new))
                .option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, new String[] {SIGNATURE})
                .option(BoringSSLContextOption.CLIENT_KEY_TYPES, Set.of(KEY_TYPE))
                .option(BoringSSLContextOption.SERVER_KEY_TYPES, SERVER_KEY_TYPES);
    }

    PeerId self() {
        return self;
    }

    /** For a connection that was dialled, whose channel has a {@link PeerCheck}. */
    QuicSslEngine dialling(QuicChannel channel) {
        return checked(
                client.newEngine(channel.alloc()), channel.attr(PeerCheck.KEY).get());
    }

    /** For a connection that comes; its channel gets a {@link PeerCheck}. */
    QuicSslEngine accepting(QuicChannel channel) {
        PeerCheck check = new PeerCheck(self, null);
        check.onBegun();
        channel.attr(PeerCheck.KEY).set(check);
        return checked(server.newEngine(channel.alloc()), check);
    }

    private static QuicSslEngine checked(QuicSslEngine engine, PeerCheck check) {
        engine.getSession().putValue(CHECK, check);
        return engine;
    }

    /** The one key and certificate of an identity. */
    private static final class OwnKey extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate certificate;

        OwnKey(Identity identity) {
            byte[] encoded = identity.privateKey();
            try {
                key = KeyFactory.getInstance(SIGNATURE).generatePrivate(new PKCS8EncodedKeySpec(encoded));
                certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(IdentityCertificate.of(identity)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java runtime cannot read an Ed25519 key or certificate", e);
            } finally {
                Arrays.fill(encoded, (byte) 0);
            }
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
            if (engine.getSession().getValue(CHECK) instanceof PeerCheck check) {
                check.onAnswerDue(); // its certificate is needed: the client's first message is whole
            }
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }
    }

    /** Leaves the judgement to the {@link PeerCheck} of the connection; without one nobody is trusted. */
    private static final class CheckedTrust extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain, engine);
        }

        private static void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
            List<byte[]> encoded = new ArrayList<>();
            for (X509Certificate certificate : chain) {
                encoded.add(certificate.getEncoded());
            }
            if (!(engine.getSession().getValue(CHECK) instanceof PeerCheck check)) {
                throw new CertificateException("nobody checks this connection");
            }
            if (!(check.judge(encoded) instanceof Proven)) {
                throw new CertificateException(String.valueOf(((Refused) check.verdict()).reason()));
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("a certificate without a connection");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("a certificate without a connection");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("a certificate without a connection");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("a certificate without a connection");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
