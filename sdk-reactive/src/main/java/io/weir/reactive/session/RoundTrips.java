package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.SessionClosedException;
import io.weir.core.peer.RttEstimator;
import io.weir.core.wire.FrameWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Measures the round trip of one session by PING and PONG. At most one PING is on the wire, shared by everybody who asks
 * meanwhile, so that a thousand callers cost the peer one answer.
 *
 * <pre>
 *   IDLE --ask--> ASKED --record written--> ON THE WIRE --PONG with its token--> IDLE
 *                   ^                            |
 *                   +--ask, once it is overdue---+   where frames may be lost
 * </pre>
 *
 * <p><b>Lost.</b> Where frames may be lost, PING and PONG may be, and neither is repeated. A PING without an answer is overdue
 * after a second, and after twice as long each time in a row; then the next one, with a token of its own, takes its place as
 * soon as the session speaks or beats.
 *
 * <p><b>Fresh at little cost.</b> No record is written for the sake of a sample; a PING rides along. While the session
 * speaks, one of its records takes a PING once the last sample is a second old; a record that holds nothing but a PONG does
 * not, since its PING would make the peer send another. On an idle link a PING stands in for a HEARTBEAT once the last sample
 * is four of the longer silence limit old, a minute by default. Its PONG may be one record more, unless the peer's next
 * beat was about due: at most one for twelve beats. Four limits are longer than any beat interval of the peer, whose
 * answers therefore never keep it from beating, and measuring, itself.
 *
 * <p>Loop-confined but for {@link #smoothedNanos}.
 */
final class RoundTrips {

    /** A peer that never wants a beat does not stop this side from measuring while it speaks. */
    private static final long MAX_LIMIT_NANOS = Duration.ofHours(1).toNanos();

    private static final int LIMITS_FRESH_WHILE_IDLE = 4;
    private static final long FRESH_WHILE_BUSY_NANOS = Duration.ofSeconds(1).toNanos();

    private final RttEstimator estimator;
    private final long ownLimitNanos;
    private long freshWhileIdleNanos;

    private boolean asked;
    private boolean onWire;
    private long token;
    private boolean mayBeLost; // the one on the wire
    private long sentAtNanos;
    private long overdueAfterNanos = FRESH_WHILE_BUSY_NANOS;
    private long sampledAtNanos;
    private Sinks.@Nullable One<Duration> waiting;
    private @Nullable CloseReason closed;
    private String session = "";

    /** Written on the loop. */
    private volatile long smoothedNanos;

    RoundTrips(long assumedNanos, long ownLimitNanos, long nowNanos) {
        estimator = new RttEstimator(assumedNanos);
        smoothedNanos = estimator.smoothedNanos();
        this.ownLimitNanos = ownLimitNanos;
        sampledAtNanos = nowNanos;
        onPeerLimit(ownLimitNanos);
    }

    /** The peer has told how long it bears silence. */
    void onPeerLimit(long peerLimitNanos) {
        long longer = Math.min(MAX_LIMIT_NANOS, Math.max(ownLimitNanos, peerLimitNanos));
        freshWhileIdleNanos = LIMITS_FRESH_WHILE_IDLE * longer;
    }

    /** Lets the next record hold a PING, unless one is on the wire that may yet be answered. */
    void ask() {
        asked = true;
    }

    /** The next sample, measured from here on or by the PING that is on the wire. */
    Mono<Duration> next() {
        CloseReason reason = closed;
        if (reason != null) {
            return Mono.error(() -> new SessionClosedException(reason).about(session));
        }
        if (waiting == null) {
            waiting = Sinks.one();
        }
        ask();
        return waiting.asMono();
    }

    /** Whether a beat should be a PING. */
    boolean dueOnBeat(long nowNanos) {
        return olderThan(freshWhileIdleNanos, nowNanos);
    }

    /** Whether a record of streams or messages should take a PING along. */
    boolean dueOnTraffic(long nowNanos) {
        return olderThan(FRESH_WHILE_BUSY_NANOS, nowNanos);
    }

    private boolean olderThan(long ageNanos, long nowNanos) {
        return !asked && (onWire ? isOverdue(nowNanos) : nowNanos - sampledAtNanos >= ageNanos);
    }

    private boolean isOverdue(long nowNanos) {
        return mayBeLost && nowNanos - sentAtNanos >= overdueAfterNanos;
    }

    /** Writes what was asked for; if the record has no room, a later one will have. */
    void write(FrameWriter record, long nowNanos) {
        if (asked && (!onWire || isOverdue(nowNanos)) && record.ping(token + 1)) {
            if (onWire) {
                overdueAfterNanos = Math.min(2 * overdueAfterNanos, MAX_LIMIT_NANOS);
            }
            asked = false;
            onWire = true;
            mayBeLost = record.isNoted();
            token++;
            sentAtNanos = nowNanos;
        }
    }

    /** PONG was heard: the sample, or 0, since one that answers no PING of this side means nothing. */
    long onPong(long answered, long nowNanos) {
        if (!onWire || answered != token) {
            return 0;
        }
        onWire = false;
        asked = false;
        overdueAfterNanos = FRESH_WHILE_BUSY_NANOS;
        long sample = Math.max(1, nowNanos - sentAtNanos);
        estimator.onSample(sample);
        smoothedNanos = estimator.smoothedNanos();
        sampledAtNanos = nowNanos;
        Sinks.One<Duration> answer = waiting;
        if (answer != null) {
            waiting = null;
            answer.tryEmitValue(Duration.ofNanos(sample));
        }
        return sample;
    }

    /** The session ends: nobody is left waiting. */
    void close(CloseReason reason, String subject) {
        if (closed == null) {
            closed = reason;
            session = subject;
            Sinks.One<Duration> answer = waiting;
            if (answer != null) {
                waiting = null;
                answer.tryEmitError(new SessionClosedException(reason).about(subject));
            }
        }
    }

    /** Any thread. */
    long smoothedNanos() {
        return smoothedNanos;
    }
}
