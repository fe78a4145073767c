package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpOptionsTest {

    private static final TcpOptions DEFAULTS = TcpOptions.defaults();
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    static Stream<Arguments> numbers() {
        String left = "0, which leaves it to the system, or 4096 to 1073741824";
        return Stream.of(
                number(
                        "receiveBufferBytes",
                        new int[] {0, 4_096, 1 << 30},
                        new int[] {-1, 1, 4_095, (1 << 30) + 1},
                        left,
                        DEFAULTS::withReceiveBufferBytes,
                        TcpOptions::receiveBufferBytes),
                number(
                        "sendBufferBytes",
                        new int[] {0, 4_096, 1 << 30},
                        new int[] {-1, 1, 4_095, (1 << 30) + 1},
                        left,
                        DEFAULTS::withSendBufferBytes,
                        TcpOptions::sendBufferBytes),
                number(
                        "backlog",
                        new int[] {4_096, 1, 65_535},
                        new int[] {0, 65_536},
                        "1 to 65535",
                        DEFAULTS::withBacklog,
                        TcpOptions::backlog));
    }

    private static Arguments number(
            String name,
            int[] legal,
            int[] wrong,
            String range,
            IntFunction<TcpOptions> with,
            ToIntFunction<TcpOptions> get) {
        return Arguments.of(name, legal, wrong, range, with, get);
    }

    /** The first of those that are legal is the default. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("numbers")
    void eachNumberHasARangeAndADefault(
            String name,
            int[] legal,
            int[] wrong,
            String range,
            IntFunction<TcpOptions> with,
            ToIntFunction<TcpOptions> get) {
        assertThat(get.applyAsInt(DEFAULTS)).isEqualTo(legal[0]);
        assertThat(with.apply(legal[0])).isEqualTo(DEFAULTS);
        for (int value : legal) {
            assertThat(get.applyAsInt(with.apply(value))).isEqualTo(value);
        }
        for (int value : wrong) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> with.apply(value))
                    .withMessage(name + " is " + value + "; legal: " + range);
        }
    }

    @Test
    void whatIsWrittenGoesAtOnceUnlessItIsSaidOtherwise() {
        assertThat(DEFAULTS.noDelay()).isTrue();
        assertThat(DEFAULTS.withNoDelay(false).noDelay()).isFalse();
        assertThat(DEFAULTS.withNoDelay(false).withNoDelay(true)).isEqualTo(DEFAULTS);
    }

    @Test
    void theSystemAsksSilentPeersOnlyWhereItIsSaid() {
        TcpKeepAlive timings = new TcpKeepAlive(MINUTE, SECOND, 3);

        assertThat(DEFAULTS.keepAlive()).isNull();
        assertThat(DEFAULTS.withKeepAlive(timings).keepAlive()).isEqualTo(timings);
        assertThat(DEFAULTS.withKeepAlive(timings).withoutKeepAlive()).isEqualTo(DEFAULTS);
    }

    @Test
    void eachOptionLeavesTheOthers() {
        TcpOptions all = DEFAULTS.withReceiveBufferBytes(65_536)
                .withSendBufferBytes(131_072)
                .withNoDelay(false)
                .withBacklog(7)
                .withKeepAlive(new TcpKeepAlive(MINUTE, SECOND, 3));

        assertThat(all).isEqualTo(new TcpOptions(65_536, 131_072, false, 7, new TcpKeepAlive(MINUTE, SECOND, 3)));
        assertThat(all.withoutKeepAlive()).isEqualTo(new TcpOptions(65_536, 131_072, false, 7, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.999999999S", "PT32767.000000001S", "PT-1S"})
    void timingsHaveARange(Duration wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TcpKeepAlive(wrong, SECOND, 1))
                .withMessage("idle is " + wrong + "; legal: PT1S to PT9H6M7S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TcpKeepAlive(SECOND, wrong, 1))
                .withMessage("interval is " + wrong + "; legal: PT1S to PT9H6M7S");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128})
    void probesHaveARange(int wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TcpKeepAlive(SECOND, SECOND, wrong))
                .withMessage("probes is " + wrong + "; legal: 1 to 127");
    }
}
