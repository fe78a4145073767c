package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.identity.PeerId;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {
    /** Public key of the first Ed25519 vector of RFC 8032. */
    private static final PeerId PEER =
            PeerId.of(HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://127.0.0.1:7400",
                "tcp://[::]:7400",
                "udp://[2001:db8::1]:0",
                "quic://example.org:65535",
                "tcp://[fe80::1%eth0]:1",
                "tcp://[::ffff:192.0.2.1]:80",
                "tcp://[1:2:3:4:5:6:7:8]:80",
                "memory://alice",
                "x+y.z-1://host_name:5"
            })
    void readsWhatItWrites(String text) {
        PeerAddress address = PeerAddress.parse(text);

        assertThat(address).hasToString(text);
        assertThat(address.expected()).isNull();
        assertThat(PeerAddress.parse(text + "#" + PEER))
                .isEqualTo(address.expecting(PEER))
                .hasToString(text + "#" + PEER);
    }

    @Test
    void keepsBracketsOutOfTheHost() {
        assertThat(PeerAddress.parse("tcp://[::1]:7400")).isEqualTo(PeerAddress.tcp("::1", 7400));
    }

    @Test
    void copiesWithAnotherPortKeepTheRest() {
        PeerAddress address = PeerAddress.tcp("::", 0).expecting(PEER);

        assertThat(address.withPort(7400)).isEqualTo(new PeerAddress("tcp", "::", 7400, PEER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:7400 | the scheme is missing: it must be scheme://host:port",
                "tcp:127.0.0.1:7400 | the scheme is missing: it must be scheme://host:port",
                "'' | the scheme is missing: it must be scheme://host:port",
                "tcp://127.0.0.1 | the port is missing",
                "tcp://127.0.0.1: | port is '', must be 0..65535",
                "tcp://127.0.0.1:65536 | port is '65536', must be 0..65535",
                "tcp://127.0.0.1:-1 | port is '-1', must be 0..65535",
                "tcp://127.0.0.1:+1 | port is '+1', must be 0..65535",
                "tcp://h:0x10 | port is '0x10', must be 0..65535",
                "tcp://h:000001 | port is '000001', must be 0..65535",
                "tcp://h:1/path | '/path' is too much: an address has no path and no query",
                "tcp://h:1/ | '/' is too much: an address has no path and no query",
                "tcp://h:1?q=1#x | '?q=1' is too much: an address has no path and no query",
                "tcp:///h:1 | '/h:1' is too much: an address has no path and no query",
                "tcp://:7400 | host is empty",
                "tcp://::1:7400 | must stand in brackets",
                "tcp://[::1:7400 | never closed",
                "tcp://[::1] | after ']' a port must follow",
                "tcp://[host]:1 | must hold an IPv6 address",
                "tcp://[::1::2]:1 | which is no IPv6 address",
                "tcp://[12345::]:1 | which is no IPv6 address",
                "tcp://[1:2:3:4:5:6:7]:1 | which is no IPv6 address",
                "tcp://[1:2:3:4::5:6:7:8]:1 | which is no IPv6 address",
                "tcp://[::1.2.3.256]:1 | which is no IPv6 address",
                "tcp://[::1%]:1 | which is no IPv6 address",
                "TCP://h:1 | scheme is 'TCP', must be lower case",
                "://h:1 | scheme is '', must be lower case",
                "t cp://h:1 | scheme is 't cp', must be lower case",
                "1tcp://h:1 | scheme is '1tcp', must be lower case",
                "tcp:// | the port is missing",
                "tcp://a b:1 | there is a space (U+0020) after the scheme at position 2",
                "tcp:// h:1 | there is a space (U+0020) after the scheme at position 1",
                "'tcp://h:1 ' | there is a space (U+0020) after the scheme at position 4",
                "tcp://user@h:1 | there is a '@' after the scheme; an address has no user",
                "tcp://user:word@h:1 | there is a '@' after the scheme; an address has no user",
                "tcp://a,b:1 | host has ',' at position 2",
                "tcp://a%20b:1 | host has '%' at position 2",
                "tcp://.a:1 | has an empty part between dots",
                "tcp://a..b:1 | has an empty part between dots",
                "tcp://1.2.3:1 | host is '1.2.3', which is no IPv4 address: it must be four numbers 0..255",
                "tcp://1.2.3.256:1 | which is no IPv4 address",
                "tcp://1.2.3.4.5:1 | which is no IPv4 address",
                "tcp://1.2.3.04:1 | which is no IPv4 address",
                "tcp://1.2.3.4.:1 | which is no IPv4 address",
                "tcp://2130706433:1 | which is no IPv4 address",
                "tcp://[fe80::1%]:1 | which is no IPv6 address",
                "tcp://[fe80::1%eth0%1]:1 | which is no IPv6 address",
                "tcp://[fe80::1%25eth 0]:1 | there is a space (U+0020)",
                "tcp://[::1]7400 | after ']' a port must follow",
                "tcp://[]:1 | brackets hold '', must hold an IPv6 address",
                "tcp://[::1]:x | port is 'x', must be 0..65535",
                "tcp://h:1# | after '#' peer id has 0 characters, must have 43",
                "tcp://h:1#abc | after '#' peer id has 3 characters, must have 43",
                "memory:// | host is empty",
                "memory://a:1 | host has ':' at position 2",
                "memory://a/b | host has '/' at position 2",
            })
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> PeerAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address '" + text + "': ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://127.0.0.1:1, true",
        "tcp://[::1]:1, true",
        "udp://[fe80::1%eth0]:1, true",
        "tcp://localhost:1, false",
        "tcp://4.example:1, false",
        "tcp://example.org.:1, false",
        "memory://7, false",
        "memory://1.2.3, false"
    })
    void tellsNamesFromLiterals(String text, boolean literal) {
        assertThat(PeerAddress.parse(text).isLiteral()).isEqualTo(literal);
    }

    @Test
    void refusesPortsOutOfRangeAndPortsOfMemoryNames() {
        assertThatThrownBy(() -> PeerAddress.tcp("h", 65_536)).hasMessage("port is 65536, must be 0..65535");
        assertThatThrownBy(() -> PeerAddress.tcp("h", -1)).hasMessage("port is -1, must be 0..65535");
        assertThatThrownBy(() -> PeerAddress.memory("m").withPort(1)).hasMessageContaining("a memory address has none");
    }

    @Test
    void quotesNoMoreThanALine() {
        String text = "x".repeat(10_000);

        assertThatThrownBy(() -> PeerAddress.parse(text)).message().hasSizeLessThan(250);
    }
}
