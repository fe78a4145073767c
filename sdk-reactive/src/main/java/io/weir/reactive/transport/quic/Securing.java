package io.weir.reactive.transport.quic;

import io.weir.core.certificate.CertificateVerdict;
import io.weir.core.certificate.CertificateVerdict.Proven;
import io.weir.core.certificate.CertificateVerdict.Refused;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.Establisher.Outcome;
import org.jspecify.annotations.Nullable;

/** From a connection that is secured to an association, or to the reason why there is none. Loop-confined. */
final class Securing {

    private Securing() {}

    /** Tells the outcome; the reason, which was not told, if there is no association. */
    static @Nullable CloseReason settle(QuicConnection connection, long startedNanos, Outcome outcome) {
        CertificateVerdict verdict = connection.verdict();
        if (verdict instanceof Refused refused) {
            return refused.reason();
        }
        if (!connection.speaksWeir()) {
            return CloseReason.local(
                    ErrorCode.NOT_WEIR, "the peer has not agreed on the protocol " + QuicTls.PROTOCOL + " by ALPN");
        }
        QuicCarrier carrier =
                new QuicCarrier(connection, Math.max(1, connection.loop().nowNanos() - startedNanos));
        outcome.established(
                new Association(((Proven) verdict).peer(), carrier, connection.remoteAddress(), PeerAddress.QUIC));
        if (!carrier.isStarted()) {
            connection.close();
        }
        return null;
    }
}
