package io.weir.reactive.transport.tcp;

import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static io.weir.reactive.transport.LinkTestKit.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.transport.FreePort;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.dns.SystemNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A system that chooses, for a dial, the very number that is dialled, where nobody listens, connects the socket to itself (RFC 9293
 * section 3.5, simultaneous open). It does so by chance, once in some ten thousand dials of a local port.
 */
class TcpSelfConnectTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TcpTransport diallingFrom(InetSocketAddress from, boolean preferNative) {
        return new TcpTransport(
                1, TcpOptions.defaults(), preferNative, SystemNames::new, client -> client.bindAddress(() -> from));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isRefusedAndLeavesTheNumberFree(boolean preferNative) throws IOException {
        int port = FreePort.ofBoth();
        TcpTransport transport = diallingFrom(new InetSocketAddress("127.0.0.1", port), preferNative);
        PeerNode node = Weir.node().transport(transport).startNow(PATIENCE);
        try {
            assertThatThrownBy(() -> node.connectNow(PeerAddress.tcp("127.0.0.1", port), PATIENCE))
                    .isInstanceOfSatisfying(ConnectException.class, e -> {
                        assertThat(e.reason().error()).isEqualTo(ErrorCode.CONNECT_FAILED);
                        assertThat(e.reason().retryable()).isTrue();
                    })
                    .hasMessageContaining("127.0.0.1:" + port
                            + ": nobody listens there, and the system connected the socket to itself");
            awaitTrue("the peer that is to come back can listen there", () -> isFree(port));
            awaitTrue("no link left", () -> transport.links() == 0);
        } finally {
            awaitEnd(node.close());
            awaitEnd(transport.disposeLater());
        }
    }

    private static boolean isFree(int port) {
        try {
            FreePort.stream(port).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
