package io.weir.reactive;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The limits and times of a node: all finite, each enforced with a typed refusal. Immutable; each {@code withX} gives a
 * copy with one limit changed, or throws {@link IllegalArgumentException} that names the limit, the value and what is
 * legal.
 */
public final class NodeLimits {

    /** Handlers that a session may run beside those of {@link #maxHandled}, of which one-way messages leave four to requests and streams. */
    public static final int HANDLED_OF_ITS_OWN = 16;

    static final long MIB = 1024 * 1024;

    /** In the order of {@link NodeLimit}; durations in nanoseconds. */
    private final long[] values;

    private NodeLimits(long[] values) {
        this.values = values;
    }

    /**
     * 10,000 sessions, 256 for each address, 1,024 handshakes of 10 s, 10 s to connect, 15 s of silence, 10 s to drain, 30 s to
     * open a stream, 256 streams, 16 MiB payloads, windows from 64 KiB, 16 MiB for a session (less where the heap is under 128 MiB), an
     * eighth of the heap for the node, and as much again for what waits to be sent; 16,384 own requests at a
     * time and 1 MiB each for requests and replies, answered within 30 s; 16,384 requests, messages and streams of all peers
     * handled at a time; 10 s that calls wait for a peer's session; 32 dials at a time of the peers that are kept connected;
     * 10,000 questions a second of the fast path and 500 connections a second from each network; 30 s in which a peer may take
     * nothing of what waits for it; no limit of idle sessions.
     */
    public static NodeLimits defaults() {
        long[] values = Stream.of(NodeLimit.values())
                .mapToLong(limit -> limit.byDefault())
                .toArray();
        long node = Math.max(2 * MIB, Runtime.getRuntime().maxMemory() / 8);
        values[NodeLimit.SESSION_BUDGET.ordinal()] = Math.min(16 * MIB, node);
        values[NodeLimit.NODE_BUDGET.ordinal()] = node;
        values[NodeLimit.SESSION_SEND_BUDGET.ordinal()] = Math.min(16 * MIB, node);
        values[NodeLimit.NODE_SEND_BUDGET.ordinal()] = node;
        return new NodeLimits(values);
    }

    /** Live sessions; further inbound ones are refused with TOO_MANY_SESSIONS. 1 to 1,000,000. */
    public int maxSessions() {
        return count(NodeLimit.MAX_SESSIONS);
    }

    public NodeLimits withMaxSessions(int value) {
        return with(NodeLimit.MAX_SESSIONS, value);
    }

    /**
     * Inbound sessions and handshakes in progress from one source: an IPv4 address, or the first 64 bits of an IPv6 one,
     * since whoever has one such address has them all. Further connections from there are closed at once. 1 to 1,000,000.
     */
    public int maxSessionsPerAddress() {
        return count(NodeLimit.MAX_SESSIONS_PER_ADDRESS);
    }

    public NodeLimits withMaxSessionsPerAddress(int value) {
        return with(NodeLimit.MAX_SESSIONS_PER_ADDRESS, value);
    }

    /** Inbound handshakes in progress; further connections are closed at once. 1 to 1,000,000. */
    public int maxHandshakes() {
        return count(NodeLimit.MAX_HANDSHAKES);
    }

    public NodeLimits withMaxHandshakes(int value) {
        return with(NodeLimit.MAX_HANDSHAKES, value);
    }

    /** From connection to the peer's HELLO, admission included. 1 ms to 1 h. */
    public Duration handshakeTimeout() {
        return duration(NodeLimit.HANDSHAKE_TIMEOUT);
    }

    public NodeLimits withHandshakeTimeout(Duration value) {
        return with(NodeLimit.HANDSHAKE_TIMEOUT, value);
    }

    /** For resolving and connecting a link. 1 ms to 1 h. */
    public Duration connectTimeout() {
        return duration(NodeLimit.CONNECT_TIMEOUT);
    }

    public NodeLimits withConnectTimeout(Duration value) {
        return with(NodeLimit.CONNECT_TIMEOUT, value);
    }

    /**
     * A session whose peer says nothing for so long is lost; told to the peer, which beats at a third of it. 30 ms to 1
     * h.
     */
    public Duration silenceLimit() {
        return duration(NodeLimit.SILENCE_LIMIT);
    }

    public NodeLimits withSilenceLimit(Duration value) {
        return with(NodeLimit.SILENCE_LIMIT, value);
    }

    /** How long a DRAIN_THEN_CLOSE waits for the peer to consume. 1 ms to 1 h. */
    public Duration drainTimeout() {
        return duration(NodeLimit.DRAIN_TIMEOUT);
    }

    public NodeLimits withDrainTimeout(Duration value) {
        return with(NodeLimit.DRAIN_TIMEOUT, value);
    }

    /**
     * How long a stream may wait for its OPEN to be written, because the peer does not allow it or does not read; then its uses
     * fail with STREAM_LIMIT. A wait of a tenth of it is logged. 1 ms to 1 h.
     */
    public Duration openTimeout() {
        return duration(NodeLimit.OPEN_TIMEOUT);
    }

