package io.weir.reactive.session.message;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.stats.RequestCounts;
import org.jspecify.annotations.Nullable;

/**
 * Counts how requests ended, and tells the node's observer, if there is one: of those that end while one record is dealt with together, at its end, and of any
 * other at once.
 *
 * <p><b>When handlers begin and end.</b> Reading the clock takes as long as much of a request does. So the handlers that are
 * called one after the other, and end within their call, share two readings: one before the first, one behind the last. Each of
 * them is told to have taken the mean, and to have waited for those before it; the sum is right. Up to {@value #MOST_CALLS} share
 * them once {@value #WARY_CALLS} in a row took less than {@value #SHORT_NANOS} ns; as soon as the mean is longer, each is timed for
 * itself again. So readings cost at most a few per cent of what they time, and slow handlers among quick ones are told apart.
 *
 * <p>Loop-confined.
 */
final class RequestNews {

    static final int MOST_CALLS = 32;
    static final int WARY_CALLS = 64;
    static final long SHORT_NANOS = 1_000;

    private final SessionContext session;
    private final RequestCounts counts;
    private final @Nullable NodeObserver observer;
    private @Nullable DoneRequests asked; // null while it is told of
    private @Nullable DoneRequests answered;
    private boolean inTurn;
    private int repliesUntold;
    private int takenUntold;

    // the handlers that share readings of the clock
    private int called;
    private int shortCalls; // in a row
    private boolean calling;
    private long cameNanos;
    private long begunNanos;
    private long meanNanos; // of those before

    RequestNews(SessionContext session) {
        this.session = session;
        counts = session.counts();
        observer = session.observer();
    }

    /** A record is about to be dealt with. */
    void turnBegins() {
        inTurn = true;
    }

    /** It has been, or nothing more will be. */
    void turnEnds() {
        inTurn = false;
        endCalls();
        tellTaken();
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
        calling = true;
        takenUntold++;
        if (called == 0) {
            beginCalls();
        }
        called++;
    }

    private void beginCalls() {
        cameNanos = session.tickNanos();
        begunNanos = session.nowNanos();
    }

    /** When it was, or about: others before it share the reading. */
    long calledNanos() {
        return begunNanos + (called - 1) * meanNanos;
    }

    /** The call has returned. */
    void returned() {
        calling = false;
        if (shortCalls < WARY_CALLS || called >= MOST_CALLS) {
            endCalls();
        }
        if (!inTurn || answered != null && answered.isFull()) {
            endCalls();
            tellTaken();
            tellAnswered();
        }
    }

    /** Handlers were called: before their answers are counted. */
    private void tellTaken() {
        if (takenUntold > 0) {
            counts.taken(takenUntold);
            takenUntold = 0;
        }
    }

    /** A request is over whose handler has ended within its call. */
    void answeredAtOnce(String route, ErrorCode outcome, long code) {
        roomForAnswered().addUntimed(route, outcome, code);
    }

    /** A request is over whose handler has been called before. */
    void answered(String route, ErrorCode outcome, long code, HandlingTimes times) {
        roomForAnswered().add(route, outcome, code, times.queueNanos(), times.serviceNanos(session));
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
        if (called == 0) {
            return;
        }
        meanNanos = Math.max(0, session.nowNanos() - begunNanos) / called;
        DoneRequests done = answered;
        if (done != null) {
            done.time(Math.max(0, begunNanos - cameNanos), meanNanos);
        }
        shortCalls = meanNanos < SHORT_NANOS ? Math.min(WARY_CALLS, shortCalls + called) : 0;
        called = 0;
        if (calling) { // told in the middle of a call, which goes on
            beginCalls();
            called = 1;
        }
    }

    private void tellAnswered() {
        DoneRequests done = answered;
        if (done == null || done.isEmpty()) {
            return;
        }
        answered = null;
        tellTaken();
        counts.answered(done);
        if (observer != null) {
            observer.onAnswered(session.peerSession(), done);
        }
        if (answered == null) {
            done.clear();
            answered = done;
        }
    }
}
