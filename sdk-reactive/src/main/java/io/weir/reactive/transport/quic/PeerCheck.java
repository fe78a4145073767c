package io.weir.reactive.transport.quic;

import io.netty.util.AttributeKey;
import io.weir.core.certificate.CertificateVerdict;
import io.weir.core.certificate.CertificateVerdict.Proven;
import io.weir.core.certificate.CertificateVerdict.Refused;
import io.weir.core.certificate.IdentityCertificate;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.identity.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who must be at the other end of one connection, and who has been found there. Each connection has one of its own, so that nothing
 * that one peer has shown counts for another. It also knows how far the handshake is, as TLS asks for each thing when its turn has
 * come:
 *
 * <pre>
 *   dialled   nothing sent: WRITING --&gt; ClientHello sent: READING_HEADER --+
 *   came      a part of ClientHello: READING_BODY --&gt; all: READING_HEADER --+--&gt; certificate approved of: PROCESSING
 * </pre>
 *
 * Loop-confined, but for {@link #stage}.
 */
final class PeerCheck {

    static final AttributeKey<PeerCheck> KEY = AttributeKey.valueOf(PeerCheck.class, "check");

    private final PeerId self;
    private final @Nullable PeerId expected;
    private @Nullable CertificateVerdict verdict;
    private volatile HandshakeStage stage = HandshakeStage.WRITING;

    PeerCheck(PeerId self, @Nullable PeerId expected) {
        this.self = self;
        this.expected = expected;
    }

    /** How far the handshake is. Any thread. */
    HandshakeStage stage() {
        return stage;
    }

    /** A part of the peer's first message is here. */
    void onBegun() {
        stage = HandshakeStage.READING_BODY;
    }

    /** This side has said what it has to, or does so now: the peer's certificate is the next to come. */
    void onAnswerDue() {
        if (stage != HandshakeStage.PROCESSING) {
            stage = HandshakeStage.READING_HEADER;
        }
    }

    /** Judges what the peer has sent in its handshake. */
    CertificateVerdict judge(List<byte[]> chain) {
        CertificateVerdict judged = IdentityCertificate.check(chain, System.currentTimeMillis(), self, expected);
        verdict = judged;
        if (judged instanceof Proven) {
            stage = HandshakeStage.PROCESSING;
        }
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
