package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {

    private final Sources sources = new Sources(2);

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource({
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff", // one network of 64 bits
        "2001:db8:0:1::1, 2001:db8:0:1::1",
        "fe80::1, fe80::2", // whoever is on a link may take any address of it
        "fe80::1%1, fe80::1%2", // the interface is this machine's word
        "192.0.2.1, ::ffff:192.0.2.1", // mapped (RFC 4291)
        "192.0.2.1, 64:ff9b::192.0.2.1", // translated (RFC 6052)
    })
    void takesForOneSource(String one, String other) throws UnknownHostException {
        assertThat(sources.enter(at(one, 1))).isTrue();
        assertThat(sources.enter(at(other, 2))).isTrue();
        assertThat(sources.enter(at(one, 3))).as("a third").isFalse();
        assertThat(sources.enter(at(other, 4))).as("a third").isFalse();
        assertThat(sources.size()).isEqualTo(1);

        sources.leave(at(other, 2));
        assertThat(sources.enter(at(one, 5))).as("a second again").isTrue();
        sources.leave(at(one, 1));
        sources.leave(at(one, 5));
        assertThat(sources.size()).isZero();
    }

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource({
        "2001:db8:0:1::1, 2001:db8:0:2::1",
        "2001:db8:0:1::1, 2001:db8:1:1::1",
        "192.0.2.1, 192.0.2.2",
        "::ffff:192.0.2.1, ::ffff:192.0.2.2", // they share their first 64 bits
        "64:ff9b::192.0.2.1, 64:ff9b::192.0.2.2",
        "::1, ::ffff:127.0.0.1",
        "64:ff9b::192.0.2.1, 64:ff9b:1::192.0.2.1",
    })
    void tellsSourcesApart(String one, String other) throws UnknownHostException {
        fill(at(one, 1));
        assertThat(sources.enter(at(other, 1))).isTrue();
        assertThat(sources.size()).isEqualTo(2);
    }

    @Test
    void takesAnAddressThatIsNoIpAddressAsItIs() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("peer", 1);
        fill(name);
        assertThat(sources.enter(InetSocketAddress.createUnresolved("peer", 2))).isTrue();
    }

    private void fill(InetSocketAddress from) {
        assertThat(sources.enter(from)).isTrue();
        assertThat(sources.enter(from)).isTrue();
        assertThat(sources.enter(from)).isFalse();
    }

    /** The address as a transport may give it: an IPv4 address that is mapped stays an IPv6 one, as some sockets say it. */
    private static InetSocketAddress at(String text, int port) throws UnknownHostException {
        String[] parts = text.split("%");
        InetAddress parsed;
        if (parts[0].startsWith("::ffff:")) {
            byte[] mapped = new byte[16];
            mapped[10] = mapped[11] = (byte) 0xFF;
            System.arraycopy(InetAddress.getByName(parts[0]).getAddress(), 0, mapped, 12, 4);
            parsed = Inet6Address.getByAddress(null, mapped, 1);
        } else {
            parsed = InetAddress.getByName(parts[0]);
        }
        if (parts.length > 1) {
            parsed = Inet6Address.getByAddress(null, parsed.getAddress(), Integer.parseInt(parts[1]));
        }
        return new InetSocketAddress(parsed, port);
    }
}
