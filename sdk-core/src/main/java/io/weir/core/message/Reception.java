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
 *       |                                                           ^
 *       +--&gt; waiting, one-way messages and requests apart --in turn-+
 * </pre>
 *
 * <p>Each kind is handed on in order, and the two take turns, so that slow handlers of one do not keep the other waiting.
 * Confined to the session's loop.
 */
final class Reception {

    private final MessageTable table;
    private final WaitingMessages oneWays;
    private final WaitingMessages requests;
    private boolean calling;
    private boolean requestsFirst;

    Reception(MessageTable table, NameCache names) {
        this.table = table;
        oneWays = new WaitingMessages(names, null);
        requests = new WaitingMessages(names, new LongMap<PackedQueue.Chunk>(table.hashSeed()));
    }

    /** Hands a one-way message that is complete to the host, now or when there is a place. */
    void onOneWay(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        boolean needsPlace = table.host().needsPlace(MessageType.ONE_WAY, name);
        if (!needsPlace || oneWays.isEmpty() && table.host().tryPlace(MessageType.ONE_WAY)) {
            table.inbox().handOn(needsPlace, id, cost, name, headers, array, offset, length);
        } else {
            oneWays.add(id, cost, name, headers, array, offset, length);
        }
    }

    /** The same with a request. */
    void onRequest(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        boolean needsPlace = table.host().needsPlace(MessageType.REQUEST, name);
        if (!needsPlace || requests.isEmpty() && table.host().tryPlace(MessageType.REQUEST)) {
            table.answerBook().handOn(needsPlace, id, cost, name, headers, array, offset, length);
        } else {
            requests.add(id, cost, name, headers, array, offset, length);
        }
    }

    /** Forgets a request that waits; returns what it cost, 0 if it does not wait. */
    long removeRequest(long id) {
        return requests.remove(id);
    }

    /** What had a place is done with. */
    void leave(MessageType type) {
        table.host().releasePlace(type);
        onPlaceFree();
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

    int waitingRequests() {
        return requests.size();
    }

    private boolean nextOneWay() {
        return !oneWays.isEmpty()
                && table.host().tryPlace(MessageType.ONE_WAY)
                && oneWays.poll((id, cost, name, headers, array, offset, length) ->
                        table.inbox().handOn(true, id, cost, name, headers, array, offset, length));
    }

    private boolean nextRequest() {
        return !requests.isEmpty()
                && table.host().tryPlace(MessageType.REQUEST)
                && requests.poll((id, cost, name, headers, array, offset, length) ->
                        table.answerBook().handOn(true, id, cost, name, headers, array, offset, length));
    }
}
