package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTableTest {

    private final MessageSide a = new MessageSide(MessageSide.settings(4_096));
    private final MessageSide b = new MessageSide(MessageSide.settings(4_096));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 128, 129, 1_000, 4_096 - 16 - 5})
    void aRequestIsRepliedTo(int length) {
        MessageSide.Asking asking = a.ask("price", bytes(length));
        MessageSide.settle(a, b);

        assertThat(b.asked).hasSize(1);
        assertThat(b.asked.get(0).name()).isEqualTo("price");
        assertThat(b.askedBodies.get(0)).isEqualTo(bytes(length));
        assertThat(b.asked.get(0).reply(bytes(length))).isNull();
        MessageSide.settle(a, b);

        assertThat(asking.replies).containsExactly(bytes(length));
        assertThat(asking.missing).isEmpty();
        assertThat(a.table.isIdle()).isTrue();
        assertThat(b.table.isIdle()).isTrue();
    }

    @Test
    void aRequestThatFailsHasTheCodeAtItsListener() {
        MessageSide.Asking asking = a.ask("price", bytes(3));
        MessageSide.settle(a, b);
        b.asked.get(0).fail(ErrorCode.NO_HANDLER);
        MessageSide.settle(a, b);

        assertThat(asking.missing).containsExactly(CloseReason.remote(ErrorCode.NO_HANDLER));
    }
}
