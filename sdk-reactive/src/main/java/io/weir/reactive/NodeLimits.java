package io.weir.reactive;

import java.time.Duration;

/**
 * The limits and times of a node: all finite, each enforced with a typed refusal.
 *
 * @param maxSessions live sessions; further inbound ones are refused with TOO_MANY_SESSIONS. 1 to 1,000,000
 * @param maxHandshakes inbound handshakes in progress; further connections are closed at once. 1 to 1,000,000
 * @param handshakeTimeout from connection to the peer's HELLO, admission included. 1 ms to 1 h
 * @param connectTimeout for resolving and connecting a link. 1 ms to 1 h
 * @param silenceLimit a session whose peer says nothing for so long is lost; told to the peer, which beats at a third of
 *     it. 30 ms to 1 h
 * @param drainTimeout how long a DRAIN_THEN_CLOSE waits for the peer to consume. 1 ms to 1 h
 * @param maxStreams streams that a peer may have open in one session. 1 to 1,000,000
 * @param maxPayloadBytes the largest element accepted. 1 to 1 GiB; the peer is told the smaller of this and half the
 *     node's budget
 * @param initialWindowBytes the window each stream starts with. 1,024 to 16 MiB
 * @param sessionBudgetBytes bound on the sum of all windows of one session; one large payload may come on top. At least
 *     the initial window
 * @param nodeBudgetBytes bound on everything that all sessions' peers may make this node hold. At least the session's
 */
public record NodeLimits(
        int maxSessions,
        int maxHandshakes,
        Duration handshakeTimeout,
        Duration connectTimeout,
        Duration silenceLimit,
        Duration drainTimeout,
        int maxStreams,
        long maxPayloadBytes,
        long initialWindowBytes,
        long sessionBudgetBytes,
        long nodeBudgetBytes) {

    private static final long MIB = 1024 * 1024;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    public NodeLimits {
        between("maxSessions", maxSessions, 1, 1_000_000);
        between("maxHandshakes", maxHandshakes, 1, 1_000_000);
        between("handshakeTimeout", handshakeTimeout, SHORTEST);
        between("connectTimeout", connectTimeout, SHORTEST);
        between("silenceLimit", silenceLimit, Duration.ofMillis(30));
        between("drainTimeout", drainTimeout, SHORTEST);
        between("maxStreams", maxStreams, 1, 1_000_000);
        between("maxPayloadBytes", maxPayloadBytes, 1, 1024 * MIB);
        between("initialWindowBytes", initialWindowBytes, 1_024, 16 * MIB);
        between("sessionBudgetBytes", sessionBudgetBytes, initialWindowBytes, 1L << 40);
        between("nodeBudgetBytes", nodeBudgetBytes, sessionBudgetBytes, 1L << 50);
    }

    /**
     * 10,000 sessions, 1,024 handshakes of 5 s, 10 s to connect, 15 s of silence, 10 s to drain, 256 streams, 16 MiB
     * payloads, windows from 64 KiB, 16 MiB for a session (less where the heap is under 128 MiB), an eighth of the heap
     * for the node.
     */
    public static NodeLimits defaults() {
        long node = Math.max(2 * MIB, Runtime.getRuntime().maxMemory() / 8);
        return new NodeLimits(
                10_000,
                1_024,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                256,
                16 * MIB,
                65_536,
                Math.min(16 * MIB, node),
                node);
    }

    public NodeLimits withMaxSessions(int value) {
        return new NodeLimits(
                value,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withMaxHandshakes(int value) {
        return new NodeLimits(
                maxSessions,
                value,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withHandshakeTimeout(Duration value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                value,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withConnectTimeout(Duration value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                value,
                silenceLimit,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withSilenceLimit(Duration value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                value,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withDrainTimeout(Duration value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                value,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withMaxStreams(int value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                value,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withMaxPayloadBytes(long value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                maxStreams,
                value,
                initialWindowBytes,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withInitialWindowBytes(long value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                value,
                sessionBudgetBytes,
                nodeBudgetBytes);
    }

    public NodeLimits withSessionBudgetBytes(long value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                value,
                nodeBudgetBytes);
    }

    public NodeLimits withNodeBudgetBytes(long value) {
        return new NodeLimits(
                maxSessions,
                maxHandshakes,
                handshakeTimeout,
                connectTimeout,
                silenceLimit,
                drainTimeout,
                maxStreams,
                maxPayloadBytes,
                initialWindowBytes,
                sessionBudgetBytes,
                value);
    }

    private static void between(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + " is " + value + "; legal: " + least + " to " + most);
        }
    }

    private static void between(String field, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(field + " is " + value + "; legal: " + least + " to " + LONGEST);
        }
    }
}
