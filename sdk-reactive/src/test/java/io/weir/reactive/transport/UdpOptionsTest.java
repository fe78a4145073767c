package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UdpOptionsTest {

    private static final UdpOptions DEFAULTS = UdpOptions.defaults();

    static Stream<Arguments> options() {
        return Stream.of(
                option(
                        "receiveBufferBytes",
                        65_536,
                        1 << 30,
                        4 << 20,
                        DEFAULTS::withReceiveBufferBytes,
                        UdpOptions::receiveBufferBytes),
                option(
                        "sendBufferBytes",
                        65_536,
                        1 << 30,
                        4 << 20,
                        DEFAULTS::withSendBufferBytes,
                        UdpOptions::sendBufferBytes),
                option(
                        "maxDatagramBytes",
                        1_200,
                        65_507,
                        1_472,
                        DEFAULTS::withMaxDatagramBytes,
                        UdpOptions::maxDatagramBytes),
                option("datagramsPerSend", 1, 64, 64, DEFAULTS::withDatagramsPerSend, UdpOptions::datagramsPerSend),
                option("datagramsPerTurn", 1, 4_096, 256, DEFAULTS::withDatagramsPerTurn, UdpOptions::datagramsPerTurn),
                option("sockets", 1, 64, 1, DEFAULTS::withSockets, UdpOptions::sockets));
    }

    private static Arguments option(
            String name, int least, int most, int usual, IntFunction<UdpOptions> with, ToIntFunction<UdpOptions> get) {
        return Arguments.of(name, least, most, usual, with, get);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void eachHasARangeAndADefault(
            String name, int least, int most, int usual, IntFunction<UdpOptions> with, ToIntFunction<UdpOptions> get) {
        assertThat(get.applyAsInt(DEFAULTS)).isEqualTo(usual);
        for (int value : new int[] {least, most}) {
            assertThat(get.applyAsInt(with.apply(value))).isEqualTo(value);
        }
        assertThat(with.apply(usual)).isEqualTo(DEFAULTS);
        for (int value : new int[] {least - 1, most + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> with.apply(value))
                    .withMessage(name + " is " + value + "; legal: " + least + " to " + most);
        }
    }
}
