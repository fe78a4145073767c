package io.weir.reactive.session.message;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.stats.RequestCounts;
import org.jspecify.annotations.Nullable;

/**
 * Counts how requests ended, and tells the node's observer, if there is one: of those that end while one record is dealt with together, at its end, and of any
 * other at once. Without an observer there is no list of them, only sums.
 *
 * <p>Loop-confined.
 */
final class RequestNews {

    private final SessionContext session;
    private final RequestCounts counts;
    private final @Nullable NodeObserver observer;
    private final HandlerClock clock;
    private final AnsweredRequests sums;
    private @Nullable DoneRequests asked; // null while it is told of
    private @Nullable DoneRequests answered;
    private boolean inTurn;
    private int repliesUntold;

    RequestNews(SessionContext session) {
        this.session = session;
        counts = session.counts();
        observer = session.observer();
        clock = new HandlerClock(session);
        sums = new AnsweredRequests(counts);
    }

    /** A record is about to be dealt with. */
    void turnBegins() {
        inTurn = true;
    }

    /** It has been, or nothing more will be. */
    void turnEnds() {
        inTurn = false;
        endCalls();
        tellAnswered();
        countReplies();
        tellAsked();
    }

    // ---- what this side asked

    /** A request of this side has its reply. */
    void replied() {
        repliesUntold++;
        if (!inTurn) {
            countReplies();
        }
    }

    private void countReplies() {
        if (repliesUntold > 0) {
            counts.asked(ErrorCode.NONE, repliesUntold);
            repliesUntold = 0;
        }
    }

    /** A request of this side is over, of which an observer is to hear. */
    void asked(String route, ErrorCode outcome, long code, long queueNanos, long serviceNanos) {
        DoneRequests done = asked;
        if (done == null) {
            done = new DoneRequests();
            asked = done;
        }
        done.add(route, outcome, code, queueNanos, serviceNanos);
        if (!inTurn || done.isFull()) {
            tellAsked();
        }
    }

    private void tellAsked() {
        DoneRequests done = asked;
        if (observer == null || done == null || done.isEmpty()) {
            return;
        }
        asked = null;
        observer.onAsked(session.peerSession(), done);
        if (asked == null) {
            done.clear();
            asked = done;
        }
    }

    // ---- what the peer asked

    /** A handler is about to be called. */
    void calls() {
        sums.taken();
        clock.calls();
    }

    /** When it was, or about. */
    long calledNanos() {
        return clock.calledNanos();
    }

    /** The call has returned. */
    void returned() {
        if (clock.returned()) {
            endCalls();
        }
        if (!inTurn || answered != null && answered.isFull()) {
            endCalls();
            tellAnswered();
        }
    }

    /** A request is over whose handler has ended within its call. */
    void answeredAtOnce(String route, ErrorCode outcome, long code) {
        if (observer != null) {
            roomForAnswered().addUntimed(route, outcome, code);
        }
        sums.addUntimed(outcome);
    }

    /** A request is over whose handler has been called before. */
    void answered(String route, ErrorCode outcome, long code, HandlingTimes times) {
        long queued = times.queueNanos();
        long served = times.serviceNanos(session);
        if (observer != null) {
            roomForAnswered().add(route, outcome, code, queued, served);
        }
        sums.add(outcome, queued, served);
        if (!inTurn) {
            tellAnswered();
        }
    }

    private DoneRequests roomForAnswered() {
        DoneRequests done = answered;
        if (done != null && done.isFull()) {
            endCalls();
            tellAnswered();
            done = answered;
        }
        if (done == null) {
            done = new DoneRequests();
            answered = done;
        }
        return done;
    }

    private void endCalls() {
        if (!clock.end()) {
            return;
        }
        sums.time(clock.queuedNanos(), clock.meanNanos());
        DoneRequests done = answered;
        if (done != null) {
            done.time(clock.queuedNanos(), clock.meanNanos());
        }
    }

    private void tellAnswered() {
        sums.tell();
        DoneRequests done = answered;
        if (observer == null || done == null || done.isEmpty()) {
            return;
        }
        answered = null;
        observer.onAnswered(session.peerSession(), done);
        if (answered == null) {
            done.clear();
            answered = done;
        }
    }
}
