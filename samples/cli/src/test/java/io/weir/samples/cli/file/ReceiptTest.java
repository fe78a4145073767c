package io.weir.samples.cli.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceiptTest {

    @Test
    void receiptsCrossTheWire() {
        Receipt verified = new Receipt.Verified("0123456789abcdef".repeat(4));
        Receipt refused = new Receipt.Refused("no room for 'größe'");

        assertThat(Receipt.CODEC.decode(Receipt.CODEC.encode(verified))).isEqualTo(verified);
        assertThat(Receipt.CODEC.decode(Receipt.CODEC.encode(refused))).isEqualTo(refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "verified", "verified ", "verified abc", "thanks", "refuse it"})
    void anythingElseIsNoReceipt(String text) {
        ByteBuffer payload = StandardCharsets.UTF_8.encode(text);

        assertThatIllegalArgumentException().isThrownBy(() -> Receipt.CODEC.decode(payload));
    }

    @Test
    void reasonOfAStrangerCannotDriveTheTerminal() {
        ByteBuffer payload = StandardCharsets.UTF_8.encode("refused \u001b]0;gotcha\u0007\r\nOK" + "x".repeat(1000));

        Receipt.Refused refused = (Receipt.Refused) Receipt.CODEC.decode(payload);

        assertThat(refused.reason()).startsWith("?]0;gotcha???OK").hasSizeLessThan(250);
    }
}
