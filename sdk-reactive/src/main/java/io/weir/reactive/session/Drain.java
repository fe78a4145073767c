package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Legal;
import io.weir.core.error.SessionClosedException;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.message.Messages;
import io.weir.reactive.session.stream.Streams;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * How a session goes away in good order (PROTOCOL section 4, "GOAWAY"): nothing new begins on either side, what was begun
 * goes on, and the side that asked for it says END when nothing is left, or when its deadline has come.
 *
 * <pre>
 *   drain()  ---&gt; GOAWAY queued ---nothing left--&gt; END(NONE)
 *                      |
 *                      +----deadline-------------&gt; END(DRAIN_TIMEOUT), what is cut off is counted
 *
 *   GOAWAY heard -----&gt; nothing new -------------&gt; the peer's END
 *                      |
 *                      +----its deadline passed, and the silence limit too--&gt; END(DRAIN_TIMEOUT)
 * </pre>
 *
 * Both sides may drain at once: then both say END. Loop-confined but for {@link #begun}.
 */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** GOAWAYs of a peer that may each name less than the one before: every one costs a look at all that is under way. */
    private static final int MOST_NARROWINGS = 16;

    private final SessionContext session;
    private final SessionLife life;
    private final Streams streams;
    private final Messages messages;
    private final SessionControl control;
    private final CutOff cutOff;
    private final Sinks.Empty<Void> begun = Sinks.empty();
    private boolean asked;
    private boolean ending;
    private SessionFrame.@Nullable Goaway heard;
    private int narrowings;
    private @Nullable Disposable deadline;
    private long deadlineNanos;

    Drain(
            SessionContext session,
            SessionLife life,
            Streams streams,
            Messages messages,
            SessionControl control,
            CutOff cutOff) {
        this.session = session;
        this.life = life;
        this.cutOff = cutOff;
        this.streams = streams;
        this.messages = messages;
        this.control = control;
    }

    /** Told when a deadline has come before the end of so many streams and requests. */
    interface CutOff {
        void cutOff(int liveStreams, int requests);
    }

    /** Refuses a deadline that makes no sense. */
    static Duration checked(Duration deadline) {
        Legal.range("deadline", deadline, Duration.ZERO, LONGEST);
        return deadline;
    }

    /** What the end of a session means to whoever drained it. */
    static Mono<Void> result(CloseReason reason, String session) {
        return reason.clean() ? Mono.empty() : Mono.error(new SessionClosedException(reason).about(session));
    }

    /** Completes when either side has begun to drain, or the session has ended. Any thread. */
    Mono<Void> begun() {
        return Barrier.mono(begun.asMono(), session);
    }

    /** Says GOAWAY, once; asked again, only a sooner deadline changes anything. */
    void begin(Duration limit, ErrorCode why) {
        if (!session.isOpen()) {
            return;
        }
        if (!asked) {
            asked = true;
            control.goaway(new SessionFrame.Goaway(
                    streams.table().goAway(), messages.goAway(), limit.toMillis(), why.number()));
            onBegun();
            LOG.debug("{} drains within {}", session, limit);
            session.wake();
        }
        endAt(session.nowNanos() + limit.toNanos());
        check();
    }

    /** GOAWAY of the peer. A later one may name less, a few times, never more. */
    @Nullable
    ErrorCode onGoaway(SessionFrame.Goaway frame) {
        SessionFrame.Goaway before = heard;
        if (before != null
                && (frame.lastHandle() > before.lastHandle() || frame.lastMessageId() > before.lastMessageId())) {
            return session.order() == FrameOrder.NONE ? null : ErrorCode.PROTOCOL_VIOLATION; // there it may come late
        }
        boolean narrower = before == null
                || frame.lastHandle() < before.lastHandle()
                || frame.lastMessageId() < before.lastMessageId();
        if (narrower && narrowings++ == MOST_NARROWINGS) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        heard = frame;
        onBegun();
        if (before == null) {
            LOG.debug("{} is drained by its peer: {}", session, ErrorCode.of(frame.code()));
        }
        long theirMillis = Math.min(frame.deadlineMillis(), LONGEST.toMillis());
        endAt(session.nowNanos()
                + Duration.ofMillis(theirMillis)
                        .plus(session.limits().silenceLimit())
                        .toNanos());
        if (!narrower) {
            return null;
        }
        ErrorCode error = streams.table().onPeerGoaway(frame.lastHandle());
        return error != null ? error : messages.onPeerGoaway(frame.lastMessageId());
    }

    private void onBegun() {
        life.becomeDraining();
        begun.tryEmitEmpty();
    }

    private void endAt(long atNanos) {
        Disposable before = deadline;
        if (before != null) {
            if (deadlineNanos - atNanos <= 0) {
                return;
            }
            before.dispose();
        }
        deadlineNanos = atNanos;
        deadline = session.timers().at(atNanos, this::onDeadline);
    }

    /** Something that it waits for may be over. */
    void check() {
        if (asked && !ending && isIdle()) {
            ending = true;
            session.execute(this::endIfIdle); // not from inside whatever has just ended
        }
    }

    private void endIfIdle() {
        ending = false;
        if (isIdle()) {
            life.fail(ErrorCode.NONE, "");
        }
    }

    private boolean isIdle() {
        return streams.table().liveStreams() == 0 && messages.isIdle();
    }

    private void onDeadline() {
        if (isIdle()) {
            life.fail(ErrorCode.NONE, "");
            return;
        }
        cutOff.cutOff(streams.table().liveStreams(), messages.unfinished());
        life.fail(ErrorCode.DRAIN_TIMEOUT, "");
    }

    void onSessionEnd() {
        begun.tryEmitEmpty();
    }
}
