package io.weir.core.certificate;

import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;

/** What a peer's certificate has shown. */
public sealed interface CertificateVerdict {

    /**
     * Whoever has the key of the certificate is this peer. That it is the peer who sends it, TLS's own signature shows.
     *
     * @param peer whose key it is
     */
    record Proven(PeerId peer) implements CertificateVerdict {}

    /**
     * It proves nobody, or not whom it should.
     *
     * @param reason LOCAL, and in words what is wrong: IDENTITY_INVALID, IDENTITY_MISMATCH or SELF_CONNECT
     */
    record Refused(CloseReason reason) implements CertificateVerdict {}
}
