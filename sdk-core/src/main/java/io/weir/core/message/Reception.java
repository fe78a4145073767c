package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.NameCache;

/**
 * The peer's messages between their arrival and their handler. Handlers are called as long as the host, which has one bound
 * for all sessions of a node, has a place; what comes beyond that has no object to stand for it, however much a peer's credit
 * pays for.
 *
 * <pre>
 *   request ---admitted----------------------------------&gt; handed on
 *      +-------else--------------------------------------&gt; refused: whoever asks can ask again
 *
 *   one-way ---nobody waits, a place is free-------------&gt; handed on --taken--&gt; a place is free
 *      |  |                                                   ^
 *      |  +--needs no place: nobody handles it, at once-------+
 *      +--&gt; waits, as bytes, with its credit -----in turn-----+
 * </pre>
 *
 * <p>Confined to the session's loop.
 */
final class Reception {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Nobody waits longer; what a peer says beyond it is taken for it. */
    private static final long MOST_MILLIS = 24 * 60 * 60 * 1_000;

    private final MessageHost host;
    private final OneWayBook oneWayBook;
    private final AnswerBook answerBook;
    private final WaitingMessages oneWays;
    private boolean calling;

    Reception(MessageHost host, OneWayBook oneWayBook, AnswerBook answerBook, NameCache names) {
        this.host = host;
        this.oneWayBook = oneWayBook;
        this.answerBook = answerBook;
        this.oneWays = new WaitingMessages(names);
    }

    /** Hands a one-way message that is complete to the host, now or when there is a place. */
    void onOneWay(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        boolean needsPlace = host.needsPlace(name);
        if (!needsPlace || oneWays.isEmpty() && host.tryPlace()) {
            oneWayBook.handOn(id, cost, name, headers, array, offset, length);
        } else {
            oneWays.add(id, cost, name, headers, array, offset, length);
        }
    }

    /** Until when an answer is waited for, by the host's clock, of a request that comes now; an hour of the peer is one here. */
    long deadlineNanos(long millisLeft) {
        return millisLeft == MessageFrame.NO_LIMIT
                ? IncomingRequest.NO_DEADLINE
                : host.nowNanos() + NANOS_PER_MILLI * Math.min(millisLeft, MOST_MILLIS);
    }

    /** Hands a request on, or refuses it; its id never came before. One for which nobody waits any more takes no place. */
    void onRequest(
            long id,
            long cost,
            long deadlineNanos,
            String name,
            Headers headers,
            byte[] array,
            int offset,
            int length) {
        boolean late = deadlineNanos != IncomingRequest.NO_DEADLINE && deadlineNanos - host.nowNanos() <= 0;
        ErrorCode refusal = late ? ErrorCode.REQUEST_TIMEOUT : host.admitRequest(name);
        if (refusal == null) {
            answerBook.handOn(id, cost, deadlineNanos, name, headers, array, offset, length);
        } else {
            answerBook.refuse(id, cost, refusal);
        }
    }

    /** CANCEL of a request that was complete. */
    void onCancel(long id) {
        answerBook.onCancel(id);
    }

    /** A request that the peer has cancelled before all of it had come: it never runs. */
    void onCancelledInPart(long id, long cost) {
        answerBook.refuseCancelled(id, cost);
    }

    /** There may be a place: hands on what waits, as far as there are. */
    void onPlaceFree() {
        if (calling) {
            return; // a handler that was done at once; the loop below goes on
        }
        calling = true;
        try {
            while (nextOneWay()) {
                // as long as there are places
            }
        } finally {
            calling = false;
        }
    }

    void clear() {
        oneWays.clear();
    }

    void trim() {
        oneWays.trim();
    }

    boolean isEmpty() {
        return oneWays.isEmpty();
    }

    int waitingOneWays() {
        return oneWays.size();
    }

    private boolean nextOneWay() {
        return !oneWays.isEmpty() && host.tryPlace() && oneWays.poll(oneWayBook::handOn);
    }
}
