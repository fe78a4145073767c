package io.weir.core.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeirExceptionTest {

    private static final Throwable CAUSE = new IllegalStateException("boom");

    @Test
    void messageTellsWhoLayerCodeAndRetryable() {
        assertThat(new StreamReset(CloseReason.remote(0x22)))
                .hasMessage(
                        "stream reset: remote STREAM 0x22 REFUSED, not retryable (No handler takes streams of this name.)");
        assertThat(new ConnectException(CloseReason.local(ErrorCode.UNRESOLVED), CAUSE))
                .hasMessage(
                        "connect failed: local TRANSPORT 0x0B UNRESOLVED, retryable (The host name has no address.)")
                .hasCause(CAUSE);
    }

    @Test
    void everyKindCarriesItsReason() {
        CloseReason reason = CloseReason.remote(ErrorCode.CANCELLED);

        List<WeirException> kinds = List.of(
                new StreamReset(reason),
                new StreamReset(reason, CAUSE),
                new StreamStopped(reason),
                new StreamStopped(reason, CAUSE),
                new SessionClosedException(reason),
                new SessionClosedException(reason, CAUSE),
                new ReplyMissingException(reason),
                new ReplyMissingException(reason, CAUSE),
                new MessageNotSentException(reason),
                new MessageNotSentException(reason, CAUSE),
                new ConnectException(reason),
                new ConnectException(reason, CAUSE),
                new GaveUpException(3, Duration.ofSeconds(2), reason, CAUSE),
                new ListenException(reason),
                new ListenException(reason, CAUSE),
                new CodecException(reason),
                new CodecException(reason, CAUSE),
                new PayloadTooLargeException(reason, "payload", 2, 1));

        assertThat(kinds).allSatisfy(kind -> {
            assertThat(kind.reason()).isEqualTo(reason);
            assertThat(kind).hasMessageEndingWith(": " + reason);
        });
    }

    @Test
    void givingUpTellsHowOftenAndHowLongWasTried() {
        GaveUpException gaveUp =
                new GaveUpException(3, Duration.ofSeconds(2), CloseReason.local(ErrorCode.CONNECT_FAILED), CAUSE);

        assertThat(gaveUp.attempts()).isEqualTo(3);
        assertThat(gaveUp.elapsed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(gaveUp)
                .hasMessageStartingWith("gave up after 3 attempts in PT2S: local TRANSPORT 0x0A CONNECT_FAILED")
                .hasCause(CAUSE);
    }

    @Test
    void refusedRequestTellsTheCodeToAnswer() {
        assertThat(new RequestRefusedException(ErrorCode.BUSY))
                .hasMessageStartingWith("request refused: local SESSION 0x0E BUSY, retryable");
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "CANCELLED", "UNKNOWN"})
    void requestIsNotRefusedForWhatIsNoAnswer(ErrorCode code) {
        assertThatThrownBy(() -> new RequestRefusedException(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code is " + code + ", must not be NONE, CANCELLED or UNKNOWN");
    }

    @Test
    void codecFailureTellsTheDirection() {
        assertThat(CodecException.encode(CAUSE))
                .hasMessageStartingWith("encoding failed: local STREAM 0x28 ENCODE_FAILED")
                .hasCause(CAUSE);
        assertThat(CodecException.decode(CAUSE))
                .hasMessageStartingWith("decoding failed: local STREAM 0x27 DECODE_FAILED")
                .hasCause(CAUSE);
    }

    @Test
    void tooLargePayloadNamesFieldValueAndMaximum() {
        PayloadTooLargeException e = new PayloadTooLargeException("payload", 100, 64);

        assertThat(e).hasMessageStartingWith("payload is 100, must be at most 64: local STREAM 0x26 PAYLOAD_TOO_LARGE");
        assertThat(e.field()).isEqualTo("payload");
        assertThat(e.value()).isEqualTo(100);
        assertThat(e.max()).isEqualTo(64);
    }

    @Test
    void silenceTellsHowLong() {
        SilenceException e = new SilenceException(Duration.ofMillis(301));

        assertThat(e)
                .hasMessage("silent for PT0.301S: local TRANSPORT 0x08 SILENCE, retryable"
                        + " (Nothing was heard from the peer for longer than the silence limit.)");
        assertThat(e.silence()).isEqualTo(Duration.ofMillis(301));
    }

    @Test
    void unknownNumberOfThePeerIsKept() {
        CloseReason reason = CloseReason.remote(0xABCDEF);

        assertThat(reason.code()).isEqualTo(0xABCDEF);
        assertThat(reason.error()).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(reason.clean()).isFalse();
        assertThat(reason)
                .hasToString("remote SESSION 0xABCDEF UNKNOWN, not retryable"
                        + " (A number that this version does not know.)");
    }

    @Test
    void onlyNoneIsClean() {
        assertThat(CloseReason.remote(0).clean()).isTrue();
        assertThat(CloseReason.local(ErrorCode.NONE).clean()).isTrue();
        assertThat(CloseReason.local(ErrorCode.LINK_LOST).clean()).isFalse();
    }

    @Test
    void negativeCodeIsRefused() {
        assertThatThrownBy(() -> CloseReason.remote(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code is -1, must be 0 or more");
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        StreamStopped before = new StreamStopped(CloseReason.remote(0x20));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(before);
        Object after = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(after)
                .isInstanceOfSatisfying(
                        StreamStopped.class, e -> assertThat(e.reason()).isEqualTo(before.reason()));
    }
}
