package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text where an address should be: one kind of exception, which says why, and text and address are inverse. */
class PeerAddressFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "tcp://127.0.0.1:7400",
                        "udp://[2001:db8::1]:7400",
                        "quic://example.org:0",
                        "memory://name",
                        "tcp://[::ffff:1.2.3.4]:1#" + "A".repeat(43),
                        "memory://name#" + "x".repeat(43),
                        "tcp://ä.example:1",
                        "tcp://[::1%eth0]:1",
                        "tcp://a:65536")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void address(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        PeerAddress address;
        try {
            address = PeerAddress.parse(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).startsWith("address '").hasSizeLessThan(1_000);
            return;
        }
        assertThat(address.port()).isBetween(0, 65_535);
        assertThat(address.host()).isNotEmpty();
        assertThat(PeerAddress.parse(address.toString())).isEqualTo(address);
        assertThat(PeerAddress.parse(address.toString())).hasToString(address.toString());
    }
}
