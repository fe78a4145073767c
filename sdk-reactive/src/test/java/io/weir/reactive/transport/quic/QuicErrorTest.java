package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import java.io.IOException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What QUIC's errors are to who wants a session, each. */
final class QuicErrorTest {

    private static final byte[] NOTHING = new byte[0];

    /** RFC 9000 section 20.1, RFC 9001 section 4.8; TLS alerts are RFC 8446's. */
    @ParameterizedTest
    @CsvSource({
        "0x0, LINK_LOST, NO_ERROR",
        "0x1, LINK_LOST, INTERNAL_ERROR",
        "0x2, LINK_LOST, CONNECTION_REFUSED without a code",
        "0x3, LINK_LOST, FLOW_CONTROL_ERROR",
        "0x4, LINK_LOST, STREAM_LIMIT_ERROR",
        "0x5, LINK_LOST, STREAM_STATE_ERROR",
        "0x6, LINK_LOST, FINAL_SIZE_ERROR",
        "0x7, LINK_LOST, FRAME_ENCODING_ERROR",
        "0x8, LINK_LOST, TRANSPORT_PARAMETER_ERROR",
        "0x9, LINK_LOST, CONNECTION_ID_LIMIT_ERROR",
        "0xa, LINK_LOST, PROTOCOL_VIOLATION",
        "0xb, LINK_LOST, INVALID_TOKEN",
        "0xc, LINK_LOST, APPLICATION_ERROR",
        "0xd, LINK_LOST, CRYPTO_BUFFER_EXCEEDED",
        "0xe, LINK_LOST, KEY_UPDATE_ERROR",
        "0xf, LINK_LOST, AEAD_LIMIT_REACHED",
        "0x10, LINK_LOST, NO_VIABLE_PATH",
        "0xff, LINK_LOST, below the alerts",
        "0x100, HANDSHAKE_FAILED, close_notify",
        "0x128, HANDSHAKE_FAILED, handshake_failure",
        "0x12a, HANDSHAKE_FAILED, bad_certificate",
        "0x12d, HANDSHAKE_FAILED, certificate_expired",
        "0x12e, HANDSHAKE_FAILED, certificate_unknown",
        "0x174, HANDSHAKE_FAILED, certificate_required",
        "0x178, NOT_WEIR, no_application_protocol",
        "0x1ff, HANDSHAKE_FAILED, the last alert",
        "0x200, LINK_LOST, above the alerts"
    })
    void eachErrorOfTheTransportHasItsReason(String error, ErrorCode code, String name) {
        CloseReason reason = QuicError.refusal(false, Integer.decode(error), NOTHING);

        assertThat(reason.error()).as(name).isEqualTo(code);
        assertThat(reason.origin()).isEqualTo(Origin.LOCAL);
        assertThat(reason.detail()).contains("the peer has");
    }

    /** An application's errors are its own: none means what a transport's of the same number does. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, QuicError.CONNECTION_REFUSED, 0x128, 0x178})
    void noErrorOfTheApplicationIsTakenForTheTransports(int error) {
        CloseReason reason = QuicError.refusal(true, error, new byte[] {0, 7});

        assertThat(reason.error()).isEqualTo(ErrorCode.LINK_LOST);
        assertThat(reason.detail()).contains("code " + error);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void whoIsTurnedAwayBeforeTheHandshakeHearsEveryCode(ErrorCode code) {
        byte[] reason = ByteBufUtil.getBytes(QuicError.reason(code));

        CloseReason heard = QuicError.refusal(false, QuicError.CONNECTION_REFUSED, reason);

        assertThat(heard).isEqualTo(CloseReason.unproven((int) code.number()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 40})
    void aReasonThatIsNoCodeIsNone(int bytes) {
        CloseReason heard = QuicError.refusal(false, QuicError.CONNECTION_REFUSED, new byte[bytes]);

        assertThat(heard.error()).isEqualTo(ErrorCode.LINK_LOST);
    }

    @Test
    void ownFailuresAreTheHandshakesOrTheLinks() {
        assertThat(QuicError.ownFailure(new SSLHandshakeException("no group")))
                .isEqualTo(CloseReason.local(ErrorCode.HANDSHAKE_FAILED, "no group"));
        assertThat(QuicError.ownFailure(new IOException("broken")))
                .isEqualTo(CloseReason.local(ErrorCode.LINK_LOST, "broken"));
    }
}
