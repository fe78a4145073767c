package io.weir.benchmarks.peer.netty;

import io.netty.handler.ssl.SslContextBuilder;
import java.util.List;

/** What both ends of a TLS connection offer each other. */
public enum TlsOffer {
    /** TLS 1.3 and its cipher suites as BoringSSL prefers them: AES-128-GCM where the processor has AES. */
    TLS_1_3("TLSv1.3", List.of()),

    /**
     * AES-256-GCM and nothing else. BoringSSL decides itself among the cipher suites of TLS 1.3, and Netty has no way to
     * leave AES-128 out there, so this is TLS 1.2: the same library, records of the same size and the same kind of key
     * agreement, with 8 bytes of nonce in each record.
     */
    AES_256("TLSv1.2", List.of("ECDHE-ECDSA-AES256-GCM-SHA384"));

    private final String protocol;
    private final List<String> ciphers;

    TlsOffer(String protocol, List<String> ciphers) {
        this.protocol = protocol;
        this.ciphers = ciphers;
    }

    /** The builder, restricted to this. */
    public SslContextBuilder restrict(SslContextBuilder builder) {
        SslContextBuilder restricted = builder.protocols(protocol);
        return ciphers.isEmpty() ? restricted : restricted.ciphers(ciphers);
    }

    /** In words, for a peer's description. */
    String words() {
        return (this == TLS_1_3 ? "TLS 1.3" : "TLS 1.2 with AES-256-GCM") + " by netty-tcnative (BoringSSL)";
    }
}
