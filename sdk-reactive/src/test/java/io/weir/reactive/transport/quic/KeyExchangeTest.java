package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.UdpRelay;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys are agreed on by a hybrid that quantum computers do not break. What was agreed on is read from the packets. */
@Timeout(120)
class KeyExchangeTest {

    /** As IANA has it. */
    private static final int X25519_MLKEM768 = 0x11EC;

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));

    @AfterEach
    void close() {
        nodes.close();
    }

    private PeerNode server() {
        return nodes.start(spec -> spec.listen(PeerAddress.quic("127.0.0.1", 0)));
    }

    /** What the server has chosen in the first connection through a relay. */
    private static int group(UdpRelay relay) throws GeneralSecurityException {
        InitialPackets packets = InitialPackets.ofServer(relay.first(true).get(0));
        return InitialPackets.groupOf(packets.handshake(relay.first(false)));
    }

    @Test
    void nodesAgreeOnKeysByTheHybrid() throws GeneralSecurityException {
        PeerNode server = server();
        try (UdpRelay relay = new UdpRelay(address(server))) {
            await(nodes.start().connect(relay.address().expecting(server.id())));

            assertThat(group(relay)).isEqualTo(X25519_MLKEM768);
        }
    }

    @ParameterizedTest
    @CsvSource({"X25519MLKEM768, 0x11EC", "X25519, 0x001D"})
    void aNodeTakesTheHybridAndWhatIsInIt(String group, String number) throws GeneralSecurityException {
        QuicTls tls = new QuicTls(Identity.generate(), QuicTls.PROTOCOL, List.of(group));

        try (UdpRelay relay = new UdpRelay(address(server()));
                RawQuicClient client = new RawQuicClient(relay.address(), tls::dialling)) {
            assertThat(client.isSecured()).isTrue();
            assertThat(group(relay)).isEqualTo(Integer.decode(number));
        }
    }

    @Test
    void aNodeTakesNothingElse() {
        PeerNode server = server();
        QuicTls tls = new QuicTls(Identity.generate(), QuicTls.PROTOCOL, List.of("P-256"));

        try (RawQuicClient client = new RawQuicClient(address(server), tls::dialling)) {
            assertThat(client.isSecured()).isFalse();
        }
        assertThat(connect(nodes.start(), server).state()).isNotNull();
    }
}
