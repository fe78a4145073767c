package io.weir.reactive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Each of the {@link NodeLimits}: its name, default and legal range, once. Durations are in nanoseconds, as {@link #shown} shows
 * them.
 */
enum NodeLimit {
    MAX_SESSIONS("maxSessions", 10_000, 1, 1_000_000),
    MAX_SESSIONS_PER_ADDRESS("maxSessionsPerAddress", 256, 1, 1_000_000),
    MAX_HANDSHAKES("maxHandshakes", 1_024, 1, 1_000_000),
    HANDSHAKE_TIMEOUT("handshakeTimeout", Duration.ofSeconds(10), Duration.ofMillis(1)),
    CONNECT_TIMEOUT("connectTimeout", Duration.ofSeconds(10), Duration.ofMillis(1)),
    SILENCE_LIMIT("silenceLimit", Duration.ofSeconds(15), Duration.ofMillis(30)),
    DRAIN_TIMEOUT("drainTimeout", Duration.ofSeconds(10), Duration.ofMillis(1)),
    OPEN_TIMEOUT("openTimeout", Duration.ofSeconds(30), Duration.ofMillis(1)),
    MAX_STREAMS("maxStreams", 256, 1, 1_000_000),
    MAX_OPENED_STREAMS("maxOpenedStreams", 4_096, 1, 1_000_000),
    MAX_PAYLOAD("maxPayloadBytes", 16 * NodeLimits.MIB, 1, 1024 * NodeLimits.MIB),
    INITIAL_WINDOW("initialWindowBytes", 65_536, 1_024, 16 * NodeLimits.MIB),
    SESSION_BUDGET("sessionBudgetBytes", INITIAL_WINDOW, 1L << 40),
    NODE_BUDGET("nodeBudgetBytes", SESSION_BUDGET, 1L << 50),
    SESSION_SEND_BUDGET("sessionSendBudgetBytes", 16 * NodeLimits.MIB, 65_536, 1L << 40),
    NODE_SEND_BUDGET("nodeSendBudgetBytes", SESSION_SEND_BUDGET, 1L << 50),
    MAX_HANDLED("maxHandled", 16_384, 1, 1_000_000),
    MAX_REQUESTS_OUTSTANDING("maxRequestsOutstanding", 16_384, 1, 65_535),
    REQUEST_WINDOW("requestWindowBytes", NodeLimits.MIB, NodeLimits.MIB / 16, 16 * NodeLimits.MIB),
    REPLY_WINDOW("replyWindowBytes", NodeLimits.MIB, NodeLimits.MIB / 16, 16 * NodeLimits.MIB),
    REQUEST_TIMEOUT("requestTimeout", Duration.ofSeconds(30), Duration.ofMillis(1)),
    SESSION_WAIT("sessionWait", Duration.ofSeconds(10), Duration.ZERO),
    MAX_PARALLEL_DIALS("maxParallelDials", 32, 1, 10_000),
    MAX_QUESTIONS_PER_SECOND("maxQuestionsPerSecond", 10_000, 10, 100_000_000),
    MAX_CONNECTS_PER_SECOND("maxConnectsPerSecond", 500, 1, 1_000_000),
    STALL_LIMIT("stallLimit", Duration.ofSeconds(30), Duration.ofMillis(30)),
    IDLE_TIMEOUT("idleTimeout", Duration.ZERO, Duration.ZERO);

    private final String name;
    private final long value;
    private final long least;
    private final long most;
    private final boolean isDuration;
    /** What has to lie within it, if anything has: its value is the least then. */
    private final @Nullable NodeLimit within;

    NodeLimit(String name, long value, long least, long most) {
        this(name, value, least, most, false, null);
    }

    /** At least what lies within it; by default what the heap allows. */
    NodeLimit(String name, NodeLimit within, long most) {
        this(name, within.value, 0, most, false, within);
    }

    /** At most an hour. */
    NodeLimit(String name, Duration value, Duration least) {
        this(name, value.toNanos(), least.toNanos(), Duration.ofHours(1).toNanos(), true, null);
    }

    NodeLimit(String name, long value, long least, long most, boolean isDuration, @Nullable NodeLimit within) {
        this.name = name;
        this.value = value;
        this.least = least;
        this.most = most;
        this.isDuration = isDuration;
        this.within = within;
    }

    String title() {
        return name;
    }

    /** Its default; where the heap decides, {@link NodeLimits#defaults} has that. */
    long byDefault() {
        return value;
    }

    /** Before its nanoseconds are taken, which may be too many for a long. */
    void check(Duration asked) {
        if (asked.compareTo(Duration.ofNanos(least)) < 0 || asked.compareTo(Duration.ofNanos(most)) > 0) {
            throw illegal(asked, least);
        }
    }

    /** @param all by {@link #ordinal} */
    void check(long[] all) {
        long asked = all[ordinal()];
        long floor = within == null ? least : all[within.ordinal()];
        if (asked < floor || asked > most) {
            throw illegal(shown(asked), floor);
        }
    }

    /** A value as its users write it. */
    Object shown(long number) {
        return isDuration ? Duration.ofNanos(number) : (Object) number;
    }

    private IllegalArgumentException illegal(Object asked, long floor) {
        return new IllegalArgumentException(name + " is " + asked + "; legal: " + shown(floor) + " to " + shown(most));
    }
}
