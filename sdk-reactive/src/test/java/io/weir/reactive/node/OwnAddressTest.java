package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

/** What a node knows of its own addresses: that it must not dial them, on which port it listens, and both families of it. */
class OwnAddressTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({
        "::, 127.0.0.1, true",
        "::, 127.0.0.2, true",
        "::, ::1, true",
        "::, ::, true",
        "::, 0.0.0.0, true",
        "::, 192.0.2.1, false",
        "::, 2001:db8::1, false",
        "0.0.0.0, 127.0.0.1, true",
        "0.0.0.0, ::1, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 0.0.0.0, true",
        "127.0.0.1, ::, false",
        "127.0.0.1, 127.0.0.2, false",
        "127.0.0.1, ::1, false",
        "::1, ::1, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::1, ::, true",
        "192.0.2.1, 0.0.0.0, false",
        "localhost, 127.0.0.1, false",
    })
    void aListenerCoversWhatConnectsToIt(String listener, String to, boolean covered) throws Exception {
        PeerAddress bound = PeerAddress.tcp(listener, 7400);
        InetAddress target = InetAddress.getByName(to);

        assertThat(OwnAddress.covers(bound, new InetSocketAddress(target, 7400)))
                .isEqualTo(covered);
        assertThat(OwnAddress.covers(bound, new InetSocketAddress(target, 7401)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::", "localhost"})
    void aNodeDoesNotDialItself(String host) {
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        PeerNode node = Weir.node()
                .listen(PeerAddress.tcp("::", 0))
                .onEvent(events::add)
                .startNow(PATIENCE);
        try {
            PeerAddress own = PeerAddress.tcp(host, node.port());

            assertThatThrownBy(() -> node.connectNow(own, PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.SELF_CONNECT)))
                    .cause()
                    .hasMessageContaining("this node listens there itself");
        } finally {
            node.close().block(PATIENCE);
        }
        assertThat(events)
                .hasAtLeastOneElementOfType(PeerEvent.ConnectionSetupError.class)
                .noneMatch(PeerEvent.InboundRefused.class::isInstance);
    }

    @Test
    void norByItsNameInMemory() {
        PeerNode node = Weir.node()
                .listen(PeerAddress.memory("me"))
                .transport(MemoryNetwork.on(Schedulers.parallel()).transport())
                .startNow(PATIENCE);
        try {
            assertThatThrownBy(() -> node.connectNow(PeerAddress.memory("me").expecting(node.id()), PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.SELF_CONNECT)));
            assertThatIllegalStateException().isThrownBy(node::port).withMessage("the node listens, but at no port");
        } finally {
            node.close().block(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
    void oneListenerServesBothFamiliesAtItsPort(String host) {
        PeerNode server = Weir.node().listen(PeerAddress.tcp("::", 0)).startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        try {
            PeerSession session = client.connectNow(PeerAddress.tcp(host, server.port()), PATIENCE);

            assertThat(session.peer()).isEqualTo(server.id());
            assertThat(server.port()).isEqualTo(server.addresses().get(0).port());
            assertThatIllegalStateException().isThrownBy(client::port).withMessage("the node does not listen");
        } finally {
            client.close().block(PATIENCE);
            server.close().block(PATIENCE);
        }
    }
}
