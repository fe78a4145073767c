package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.Inet;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpAddressesTest {

    private final Scopes scopes = new Scopes();
    private final UdpAddresses addresses = new UdpAddresses(scopes);

    private static InetSocketAddress linkLocal(int host, int scope) throws UnknownHostException {
        byte[] ip = new byte[16];
        ip[0] = (byte) 0xfe;
        ip[1] = (byte) 0x80;
        ip[14] = (byte) (host >> 8);
        ip[15] = (byte) host;
        return new InetSocketAddress(Inet6Address.getByAddress(null, ip, scope), 7_400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "192.0.2.255", "::1", "2001:db8::ff00"})
    void thereAndBackIsTheSame(String host) throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 65_535);

        PathAddress path = addresses.of(address);

        assertThat(addresses.to(path)).isEqualTo(address);
        assertThat(scopes.socketAddress(path)).isEqualTo(address);
        assertThat(path).isEqualTo(Inet.path(address));
        assertThat(scopes.size()).isZero();
    }

    @Test
    void aKnownAddressMakesNoObject() throws UnknownHostException {
        PathAddress path = addresses.of(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 9));

        assertThat(addresses.of(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 9)))
                .isSameAs(path);
        assertThat(addresses.to(path)).isSameAs(addresses.to(path));
    }

    /** An IPv4 address that the system wrote as an IPv6 one, as it does in sockets of both families. */
    @Test
    void aMappedAddressIsSentToAsWhatItIs() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};

        assertThat(addresses.to(new PathAddress(io.weir.core.wire.Bytes.copyOf(mapped), 9)))
                .isEqualTo(new InetSocketAddress("127.0.0.1", 9));
    }

    @Test
    void aFloodOfSendersChangesNobodysAddress() throws UnknownHostException {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10 * UdpAddresses.SLOTS; i++) {
                byte[] ip = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(ip), 1 + i);

                assertThat(addresses.to(addresses.of(address))).isEqualTo(address);
            }
        }
    }

    @Test
    void aLinkLocalAddressKeepsTheScopeThatWasHeardLast() throws UnknownHostException {
        for (int scope : new int[] {3, 4, 3}) {
            PathAddress path = addresses.of(linkLocal(1, scope));

            assertThat(((Inet6Address) addresses.to(path).getAddress()).getScopeId())
                    .isEqualTo(scope);
            assertThat(((Inet6Address) scopes.socketAddress(path).getAddress()).getScopeId())
                    .isEqualTo(scope);
        }
        assertThat(scopes.size()).isEqualTo(1);
    }

    @Test
    void scopesAreBoundedAndOneThatMadeRoomComesBackWithItsNextDatagram() throws UnknownHostException {
        PathAddress first = addresses.of(linkLocal(0, 5));

        for (int host = 1; host <= 2 * Scopes.MOST; host++) {
            addresses.of(linkLocal(host, 6));
            assertThat(scopes.size()).isLessThanOrEqualTo(Scopes.MOST);
        }
        addresses.of(linkLocal(0, 5));

        assertThat(((Inet6Address) addresses.to(first).getAddress()).getScopeId())
                .isEqualTo(5);
    }
}
