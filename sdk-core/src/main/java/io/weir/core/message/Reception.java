package io.weir.core.message;

import io.weir.core.credit.PackedQueue;
import io.weir.core.map.LongMap;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.NameCache;

/**
 * The peer's messages between their arrival and their handler. Handlers are called as long as there are places for it,
 * which all sessions of a node share; what comes meanwhile waits as bytes. So the objects that stand for messages are as
 * many as are handled, and not as many as the credit of a peer pays for.
 *
 * <pre>
 *   complete --[ nobody waits, a place is free ]----------------&gt; handed on --taken, answered--&gt; place is free
 *       |  |                                                        ^
 *       |  +--&gt; waiting, one-way messages and requests apart --in turn
 *       |
 *       +--[ a request, and as many are in work as may be ]-------&gt; refused
 * </pre>
 *
 * <p>Each kind is handed on in order, and the two take turns, so that slow handlers of one do not keep the other waiting.
 * Confined to the session's loop.
 */
final class Reception {

    private final Places places;
    private final OneWayBook oneWayBook;
    private final AnswerBook answerBook;
    private final int maxInFlight;
    private final WaitingMessages oneWays;
    private final WaitingMessages requests;
    private boolean calling;
    private boolean requestsFirst;

    /**
     * @param maxInFlight requests that wait or are handled at once
     * @param hashSeed {@link MessageHost#hashSeed}
     */
    Reception(
            Places places,
            OneWayBook oneWayBook,
            AnswerBook answerBook,
            NameCache names,
            int maxInFlight,
            long hashSeed) {
        this.places = places;
        this.oneWayBook = oneWayBook;
        this.answerBook = answerBook;
        this.maxInFlight = maxInFlight;
        this.oneWays = new WaitingMessages(names, null);
        this.requests = new WaitingMessages(names, new LongMap<PackedQueue.Chunk>(hashSeed));
    }

    /** Hands a one-way message that is complete to the host, now or when there is a place. */
    void onOneWay(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        boolean needsPlace = places.needed(MessageType.ONE_WAY, name);
        if (!needsPlace || oneWays.isEmpty() && places.tryTake(MessageType.ONE_WAY)) {
            oneWayBook.handOn(needsPlace, id, cost, name, headers, array, offset, length);
        } else {
            oneWays.add(id, cost, name, headers, array, offset, length);
        }
    }

    /** The same with a request, under an id that never came before; BUSY if too many are in work. */
    void onRequest(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        if (inFlight() >= maxInFlight) {
            answerBook.refuseBusy(id, cost);
            return;
        }
        boolean needsPlace = places.needed(MessageType.REQUEST, name);
        if (!needsPlace || requests.isEmpty() && places.tryTake(MessageType.REQUEST)) {
            answerBook.handOn(needsPlace, id, cost, name, headers, array, offset, length);
        } else {
            requests.add(id, cost, name, headers, array, offset, length);
        }
    }

    /** CANCEL of a request that was complete: one that waits for a handler never runs. */
    void onCancel(long id) {
        long cost = requests.remove(id);
        if (cost > 0) {
            answerBook.refuseCancelled(id, cost);
        } else {
            answerBook.onCancel(id);
        }
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
            while (requestsFirst ? nextRequest() || nextOneWay() : nextOneWay() || nextRequest()) {
                requestsFirst = !requestsFirst;
            }
        } finally {
            calling = false;
        }
    }

    void clear() {
        oneWays.clear();
        requests.clear();
    }

    void trim() {
        oneWays.trim();
        requests.trim();
    }

    boolean isEmpty() {
        return oneWays.isEmpty() && requests.isEmpty();
    }

    int waitingOneWays() {
        return oneWays.size();
    }

    /** Requests of the peer that wait, or are handled, or whose answer is not written. */
    int inFlight() {
        return requests.size() + answerBook.inFlight();
    }

    private boolean nextOneWay() {
        return !oneWays.isEmpty()
                && places.tryTake(MessageType.ONE_WAY)
                && oneWays.poll((id, cost, name, headers, array, offset, length) ->
                        oneWayBook.handOn(true, id, cost, name, headers, array, offset, length));
    }

    private boolean nextRequest() {
        return !requests.isEmpty()
                && places.tryTake(MessageType.REQUEST)
                && requests.poll((id, cost, name, headers, array, offset, length) ->
                        answerBook.handOn(true, id, cost, name, headers, array, offset, length));
    }
}
