package io.weir.core.peer;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Legal;
import io.weir.core.error.Origin;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a peer is kept connected: how long to wait before each attempt, when to give up, which failures end it at once, and
 * who dials. Immutable; each {@code withX} gives a copy with one thing changed, or throws {@link IllegalArgumentException}
 * that names the field, the value and what is legal.
 *
 * @param backoff the delays between attempts
 * @param stableAfter a session that lived so long is a success: the failures before it are forgotten when it is lost, and
 *     the delays begin anew. A shorter one counts with them, so that a peer which accepts and closes at once is not dialled
 *     more and more often. 100 ms to 24 h
 * @param maxAttempts so many failures in a row, and it is given up; 0, the default, is never. 0 to 1,000,000
 * @param maxElapsed at the first failure that comes so long after the first one of its row it is given up; zero, the
 *     default, is never. Zero to 365 days
 * @param awaitInbound how long the peer is awaited where it is the one to dial, before this node dials all the same, if it
 *     knows where. Zero to 24 h
 * @param initiator who dials
 * @param preference which of several transports is dialled first
 * @param retryable what is decided otherwise than by {@link #outlook}'s own rule
 */
public record ConnectionPolicy(
        Backoff backoff,
        Duration stableAfter,
        int maxAttempts,
        Duration maxElapsed,
        Duration awaitInbound,
        PreferredInitiator initiator,
        TransportPreference preference,
        Map<ErrorCode, Boolean> retryable) {

    /** What follows from the failure of a connection. */
    public enum Outlook {
        /** It is tried again, later with each failure. */
        RETRY,
        /** It is tried again as seldom as the policy allows: only somebody's doing can mend it. */
        RETRY_RARELY,
        /** It is not tried again. */
        FINAL
    }

    private static final int MOST_ATTEMPTS = 1_000_000;
    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration YEAR = Duration.ofDays(365);

    public ConnectionPolicy {
        Objects.requireNonNull(backoff, "backoff");
        Legal.range("stableAfter", stableAfter, Duration.ofMillis(100), DAY);
        Legal.range("maxAttempts", maxAttempts, 0, MOST_ATTEMPTS);
        Legal.range("maxElapsed", maxElapsed, Duration.ZERO, YEAR);
        Legal.range("awaitInbound", awaitInbound, Duration.ZERO, DAY);
        Objects.requireNonNull(initiator, "initiator");
        Objects.requireNonNull(preference, "preference");
        retryable = Map.copyOf(retryable);
    }

    /**
     * 0.5 s, doubled up to 30 s, full jitter; a minute is stable; never given up but for what is final (not admitted by who
     * has proved to be the peer, this node itself); the peer is awaited for 10 s where it dialled.
     */
    public static ConnectionPolicy defaults() {
        return new ConnectionPolicy(
                Backoff.defaults(),
                Duration.ofMinutes(1),
                0,
                Duration.ZERO,
                Duration.ofSeconds(10),
                PreferredInitiator.EITHER,
                TransportPreference.NONE,
                Map.of());
    }

    /** {@link Backoff#initial()}: 10 ms to 1 h, and no longer than the longest delay. */
    public ConnectionPolicy withInitialDelay(Duration value) {
        return withBackoff(new Backoff(value, backoff.factor(), backoff.cap()));
    }

    /** {@link Backoff#factor()}: 1 to 16. */
    public ConnectionPolicy withFactor(double value) {
        return withBackoff(new Backoff(backoff.initial(), value, backoff.cap()));
    }

    /** {@link Backoff#cap()}: from the first delay to 24 h. */
    public ConnectionPolicy withLongestDelay(Duration value) {
        return withBackoff(new Backoff(backoff.initial(), backoff.factor(), value));
    }

    public ConnectionPolicy withBackoff(Backoff value) {
        return new ConnectionPolicy(
                value, stableAfter, maxAttempts, maxElapsed, awaitInbound, initiator, preference, retryable);
    }

    public ConnectionPolicy withStableAfter(Duration value) {
        return new ConnectionPolicy(
                backoff, value, maxAttempts, maxElapsed, awaitInbound, initiator, preference, retryable);
    }

    public ConnectionPolicy withMaxAttempts(int value) {
        return new ConnectionPolicy(
                backoff, stableAfter, value, maxElapsed, awaitInbound, initiator, preference, retryable);
    }

    public ConnectionPolicy withMaxElapsed(Duration value) {
        return new ConnectionPolicy(
                backoff, stableAfter, maxAttempts, value, awaitInbound, initiator, preference, retryable);
    }

    public ConnectionPolicy withAwaitInbound(Duration value) {
        return new ConnectionPolicy(
                backoff, stableAfter, maxAttempts, maxElapsed, value, initiator, preference, retryable);
    }

    public ConnectionPolicy withInitiator(PreferredInitiator value) {
        return new ConnectionPolicy(
                backoff, stableAfter, maxAttempts, maxElapsed, awaitInbound, value, preference, retryable);
    }

    /**
     * Prefers transports, the first most; where an address has failed, others come first for {@link TransportPreference#fallbackFor}.
     *
     * @param schemes {@link PeerAddress#QUIC} and the like, each once; none, and nothing is preferred
     */
    public ConnectionPolicy withTransports(String... schemes) {
        return withPreference(new TransportPreference(List.of(schemes), preference.fallbackFor()));
    }

    /** {@link TransportPreference#fallbackFor}: zero to 24 h, 5 min by default. */
    public ConnectionPolicy withFallbackFor(Duration value) {
        return withPreference(new TransportPreference(preference.schemes(), value));
    }

    public ConnectionPolicy withPreference(TransportPreference value) {
        return new ConnectionPolicy(
                backoff, stableAfter, maxAttempts, maxElapsed, awaitInbound, initiator, value, retryable);
    }

    /**
     * Decides whether failures with that code are retried, whatever {@link #outlook} says of it: true, and they are retried
     * like a connection that was refused; false, and the first one is final.
     *
     * <p>What is final by code is so whoever said it. Some codes come in the clear, from anybody who can answer in the peer's
     * place: to make VERSION_UNSUPPORTED final, or NOT_WEIR, lets him end the attempts for good with one answer.
     */
    public ConnectionPolicy withRetryable(ErrorCode code, boolean value) {
        Map<ErrorCode, Boolean> changed = new EnumMap<>(ErrorCode.class);
        changed.putAll(retryable);
        changed.put(code, value);
        return new ConnectionPolicy(
                backoff, stableAfter, maxAttempts, maxElapsed, awaitInbound, initiator, preference, changed);
    }

    /** Whether trying again after that can help, where it ended no connection but something on it: by the table of codes. */
    public boolean retries(CloseReason reason) {
        Boolean decided = retryable.get(reason.error());
        return decided != null ? decided : reason.retryable();
    }

    /**
     * What follows when a dial failed for that reason, or a session ended with it. Final is only what nobody but the peer or
     * this node can have brought about: NOT_ADMITTED from a peer that has proved who it is, SELF_CONNECT and ADDRESS_UNUSABLE
     * found here. Whatever else is not retryable may be another's doing, or be over when the peer is started again.
     */
    public Outlook outlook(CloseReason reason) {
        Boolean decided = retryable.get(reason.error());
        if (decided != null) {
            return decided ? Outlook.RETRY : Outlook.FINAL;
        }
        if (reason.retryable()) {
            return Outlook.RETRY;
        }
        Origin authority = switch (reason.error()) {
            case NOT_ADMITTED -> Origin.REMOTE;
            case SELF_CONNECT, ADDRESS_UNUSABLE -> Origin.LOCAL;
            default -> null;
        };
        return reason.origin() == authority ? Outlook.FINAL : Outlook.RETRY_RARELY;
    }
}
