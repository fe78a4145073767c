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
                "127.0.0.1:7400 | it must be scheme://host:port",
                "tcp://127.0.0.1 | the port is missing",
                "tcp://127.0.0.1: | port is '', must be 0..65535",
                "tcp://127.0.0.1:65536 | port is '65536', must be 0..65535",
                "tcp://127.0.0.1:-1 | port is '-1', must be 0..65535",
                "tcp://127.0.0.1:+1 | port is '+1', must be 0..65535",
                "tcp://h:1/path | port is '1/path', must be 0..65535",
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
                "tcp://a b:1 | host has U+0020 at position 2",
                "tcp://user@h:1 | host has '@' at position 5",
                "tcp://h:1# | peer id has 0 characters, must have 43",
                "memory:// | host is empty",
                "memory://a:1 | which is no IPv6 address",
            })
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> PeerAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address '" + text + "': ")
                .hasMessageContaining(why);
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
