package io.weir.reactive.transport.quic;

import io.netty.util.AttributeKey;
import io.weir.core.certificate.CertificateVerdict;
import io.weir.core.certificate.CertificateVerdict.Refused;
import io.weir.core.certificate.IdentityCertificate;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who must be at the other end of one connection, and who has been found there. Each connection has one of its own, so that nothing
 * that one peer has shown counts for another. Loop-confined.
 */
final class PeerCheck {

    static final AttributeKey<PeerCheck> KEY = AttributeKey.valueOf(PeerCheck.class, "check");

    private final PeerId self;
    private final @Nullable PeerId expected;
    private @Nullable CertificateVerdict verdict;

    PeerCheck(PeerId self, @Nullable PeerId expected) {
        this.self = self;
        this.expected = expected;
    }

    /** Judges what the peer has sent in its handshake. */
    CertificateVerdict judge(List<byte[]> chain) {
        CertificateVerdict judged = IdentityCertificate.check(chain, System.currentTimeMillis(), self, expected);
        verdict = judged;
        return judged;
    }

    /** Refused too if nothing was ever judged, as where a session of TLS was taken up again. */
    CertificateVerdict verdict() {
        CertificateVerdict known = verdict;
        return known != null
                ? known
                : new Refused(CloseReason.local(ErrorCode.IDENTITY_INVALID, "the peer has shown no certificate"));
    }

    /** Why this side has refused the peer's certificate; null if it has not. */
    @Nullable
    CloseReason refusal() {
        return verdict instanceof Refused refused ? refused.reason() : null;
    }
}