    public NodeLimits withOpenTimeout(Duration value) {
        return with(NodeLimit.OPEN_TIMEOUT, value);
    }

    /** Streams that a peer may have open in one session. 1 to 1,000,000. */
    public int maxStreams() {
        return count(NodeLimit.MAX_STREAMS);
    }

    public NodeLimits withMaxStreams(int value) {
        return with(NodeLimit.MAX_STREAMS, value);
    }

    /**
     * Streams that this node may have open in one session, those included that wait until the peer allows them; beyond it
     * {@code openStream} fails at its first use, with STREAM_LIMIT. 1 to 1,000,000.
     */
    public int maxOpenedStreams() {
        return count(NodeLimit.MAX_OPENED_STREAMS);
    }

    public NodeLimits withMaxOpenedStreams(int value) {
        return with(NodeLimit.MAX_OPENED_STREAMS, value);
    }

    /**
     * The largest element accepted, and the most that is reserved at once for a session's elements larger than their
     * stream's window. 1 to 1 GiB; the peer is told the smaller of this and half the node's budget.
     */
    public long maxPayloadBytes() {
        return get(NodeLimit.MAX_PAYLOAD);
    }

    public NodeLimits withMaxPayloadBytes(long value) {
        return with(NodeLimit.MAX_PAYLOAD, value);
    }

    /** The window each stream starts with. 1,024 bytes to 16 MiB. */
    public long initialWindowBytes() {
        return get(NodeLimit.INITIAL_WINDOW);
    }

    public NodeLimits withInitialWindowBytes(long value) {
        return with(NodeLimit.INITIAL_WINDOW, value);
    }

    /**
     * Bound on the sum of all windows of one session; one large payload may come on top. From the initial window to 1
     * TiB.
     */
    public long sessionBudgetBytes() {
        return get(NodeLimit.SESSION_BUDGET);
    }

    public NodeLimits withSessionBudgetBytes(long value) {
        return with(NodeLimit.SESSION_BUDGET, value);
    }

    /**
     * Bound on everything that all sessions' peers may make this node hold. From the session's budget to 1 PiB.
     */
    public long nodeBudgetBytes() {
        return get(NodeLimit.NODE_BUDGET);
    }

    public NodeLimits withNodeBudgetBytes(long value) {
        return with(NodeLimit.NODE_BUDGET, value);
    }

    /**
     * Bound on what one session has accepted and not yet written, whatever its peer grants: elements that {@code trySend}
     * took (of one stream at most a quarter of this), elements that {@code send} has encoded and that wait for credit,
     * requests, one-way messages, and replies, for which a quarter is kept. Each counts its payload and 128 bytes, a message
     * 256. Beyond it {@code trySend} says BACKPRESSURE, {@code send} stops asking, and requests and messages fail with
     * TOO_MANY_REQUESTS; where nothing is held, one is taken however large. 65,536 bytes to 1 TiB; by default 16 MiB, or an
     * eighth of the heap where that is less.
     */
    public long sessionSendBudgetBytes() {
        return get(NodeLimit.SESSION_SEND_BUDGET);
    }

    public NodeLimits withSessionSendBudgetBytes(long value) {
        return with(NodeLimit.SESSION_SEND_BUDGET, value);
    }

    /**
     * Bound on the sum of that of all sessions: {@link PeerNode#unsentBytes()}. A session that holds nothing may still take
     * one element or message, so that no peer stops what goes to another. From the session's to 1 PiB; by default an eighth
     * of the heap.
     */
    public long nodeSendBudgetBytes() {
        return get(NodeLimit.NODE_SEND_BUDGET);
    }

    public NodeLimits withNodeSendBudgetBytes(long value) {
        return with(NodeLimit.NODE_SEND_BUDGET, value);
    }

    /**
     * Handlers of what peers begin that run at once, in all sessions of the node together: of requests, one-way messages and
     * streams. A session may have a quarter of these, beside {@value #HANDLED_OF_ITS_OWN} of its own. Those of its own that
     * still run when it has ended count for the node: while they are as many as this, a session that begins has none of its own. Beyond that a
     * request is answered BUSY and a stream refused with BUSY, both retryable and unprocessed; one-way messages wait for their
     * turn, as bytes, within their session's {@link #requestWindowBytes}. A request is handled until its answer is written, a
     * one-way message or a stream until its handler's publisher has ended. 1 to 1,000,000.
     */
    public int maxHandled() {
        return count(NodeLimit.MAX_HANDLED);
    }

    public NodeLimits withMaxHandled(int value) {
        return with(NodeLimit.MAX_HANDLED, value);
    }

    /**
     * Requests of this side that wait for their answer in one session; further ones fail at once with TOO_MANY_REQUESTS. 1
     * to 65,535.
     */
    public int maxRequestsOutstanding() {
        return count(NodeLimit.MAX_REQUESTS_OUTSTANDING);
    }

    public NodeLimits withMaxRequestsOutstanding(int value) {
        return with(NodeLimit.MAX_REQUESTS_OUTSTANDING, value);
    }

