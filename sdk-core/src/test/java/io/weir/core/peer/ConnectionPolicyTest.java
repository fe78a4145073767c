package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.ConnectionPolicy.Outlook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionPolicyTest {
    private static final ConnectionPolicy DEFAULTS = ConnectionPolicy.defaults();

    @Test
    void hasThePublishedDefaults() {
        assertThat(DEFAULTS)
                .isEqualTo(new ConnectionPolicy(
                        new Backoff(Duration.ofMillis(500), 2, Duration.ofSeconds(30)),
                        Duration.ofMinutes(1),
                        0,
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        PreferredInitiator.EITHER,
                        new TransportPreference(List.of(), Duration.ofMinutes(5)),
                        Map.of()));
    }

    @Test
    void eachCopyChangesOneThing() {
        ConnectionPolicy changed = DEFAULTS.withLongestDelay(Duration.ofSeconds(9))
                .withInitialDelay(Duration.ofSeconds(3))
                .withFactor(1.5)
                .withStableAfter(Duration.ofSeconds(4))
                .withMaxAttempts(5)
                .withMaxElapsed(Duration.ofSeconds(6))
                .withAwaitInbound(Duration.ofSeconds(7))
                .withInitiator(PreferredInitiator.LOWER_KEY)
                .withTransports("quic", "udp", "tcp")
                .withRetryable(ErrorCode.NOT_ADMITTED, true)
                .withRetryable(ErrorCode.SILENCE, false);

        assertThat(changed)
                .isEqualTo(new ConnectionPolicy(
                        new Backoff(Duration.ofSeconds(3), 1.5, Duration.ofSeconds(9)),
                        Duration.ofSeconds(4),
                        5,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        PreferredInitiator.LOWER_KEY,
                        new TransportPreference(List.of("quic", "udp", "tcp"), Duration.ofMinutes(5)),
                        Map.of(ErrorCode.NOT_ADMITTED, true, ErrorCode.SILENCE, false)));
        assertThat(DEFAULTS).isEqualTo(ConnectionPolicy.defaults());
    }

    static Stream<Arguments> illegal() {
        return Stream.of(
                illegal(p -> p.withInitialDelay(Duration.ZERO), "initial is PT0S; legal: PT0.01S to PT1H"),
                illegal(p -> p.withInitialDelay(Duration.ofSeconds(31)), "cap is PT30S; legal: PT31S to PT24H"),
                illegal(p -> p.withFactor(0), "factor is 0.0; legal: 1.0 to 16.0"),
                illegal(p -> p.withLongestDelay(Duration.ofMillis(1)), "cap is PT0.001S; legal: PT0.5S to PT24H"),
                illegal(
                        p -> p.withStableAfter(Duration.ofMillis(99)),
                        "stableAfter is PT0.099S; legal: PT0.1S to PT24H"),
                illegal(p -> p.withMaxAttempts(-1), "maxAttempts is -1; legal: 0 to 1000000"),
                illegal(p -> p.withMaxAttempts(1_000_001), "maxAttempts is 1000001; legal: 0 to 1000000"),
                illegal(
                        p -> p.withMaxElapsed(Duration.ofNanos(-1)),
                        "maxElapsed is PT-0.000000001S; legal: PT0S to PT8760H"),
                illegal(
                        p -> p.withTransports("tcp", "udp", "tcp"),
                        "schemes are [tcp, udp, tcp], must be each there once"),
                illegal(
                        p -> p.withTransports("TCP"),
                        "scheme is 'TCP', must be lower case letters, for example tcp, udp, quic or memory"),
                illegal(p -> p.withFallbackFor(Duration.ofDays(2)), "fallbackFor is PT48H; legal: PT0S to PT24H"),
                illegal(p -> p.withAwaitInbound(Duration.ofDays(2)), "awaitInbound is PT48H; legal: PT0S to PT24H"));
    }

    private static Arguments illegal(Function<ConnectionPolicy, ConnectionPolicy> change, String message) {
        return Arguments.of(change, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("illegal")
    void figuresOutOfRangeAreRefused(Function<ConnectionPolicy, ConnectionPolicy> change, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(DEFAULTS))
                .withMessage(message);
    }

    @ParameterizedTest
    @EnumSource
    void retriesWhatTheTableOfCodesSays(ErrorCode code) {
        assertThat(DEFAULTS.retries(CloseReason.local(code))).isEqualTo(code.retryable());
        assertThat(DEFAULTS.retries(CloseReason.remote(code))).isEqualTo(code.retryable());
    }

    /** Final is what only the peer, proven, or only this node can say; what else is not retryable may change. */
    @ParameterizedTest
    @EnumSource
    void isFinalOnlyByTheWordOfWhoKnows(ErrorCode code) {
        Outlook may = code.retryable() ? Outlook.RETRY : Outlook.RETRY_RARELY;
        boolean peerKnows = code == ErrorCode.NOT_ADMITTED;
        boolean thisNodeKnows = code == ErrorCode.SELF_CONNECT || code == ErrorCode.ADDRESS_UNUSABLE;

        assertThat(DEFAULTS.outlook(CloseReason.remote(code))).isEqualTo(peerKnows ? Outlook.FINAL : may);
        assertThat(DEFAULTS.outlook(CloseReason.local(code))).isEqualTo(thisNodeKnows ? Outlook.FINAL : may);
        assertThat(DEFAULTS.outlook(CloseReason.unproven(code.number()))).isEqualTo(may);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSaidOfACodeGoesBeforeThatWhoeverSaysIt(ErrorCode code) {
        for (CloseReason reason : new CloseReason[] {
            CloseReason.local(code), CloseReason.remote(code), CloseReason.unproven(code.number())
        }) {
            assertThat(DEFAULTS.withRetryable(code, true).outlook(reason)).isEqualTo(Outlook.RETRY);
            assertThat(DEFAULTS.withRetryable(code, false).outlook(reason)).isEqualTo(Outlook.FINAL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSaidOfACodeGoesBeforeTheTable(ErrorCode code) {
        ConnectionPolicy policy = DEFAULTS.withRetryable(code, !code.retryable());

        assertThat(policy.retries(CloseReason.remote(code))).isEqualTo(!code.retryable());
        assertThat(policy.retryable()).hasSize(1);
    }
}
