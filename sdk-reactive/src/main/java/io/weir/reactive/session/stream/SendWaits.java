package io.weir.reactive.session.stream;

import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.memory.SendMemory;
import io.weir.reactive.session.memory.SessionMemory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The sending halves of a session that wait: for their turn, or for memory to encode into. Loop-confined. */
final class SendWaits implements OfferWaits.Line {

    private final SessionContext session;
    private final SessionMemory memory;
    private final int recordBytes;
    private final Set<OutboundHalf> starved = new LinkedHashSet<>();

    /** Who waits until {@code trySend} finds memory again. */
    private final Set<OfferWaits> refused = new LinkedHashSet<>();

    /** Those that have come since the last record; at most the open streams. */
    private final List<OutboundHalf> newcomers = new ArrayList<>();

    /** @param recordBytes what surely leaves at once */
    SendWaits(SessionContext session, SessionMemory memory, int recordBytes) {
        this.session = session;
        this.memory = memory;
        this.recordBytes = recordBytes;
        memory.onFreedToSend(this::onMemoryFreed);
    }

    /**
     * This half has something to write. When it came is told by the next record's time, or is read now if that may be long in
     * coming.
     */
    void join(OutboundHalf half) {
        if (half.awaken()) {
            if (session.linkTakesMore()) {
                newcomers.add(half);
            } else {
                half.onWaiting(session.nowNanos());
            }
        }
        session.wake(half);
    }

    /** A record is filled: who has come and had no turn, or is not done, waits for the next. */
    void onFilled() {
        if (!newcomers.isEmpty()) {
            for (int i = 0; i < newcomers.size(); i++) { // an observer is told, and who knows what it does
                OutboundHalf half = newcomers.get(i);
                if (half.isAwake()) {
                    half.onWaiting(session.tickNanos());
                }
            }
            newcomers.clear();
        }
    }

    /** This half has ended. */
    void leave(OutboundHalf half) {
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

    @Override
    public void await(OfferWaits waits) {
        refused.add(waits);
        memory.awaitToSend();
    }

    @Override
    public void leave(OfferWaits waits) {
        refused.remove(waits);
    }

    /**
     * Whether an element that will probably be held in parts is not to be encoded now, since there is no room, or another
     * stream's has waited for it longer. A small one always may.
     */
    boolean mustWait(long size) {
        return size > recordBytes && !(starved.isEmpty() && memory.unsent().hasRoom());
    }

    private void onMemoryFreed() {
        List<OutboundHalf> again = List.copyOf(starved);
        starved.clear();
        again.forEach(OutboundHalf::activate);
        List<OfferWaits> told = List.copyOf(refused);
        refused.clear();
        told.forEach(OfferWaits::look);
    }
}
