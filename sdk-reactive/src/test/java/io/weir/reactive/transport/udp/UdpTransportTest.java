package io.weir.reactive.transport.udp;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static io.weir.reactive.transport.LinkTestKit.await;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Inet;
import io.weir.reactive.transport.UdpOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What the transport promises of binding, looking up and ending; sessions over it are tested with nodes. */
@Timeout(60)
class UdpTransportTest {

    private final UdpTransport transport = new UdpTransport(2, UdpOptions.defaults(), true);

    @AfterEach
    void dispose() {
        awaitEnd(transport.disposeLater());
        assertThat(transport.sockets()).isEmpty();
    }

    private static int port(DatagramSocket socket) {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    private List<PathAddress> resolve(PeerAddress address) {
        return await(transport.resolve(address, PATIENCE, DialProgress.UNHEARD));
    }

    private static void failsWith(ErrorCode code, Mono<?> mono) {
        assertThatThrownBy(() -> await(mono)).satisfies(e -> {
            Throwable failure = e instanceof ConnectException || e instanceof ListenException ? e : e.getCause();
            ErrorCode told = failure instanceof ConnectException dial
                    ? dial.reason().error()
                    : ((ListenException) failure).reason().error();
            assertThat(told).isEqualTo(code);
        });
    }

    @Test
    void bindsAPortOnceUntilItIsClosed() {
        DatagramSocket first = await(transport.bind(PeerAddress.udp("127.0.0.1", 0)));
        PeerAddress same = PeerAddress.udp("127.0.0.1", port(first));

        failsWith(ErrorCode.BIND_FAILED, transport.bind(same));
        first.close();
        awaitEnd(first.onClose());

        assertThat(port(await(transport.bind(same)))).isEqualTo(same.port());
    }

    @Test
    void bindsNoAddressOfSomebodyElse() {
        failsWith(ErrorCode.BIND_FAILED, transport.bind(PeerAddress.udp("192.0.2.1", 0)));
        failsWith(ErrorCode.UNRESOLVED, transport.bind(PeerAddress.udp("no-such-host.invalid", 0)));
    }

    @Test
    void takesItsOwnSchemeOnly() {
        assertThatIllegalArgumentException().isThrownBy(() -> transport.bind(PeerAddress.tcp("127.0.0.1", 0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.resolve(PeerAddress.tcp("127.0.0.1", 1), PATIENCE, DialProgress.UNHEARD));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> transport.resolve(PeerAddress.udp("127.0.0.1", 1), Duration.ZERO, DialProgress.UNHEARD));
    }

    @Test
    void literalsAreWhatTheyAre() throws Exception {
        for (String host : new String[] {"192.0.2.7", "2001:db8::7"}) {
            assertThat(resolve(PeerAddress.udp(host, 7_400)))
                    .containsExactly(Inet.path(new InetSocketAddress(InetAddress.getByName(host), 7_400)));
        }
    }

    @Test
    void namesHaveTheAddressesOfBothFamilies() {
        assertThat(resolve(PeerAddress.udp("localhost", 7_400)))
                .contains(Inet.path(new InetSocketAddress("127.0.0.1", 7_400)));
    }

    @Test
    void whatHasNoAddressOrNoPortFails() {
        failsWith(
                ErrorCode.UNRESOLVED,
                transport.resolve(
                        PeerAddress.udp("no-such-host.invalid", 7_400), Duration.ofSeconds(3), DialProgress.UNHEARD));
        failsWith(
                ErrorCode.ADDRESS_UNUSABLE,
                transport.resolve(PeerAddress.udp("127.0.0.1", 0), PATIENCE, DialProgress.UNHEARD));
    }

    @ParameterizedTest
    @CsvSource({
        "::, 127.0.0.1, true",
        "::, ::1, true",
        "0.0.0.0, 192.0.2.1, true",
        "0.0.0.0, ::1, false",
        "127.0.0.1, 127.0.0.9, true",
        "127.0.0.1, 192.0.2.1, false",
        "127.0.0.1, ::1, false",
        "::1, ::1, true",
        "::1, 2001:db8::1, false",
        "::1, 127.0.0.1, false",
        "192.0.2.1, 198.51.100.1, true",
        "192.0.2.1, 127.0.0.1, true",
        "2001:db8::1, 192.0.2.1, false"
    })
    void reachesWhatItsAddressAllows(String here, String there, boolean reaches) throws Exception {
        assertThat(UdpSocket.reaches(InetAddress.getByName(here), InetAddress.getByName(there)))
                .isEqualTo(reaches);
    }

    @Test
    void dialsFromAPortThatReachesBothFamilies() throws Exception {
        DatagramSocket socket = await(transport.open());

        for (String host : new String[] {"127.0.0.1", "::1", "192.0.2.1"}) {
            assertThat(socket.reaches(Inet.path(new InetSocketAddress(host, 9))))
                    .isTrue();
        }
        assertThat(port(socket)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsItsSocketsAndBindsNoMore(boolean preferNative) {
        UdpTransport other = new UdpTransport(1, UdpOptions.defaults(), preferNative);
        DatagramSocket listening = await(other.bind(PeerAddress.udp("127.0.0.1", 0)));
        DatagramSocket dialling = await(other.open());

        awaitEnd(other.disposeLater());

        awaitEnd(listening.onClose());
        awaitEnd(dialling.onClose());
        assertThat(other.isDisposed()).isTrue();
        assertThat(other.sockets()).isEmpty();
        failsWith(ErrorCode.BIND_FAILED, other.bind(PeerAddress.udp("127.0.0.1", 0)));
        failsWith(ErrorCode.CONNECT_FAILED, other.open());
        failsWith(
                ErrorCode.CONNECT_FAILED,
                other.resolve(PeerAddress.udp("127.0.0.1", 9), PATIENCE, DialProgress.UNHEARD));
    }

    @Test
    void tellsTheLargestDatagramOfItsOptions() {
        assertThat(transport.maxDatagramBytes()).isEqualTo(1_472);
        UdpTransport other = UdpTransport.create(1, UdpOptions.defaults().withMaxDatagramBytes(8_192));
        assertThat(other.maxDatagramBytes()).isEqualTo(8_192);
        awaitEnd(other.disposeLater());
    }
}
