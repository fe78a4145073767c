package io.weir.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Without the optional library of QUIC, as here, all else works, and what is missing is named. */
class WithoutQuicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LIBRARY = "netty-codec-native-quic";

    @Test
    void aDialNamesWhatIsMissing() {
        PeerNode node = Weir.node().startNow(PATIENCE);
        assertThatThrownBy(() -> node.connectNow(PeerAddress.quic("127.0.0.1", 7), PATIENCE))
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.ADDRESS_UNUSABLE))
                .hasMessageContaining("quic://127.0.0.1:7")
                .hasMessageContaining(LIBRARY);
        node.dispose();
    }

    @Test
    void aListenerNamesWhatIsMissing() {
        assertThatThrownBy(() ->
                        Weir.node().listen(PeerAddress.quic("127.0.0.1", 0)).startNow(PATIENCE))
                .hasMessageContaining(LIBRARY);
    }
}
