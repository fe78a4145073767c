package io.weir.samples.cli.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerTest {

    @Test
    void answersCrossTheWire() {
        Answer verified = new Answer.Verified("0123456789abcdef".repeat(4));
        Answer refused = new Answer.Refused("no room for 'größe'");

        assertThat(Answer.CODEC.decode(Answer.CODEC.encode(verified))).isEqualTo(verified);
        assertThat(Answer.CODEC.decode(Answer.CODEC.encode(refused))).isEqualTo(refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "verified", "verified ", "verified abc", "thanks", "refuse it"})
    void anythingElseIsNoAnswer(String text) {
        ByteBuffer payload = StandardCharsets.UTF_8.encode(text);

        assertThatIllegalArgumentException().isThrownBy(() -> Answer.CODEC.decode(payload));
    }

    @Test
    void reasonOfAStrangerCannotDriveTheTerminal() {
        ByteBuffer payload = StandardCharsets.UTF_8.encode("refused \u001b]0;gotcha\u0007\r\nOK" + "x".repeat(1000));

        Answer.Refused refused = (Answer.Refused) Answer.CODEC.decode(payload);

        assertThat(refused.reason()).startsWith("?]0;gotcha???OK").hasSizeLessThan(250);
    }
}
