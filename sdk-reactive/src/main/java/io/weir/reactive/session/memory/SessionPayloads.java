package io.weir.reactive.session.memory;

import io.weir.core.credit.PayloadPace;
import io.weir.core.stream.StreamEpoch;
import io.weir.reactive.session.loop.SessionContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
public final class SessionPayloads {

    private final SessionContext session;
    private final PayloadReservations node;
    private final long mostBytes;
    private final long intervalNanos;

    /** Those that the node has not been asked for. */
    private final Map<StreamEpoch, Turn> waiting = new LinkedHashMap<>();

    /** Those that the node has been asked for, and whose memory is not known to be reserved. */
    private final Map<StreamEpoch, Turn> asked = new LinkedHashMap<>();

    /** Those whose memory is reserved. */
    private final Map<StreamEpoch, PayloadPace> coming = new LinkedHashMap<>();

    private boolean watching;
    private long bytes;

    /**
     * @param mostBytes of the largest payload, and so of all that are reserved at once
     * @param intervalNanos over which a payload must keep its pace
     */
    public SessionPayloads(SessionContext session, PayloadReservations node, long mostBytes, long intervalNanos) {
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

    /** As {@link io.weir.core.stream.StreamHost#reservePayload}. */
    public boolean reserve(StreamEpoch epoch, long payloadBytes) {
        Turn turn = new Turn(epoch, payloadBytes);
        if (!waiting.isEmpty() || !fits(turn)) {
            waiting.put(epoch, turn);
        } else if (ask(turn)) {
            watch(epoch);
            return true;
        } else {
            asked.put(epoch, turn);
        }
        return false;
    }

    /** As {@link io.weir.core.stream.StreamHost#releasePayload}. */
    public void release(StreamEpoch epoch, long payloadBytes) {
        coming.remove(epoch);
        node.release(payloadBytes);
        giveBack(payloadBytes);
    }

    /** The payload that waits for this epoch is no longer wanted. */
    public void cancel(StreamEpoch epoch) {
        waiting.remove(epoch);
        Turn turn = asked.remove(epoch);
        if (turn != null && cancelAtNode(turn)) {
            giveBack(turn.bytes);
        }
    }

    /** Something of the node's memory may have become free. */
    public void drain() {
        node.drain();
    }

    /** Payloads that are kept track of here, for leak checks: those that wait, and those whose memory is reserved. */
    int held() {
        return waiting.size() + asked.size() + coming.size();
    }

    public void onSessionEnd() {
        waiting.clear();
        asked.values().forEach(this::cancelAtNode);
        asked.clear();
        coming.clear();
    }

    private boolean cancelAtNode(Turn turn) {
        return turn.request != null && node.cancel(turn.request);
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
        boolean wanted = asked.remove(turn.epoch, turn);
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
            boolean whole = gained < 0; // and waits for its subscriber
            if (!whole && pace != null && !pace.keeps(session.nowNanos(), gained, othersWait)) {
                epoch.receiving().payloadTooSlow();
            }
        }
        checkLater();
    }

    private void giveBack(long payloadBytes) {
        bytes -= payloadBytes;
        while (!waiting.isEmpty()) {
            Turn next = waiting.values().iterator().next();
            if (!fits(next)) {
                return;
            }
            waiting.remove(next.epoch);
            asked.put(next.epoch, next);
            if (ask(next)) {
                session.execute(() -> onReserved(next)); // not from inside the end of another payload
            }
        }
    }
}
