package io.weir.reactive.session;

import io.weir.core.credit.PayloadPace;
import io.weir.core.stream.StreamEpoch;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One session's part in the node's {@link PayloadReservations}: of payloads larger than their stream's window it has as
 * many bytes reserved at once, or asked for, as one payload may have. Further ones wait here, first come first served, so
 * that a peer which begins ever more of them and completes none holds up only itself. One that comes too slowly while
 * others wait for memory ({@link PayloadPace}, over the silence limit) loses its stream. Loop-confined.
 *
 * <pre>
 *   reserve() ---room---&gt; asked of the node ---granted---&gt; reserved ---release()---&gt;
 *       |                    ^                                | too slow
 *       +---waits here-------+                                +--------&gt; PAYLOAD_TIMEOUT
 * </pre>
 */
final class SessionPayloads {

    private final Session session;
    private final PayloadReservations node;
    private final long mostBytes;
    private final long intervalNanos;

    /** Those without memory yet, here and at the node. */
    private final Map<StreamEpoch, Turn> turns = new LinkedHashMap<>();

    private final Queue<Turn> waiting = new ArrayDeque<>();

    /** Those whose memory is reserved, and which are not known to be whole. */
    private final Map<StreamEpoch, PayloadPace> coming = new LinkedHashMap<>();

    private boolean watching;
    private long bytes;

    /**
     * @param mostBytes of the largest payload, and so of all that are reserved at once
     * @param intervalNanos over which a payload must keep its pace
     */
    SessionPayloads(Session session, PayloadReservations node, long mostBytes, long intervalNanos) {
        this.session = session;
        this.node = node;
        this.mostBytes = mostBytes;
        this.intervalNanos = intervalNanos;
    }

    private static final class Turn {
        private final StreamEpoch epoch;
        private final long bytes;
        private PayloadReservations.@Nullable Request request;

        Turn(StreamEpoch epoch, long bytes) {
            this.epoch = epoch;
            this.bytes = bytes;
        }
    }

    /** As {@link io.weir.core.stream.StreamTable.Host#reservePayload}. */
    boolean reserve(StreamEpoch epoch, long payloadBytes) {
        Turn turn = new Turn(epoch, payloadBytes);
        if (waiting.isEmpty() && fits(turn) && ask(turn)) {
            watch(epoch);
            return true;
        }
        turns.put(epoch, turn);
        if (turn.request == null) {
            waiting.add(turn);
        }
        return false;
    }

    /** As {@link io.weir.core.stream.StreamTable.Host#releasePayload}. */
    void release(StreamEpoch epoch, long payloadBytes) {
        coming.remove(epoch);
        node.release(payloadBytes);
        giveBack(payloadBytes);
    }

    /** The payload that waits for this epoch is no longer wanted. */
    void cancel(StreamEpoch epoch) {
        Turn turn = turns.remove(epoch);
        if (turn == null) {
            return;
        }
        if (turn.request == null) {
            waiting.remove(turn);
        } else if (node.cancel(turn.request)) {
            giveBack(turn.bytes);
        }
    }

    /** Something of the node's memory may have become free. */
    void drain() {
        node.drain();
    }

    void onSessionEnd() {
        waiting.clear();
        for (Turn turn : turns.values()) {
            if (turn.request != null) {
                node.cancel(turn.request);
            }
        }
        turns.clear();
        coming.clear();
    }

    private boolean fits(Turn turn) {
        return bytes == 0 || turn.bytes <= mostBytes - bytes;
    }

    /** Asks the node; true if it has reserved at once. */
    private boolean ask(Turn turn) {
        bytes += turn.bytes;
        boolean[] atOnce = {true, false};
        turn.request = node.reserve(turn.bytes, () -> {
            if (atOnce[0] && session.inLoop()) {
                atOnce[1] = true;
            } else {
                session.execute(() -> onReserved(turn));
            }
        });
        atOnce[0] = false;
        return atOnce[1];
    }

    private void onReserved(Turn turn) {
        boolean wanted = turns.remove(turn.epoch, turn);
        if (wanted && session.closeReason() == null && !turn.epoch.receiving().ended()) {
            watch(turn.epoch);
            turn.epoch.receiving().onPayloadReserved();
        } else {
            release(turn.epoch, turn.bytes);
        }
    }

    // ---- pace

    private void watch(StreamEpoch epoch) {
        long gained = Math.max(0, epoch.receiving().payloadGained());
        coming.put(epoch, new PayloadPace(intervalNanos, session.nowNanos(), gained));
        checkLater();
    }

    private void checkLater() {
        if (!watching && !coming.isEmpty()) {
            watching = true;
            session.timers().at(session.nowNanos() + intervalNanos / 4, this::check);
        }
    }

    private void check() {
        watching = false;
        boolean othersWait = node.othersWait();
        for (StreamEpoch epoch : List.copyOf(coming.keySet())) {
            PayloadPace pace = coming.get(epoch);
            long gained = epoch.receiving().payloadGained();
            if (gained < 0) {
                coming.remove(epoch); // whole, and waits for its subscriber
            } else if (pace != null && !pace.keeps(session.nowNanos(), gained, othersWait)) {
                epoch.receiving().payloadTooSlow();
            }
        }
        checkLater();
    }

    private void giveBack(long payloadBytes) {
        bytes -= payloadBytes;
        Turn next;
        while ((next = waiting.peek()) != null && fits(next)) {
            waiting.remove();
            Turn asked = next;
            if (ask(asked)) {
                session.execute(() -> onReserved(asked)); // not from inside the end of another payload
            }
        }
    }
}
