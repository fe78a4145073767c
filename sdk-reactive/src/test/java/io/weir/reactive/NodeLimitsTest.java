package io.weir.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class NodeLimitsTest {
    private static final NodeLimits DEFAULTS = NodeLimits.defaults();
    private static final long MIB = 1024 * 1024;

    @Test
    void hasThePublishedDefaults() {
        long node = Math.max(2 * MIB, Runtime.getRuntime().maxMemory() / 8);

        assertThat(DEFAULTS)
                .hasToString("NodeLimits[maxSessions=10000, maxSessionsPerAddress=256, maxHandshakes=1024,"
                        + " handshakeTimeout=PT10S, connectTimeout=PT10S, silenceLimit=PT15S, drainTimeout=PT10S,"
                        + " openTimeout=PT30S,"
                        + " maxStreams=256, maxOpenedStreams=4096, maxPayloadBytes=16777216, initialWindowBytes=65536,"
                        + " sessionBudgetBytes="
                        + Math.min(16 * MIB, node) + ", nodeBudgetBytes=" + node
                        + ", sessionSendBudgetBytes=" + Math.min(16 * MIB, node) + ", nodeSendBudgetBytes=" + node
                        + ", maxHandled=16384, maxRequestsOutstanding=16384,"
                        + " requestWindowBytes=1048576, replyWindowBytes=1048576, requestTimeout=PT30S,"
                        + " sessionWait=PT10S, maxParallelDials=32, maxQuestionsPerSecond=10000,"
                        + " maxConnectsPerSecond=500, stallLimit=PT30S, idleTimeout=PT0S]");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("counts")
    <N extends Number> void countsKeepTheirRange(
            String name,
            N least,
            N most,
            Function<NodeLimits, N> get,
            BiFunction<NodeLimits, N, NodeLimits> with,
            Function<Long, N> number) {
        NodeLimits changed = with.apply(DEFAULTS, least);

        assertThat(get.apply(changed)).isEqualTo(least);
        assertThat(get.apply(with.apply(roomy(), most))).isEqualTo(most);
        for (long beyond : new long[] {least.longValue() - 1, most.longValue() + 1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> with.apply(roomy(), number.apply(beyond)))
                    .withMessage("%s is %s; legal: %s to %s", name, beyond, least, most);
        }
        assertThat(with.apply(changed, get.apply(DEFAULTS)))
                .as("nothing else has changed")
                .isEqualTo(DEFAULTS);
    }

    /** Budgets that no window can exceed. */
    private static NodeLimits roomy() {
        return DEFAULTS.withNodeBudgetBytes(1L << 50).withSessionBudgetBytes(1L << 40);
    }

    static Stream<Arguments> counts() {
        return Stream.of(
                number("maxSessions", 1, 1_000_000, NodeLimits::maxSessions, NodeLimits::withMaxSessions),
                number(
                        "maxSessionsPerAddress",
                        1,
                        1_000_000,
                        NodeLimits::maxSessionsPerAddress,
                        NodeLimits::withMaxSessionsPerAddress),
                number("maxHandshakes", 1, 1_000_000, NodeLimits::maxHandshakes, NodeLimits::withMaxHandshakes),
                number("maxStreams", 1, 1_000_000, NodeLimits::maxStreams, NodeLimits::withMaxStreams),
                number(
                        "maxOpenedStreams",
                        1,
                        1_000_000,
                        NodeLimits::maxOpenedStreams,
                        NodeLimits::withMaxOpenedStreams),
                number("maxHandled", 1, 1_000_000, NodeLimits::maxHandled, NodeLimits::withMaxHandled),
                number("maxParallelDials", 1, 10_000, NodeLimits::maxParallelDials, NodeLimits::withMaxParallelDials),
                number(
                        "maxQuestionsPerSecond",
                        10,
                        100_000_000,
                        NodeLimits::maxQuestionsPerSecond,
                        NodeLimits::withMaxQuestionsPerSecond),
                number(
                        "maxConnectsPerSecond",
                        1,
                        1_000_000,
                        NodeLimits::maxConnectsPerSecond,
                        NodeLimits::withMaxConnectsPerSecond),
                number(
                        "maxRequestsOutstanding",
                        1,
                        65_535,
                        NodeLimits::maxRequestsOutstanding,
                        NodeLimits::withMaxRequestsOutstanding),
                bytes("maxPayloadBytes", 1, 1L << 30, NodeLimits::maxPayloadBytes, NodeLimits::withMaxPayloadBytes),
                bytes(
                        "initialWindowBytes",
                        1_024,
                        16 * MIB,
                        NodeLimits::initialWindowBytes,
                        NodeLimits::withInitialWindowBytes),
                bytes(
                        "requestWindowBytes",
                        65_536,
                        16 * MIB,
                        NodeLimits::requestWindowBytes,
                        NodeLimits::withRequestWindowBytes),
                bytes(
                        "replyWindowBytes",
                        65_536,
                        16 * MIB,
                        NodeLimits::replyWindowBytes,
                        NodeLimits::withReplyWindowBytes));
    }

    private static Arguments number(
            String name,
            int least,
            int most,
            Function<NodeLimits, Integer> get,
            BiFunction<NodeLimits, Integer, NodeLimits> with) {
        return Arguments.of(name, least, most, get, with, (Function<Long, Integer>) Long::intValue);
    }

    private static Arguments bytes(
            String name,
            long least,
            long most,
            Function<NodeLimits, Long> get,
            BiFunction<NodeLimits, Long, NodeLimits> with) {
        return Arguments.of(name, least, most, get, with, Function.<Long>identity());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("durations")
    void durationsKeepTheirRange(
            String name,
            Duration least,
            Function<NodeLimits, Duration> get,
            BiFunction<NodeLimits, Duration, NodeLimits> with) {
        NodeLimits changed = with.apply(DEFAULTS, least);

        assertThat(get.apply(changed)).isEqualTo(least);
        assertThat(get.apply(with.apply(DEFAULTS, Duration.ofHours(1)))).hasHours(1);
        for (Duration beyond : new Duration[] {
            least.minusNanos(1), Duration.ofHours(1).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> with.apply(DEFAULTS, beyond))
                    .withMessage("%s is %s; legal: %s to PT1H", name, beyond, least);
        }
        assertThat(with.apply(changed, get.apply(DEFAULTS)))
                .as("nothing else has changed")
                .isEqualTo(DEFAULTS)
                .hasSameHashCodeAs(DEFAULTS);
    }

    static Stream<Arguments> durations() {
        Duration milli = Duration.ofMillis(1);
        return Stream.of(
                duration("handshakeTimeout", milli, NodeLimits::handshakeTimeout, NodeLimits::withHandshakeTimeout),
                duration("connectTimeout", milli, NodeLimits::connectTimeout, NodeLimits::withConnectTimeout),
                duration("silenceLimit", Duration.ofMillis(30), NodeLimits::silenceLimit, NodeLimits::withSilenceLimit),
                duration("drainTimeout", milli, NodeLimits::drainTimeout, NodeLimits::withDrainTimeout),
                duration("openTimeout", milli, NodeLimits::openTimeout, NodeLimits::withOpenTimeout),
                duration("requestTimeout", milli, NodeLimits::requestTimeout, NodeLimits::withRequestTimeout),
                duration("stallLimit", Duration.ofMillis(30), NodeLimits::stallLimit, NodeLimits::withStallLimit),
                duration("idleTimeout", Duration.ZERO, NodeLimits::idleTimeout, NodeLimits::withIdleTimeout),
                duration("sessionWait", Duration.ZERO, NodeLimits::sessionWait, NodeLimits::withSessionWait));
    }

    private static Arguments duration(
            String name,
            Duration least,
            Function<NodeLimits, Duration> get,
            BiFunction<NodeLimits, Duration, NodeLimits> with) {
        return Arguments.of(name, least, get, with);
    }

    @Test
    void sendBudgetsHoldWhatLiesWithinThem() {
        NodeLimits limits = DEFAULTS.withNodeSendBudgetBytes(16 * MIB + 1).withSessionSendBudgetBytes(65_536);

        assertThat(limits.sessionSendBudgetBytes()).isEqualTo(65_536);
        assertThat(limits.nodeSendBudgetBytes()).isEqualTo(16 * MIB + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withSessionSendBudgetBytes(65_535))
                .withMessage("sessionSendBudgetBytes is 65535; legal: 65536 to 1099511627776");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withNodeSendBudgetBytes(65_535))
                .withMessage("nodeSendBudgetBytes is 65535; legal: 65536 to 1125899906842624");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withSessionSendBudgetBytes(16 * MIB + 2))
                .withMessage("nodeSendBudgetBytes is 16777217; legal: 16777218 to 1125899906842624");
    }

    @Test
    void budgetsHoldWhatLiesWithinThem() {
        NodeLimits limits = DEFAULTS.withNodeBudgetBytes(16 * MIB + 1).withSessionBudgetBytes(1 * MIB);

        assertThat(limits.sessionBudgetBytes()).isEqualTo(1 * MIB);
        assertThat(limits.nodeBudgetBytes()).isEqualTo(16 * MIB + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withInitialWindowBytes(1 * MIB + 1))
                .withMessage("sessionBudgetBytes is 1048576; legal: 1048577 to 1099511627776");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withSessionBudgetBytes(16 * MIB + 2))
                .withMessage("nodeBudgetBytes is 16777217; legal: 16777218 to 1125899906842624");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withNodeBudgetBytes((1L << 50) + 1))
                .withMessage("nodeBudgetBytes is 1125899906842625; legal: 1048576 to 1125899906842624");
    }
}
