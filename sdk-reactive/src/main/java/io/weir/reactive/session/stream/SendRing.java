package io.weir.reactive.session.stream;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.memory.SendMemory;
import io.weir.reactive.session.memory.SessionMemory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The halves of a session that have something to send: those that may, in the ring from which records are filled in turn by
 * weight, and those that wait for memory to encode into. Loop-confined.
 */
final class SendRing {

    /** Cost that a stream of weight 1 may send before the next one's turn. */
    private static final int QUANTUM = 8 * 1024;

    private final SessionContext session;
    private final SessionMemory memory;
    private final DeficitRoundRobin<FrameWriter> ring = new DeficitRoundRobin<>(QUANTUM);
    private final Set<OutboundHalf> starved = new LinkedHashSet<>();

    /** Those that have come since the last record; at most the open streams. */
    private final List<OutboundHalf> newcomers = new ArrayList<>();

    SendRing(SessionContext session, SessionMemory memory) {
        this.session = session;
        this.memory = memory;
        memory.onFreedToSend(this::onMemoryFreed);
    }

    /** Whether a half has, or may have, elements to write. */
    boolean hasData() {
        return !ring.isEmpty();
    }

    void fill(FrameWriter record) {
        ring.fill(record);
    }

    /**
     * This half has something to write. When it came is told by the next record's time, or is read now if that may be long in
     * coming.
     */
    void join(OutboundHalf half) {
        if (!half.isActive()) {
            if (session.linkTakesMore()) {
                newcomers.add(half);
            } else {
                half.onWaiting(session.nowNanos());
            }
            ring.activate(half);
        }
        session.wake();
    }

    /** A record is filled: who has come and had no turn, or is not done, waits for the next. */
    void onFilled() {
        if (!newcomers.isEmpty()) {
            for (int i = 0; i < newcomers.size(); i++) { // an observer is told, and who knows what it does
                OutboundHalf half = newcomers.get(i);
                if (half.isActive()) {
                    half.onWaiting(session.tickNanos());
                }
            }
            newcomers.clear();
        }
    }

    /** This half has ended. */
    void leave(OutboundHalf half) {
        ring.remove(half);
        starved.remove(half);
    }

    /** What this side has accepted and not yet written. */
    SendMemory memory() {
        return memory.unsent();
    }

    /** Serves this half again when something that was accepted has been written, here or in another session. */
    void awaitMemory(OutboundHalf half) {
        starved.add(half);
        memory.awaitToSend();
    }

    /** Whether a large element may be encoded: there is room, and no other stream's has waited for it longer. */
    boolean hasRoomForLarge() {
        return starved.isEmpty() && memory.unsent().hasRoom();
    }

    private void onMemoryFreed() {
        List<OutboundHalf> again = List.copyOf(starved);
        starved.clear();
        again.forEach(OutboundHalf::activate);
    }
}