    /**
     * The peer's requests and one-way messages that one session may hold, once it uses so much; also the largest one's cost.
     * 64 KiB to 16 MiB.
     */
    public long requestWindowBytes() {
        return get(NodeLimit.REQUEST_WINDOW);
    }

    public NodeLimits withRequestWindowBytes(long value) {
        return with(NodeLimit.REQUEST_WINDOW, value);
    }

    /** The peer's replies that one session may hold, once it uses so much; also the largest one's cost. 64 KiB to 16 MiB. */
    public long replyWindowBytes() {
        return get(NodeLimit.REPLY_WINDOW);
    }

    public NodeLimits withReplyWindowBytes(long value) {
        return with(NodeLimit.REPLY_WINDOW, value);
    }

    /** How long a request waits for its answer unless it says otherwise. 1 ms to 1 h. */
    public Duration requestTimeout() {
        return duration(NodeLimit.REQUEST_TIMEOUT);
    }

    public NodeLimits withRequestTimeout(Duration value) {
        return with(NodeLimit.REQUEST_TIMEOUT, value);
    }

    /** How long a call on a {@link Peer} waits for a session unless {@link Peer#within} says otherwise. 0 (fails at once) to 1 h. */
    public Duration sessionWait() {
        return duration(NodeLimit.SESSION_WAIT);
    }

    public NodeLimits withSessionWait(Duration value) {
        return with(NodeLimit.SESSION_WAIT, value);
    }

    /** Dials at once of the peers that a {@link ConnectionManager} keeps; further ones wait their turn. 1 to 10,000. */
    public int maxParallelDials() {
        return count(NodeLimit.MAX_PARALLEL_DIALS);
    }

    public NodeLimits withMaxParallelDials(int value) {
        return with(NodeLimit.MAX_PARALLEL_DIALS, value);
    }

    /**
     * Questions of the fast path each second, at each port, from one network: an IPv4 address, or the first 64 bits of an IPv6 one; a
     * tenth of it at once. Further ones are dropped and counted. 10 to 100,000,000.
     */
    public int maxQuestionsPerSecond() {
        return count(NodeLimit.MAX_QUESTIONS_PER_SECOND);
    }

    public NodeLimits withMaxQuestionsPerSecond(int value) {
        return with(NodeLimit.MAX_QUESTIONS_PER_SECOND, value);
    }

    /**
     * Inbound connections each second from one source, as {@link #maxSessionsPerAddress} has it, over one transport, whose handshake is
     * begun; as many at once. Further ones are closed with TOO_MANY_CONNECTS before any cryptography; over datagrams, where an address may be false, the
     * handshakes that are completed count, and who is above it has to show that its address is true before it is told so. 1 to
     * 1,000,000.
     */
    public int maxConnectsPerSecond() {
        return count(NodeLimit.MAX_CONNECTS_PER_SECOND);
    }

    public NodeLimits withMaxConnectsPerSecond(int value) {
        return with(NodeLimit.MAX_CONNECTS_PER_SECOND, value);
    }

    /**
     * A session whose peer takes nothing of what waits for it for so long is ended with STALLED, though it says that it lives: over links
     * of bytes, while the link is full; over datagrams, while it acknowledges nothing; over QUIC, while the connection takes nothing, and
     * where something does not come that was under way when the peer moved. Waiting for credit is not that: who
     * consumes slowly gives none. At least {@link #silenceLimit}, whatever is set, and a tenth of it more, so
     * that nobody is ended by a process that stood still. 30 ms to 1 h.
     */
    public Duration stallLimit() {
        return duration(NodeLimit.STALL_LIMIT);
    }

    public NodeLimits withStallLimit(Duration value) {
        return with(NodeLimit.STALL_LIMIT, value);
    }

    /**
     * A session that nobody uses for so long is closed with IDLE_TIMEOUT: no stream is open, nothing is asked, sent or handled, in
     * either direction. A peer that is to keep it connected dials again. 0, which is never, to 1 h.
     */
    public Duration idleTimeout() {
        return duration(NodeLimit.IDLE_TIMEOUT);
    }

    public NodeLimits withIdleTimeout(Duration value) {
        return with(NodeLimit.IDLE_TIMEOUT, value);
    }

    private long get(NodeLimit limit) {
        return values[limit.ordinal()];
    }

    private int count(NodeLimit limit) {
        return (int) get(limit);
    }

    private Duration duration(NodeLimit limit) {
        return Duration.ofNanos(get(limit));
    }

    private NodeLimits with(NodeLimit limit, Duration value) {
        limit.check(value);
        return with(limit, value.toNanos());
    }

    private NodeLimits with(NodeLimit limit, long value) {
        long[] changed = values.clone();
        changed[limit.ordinal()] = value;
        for (NodeLimit each : NodeLimit.values()) {
            each.check(changed);
        }
        return new NodeLimits(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodeLimits limits && Arrays.equals(values, limits.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Every limit by name. */
    @Override
    public String toString() {
        return Stream.of(NodeLimit.values())
                .map(limit -> limit.title() + "=" + limit.shown(get(limit)))
                .collect(Collectors.joining(", ", "NodeLimits[", "]"));
    }
}
