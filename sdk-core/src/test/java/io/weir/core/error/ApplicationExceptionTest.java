package io.weir.core.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ApplicationExceptionTest {

    @Test
    void tellsWhatTheApplicationSaid() {
        byte[] payload = {1, 2, 3};
        ApplicationException e = new ApplicationException(42, "no such quote", payload, true);
        payload[0] = 9;

        assertThat(e.code()).isEqualTo(42);
        assertThat(e.text()).isEqualTo("no such quote");
        assertThat(e.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(e.payload().isReadOnly()).isTrue();
        assertThat(e.reason().code()).isEqualTo(0x1_002A);
        assertThat(e.reason().error()).isEqualTo(ErrorCode.APPLICATION_ERROR);
        assertThat(e.about("request \"quotes\""))
                .hasMessage("application error (request \"quotes\"): local APPLICATION 0x1002A APPLICATION_ERROR,"
                        + " retryable (The application's publisher or handler failed.): no such quote");
    }

    @Test
    void isNotRetryableAndHasNoPayloadUnlessItSaysSo() {
        ApplicationException e = new ApplicationException(0, "");

        assertThat(e.reason().retryable()).isFalse();
        assertThat(e.payload().remaining()).isZero();
        assertThat(new ApplicationException(0xFFFF, "", new byte[8_192]).code()).isEqualTo(0xFFFF);
    }

    @Test
    void aTextOfSeveralLinesIsOneInTheMessage() {
        ApplicationException e = new ApplicationException(1, "a\nWARN forged\u001b[2J");

        assertThat(e.text()).isEqualTo("a\nWARN forged\u001b[2J");
        assertThat(e.getMessage()).endsWith(": a WARN forged [2J");
    }

    @Test
    void namesWhatIsOutOfRange() {
        assertThatThrownBy(() -> new ApplicationException(-1, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code is -1, must be 0 to 65535");
        assertThatThrownBy(() -> new ApplicationException(0x1_0000, ""))
                .hasMessage("code is 65536, must be 0 to 65535");
        assertThatThrownBy(() -> new ApplicationException(0, "ä".repeat(513)))
                .hasMessage("text bytes is 1026, must be 0 to 1024");
        assertThatThrownBy(() -> new ApplicationException(0, "", new byte[8_193]))
                .hasMessage("payload bytes is 8193, must be 0 to 8192");
        assertThatThrownBy(() -> new ApplicationException(0, "\uD83D"))
                .hasMessage("text has a lone surrogate, must be well-formed Unicode");
    }

    @Test
    void theRangeIsApartFromTheTable() {
        assertThat(ErrorCode.of(0xFFFF)).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(ErrorCode.of(0x1_0000)).isEqualTo(ErrorCode.APPLICATION_ERROR);
        assertThat(ErrorCode.of(0x1_FFFF)).isEqualTo(ErrorCode.APPLICATION_ERROR);
        assertThat(ErrorCode.of(0x2_0000)).isEqualTo(ErrorCode.UNKNOWN);
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.isApplications(code.number())).isFalse();
        }
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        ApplicationException before = new ApplicationException(42, "text", new byte[] {5});

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(before);
        Object after = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(after).isInstanceOfSatisfying(ApplicationException.class, e -> {
            assertThat(e.reason()).isEqualTo(before.reason());
            assertThat(e.payload()).isEqualTo(before.payload());
        });
    }
}
