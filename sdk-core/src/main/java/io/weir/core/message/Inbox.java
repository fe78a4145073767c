package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.map.LongMap;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The requests and one-way messages of the peer, from their first packet until they are handed on: which ids were used,
 * which messages are here in part, what is dropped, and the window that all of it draws on.
 *
 * <p>A packet that repeats what is here, or belongs to a message that is finished, is dropped and costs nothing. At most
 * {@link SendLane#MOST_UNDER_WAY} messages are here in part, or as many as the window pays for ({@link
 * MessageSettings#mayBegin}); a peer that begins more ends the session.
 */
final class Inbox {

    private final Reception reception;
    private final MessageWindow window;
    private final MessageCounters counters;
    private final Wake wake;
    private final MessageSettings settings;
    private final long hashSeed;
    private final SeenIds seen = new SeenIds();
    private final LongMap<Assembly> parts;
    private long lastAccepted = Long.MAX_VALUE;

    /**
     * @param reception gets what is complete
     * @param window of requests and one-way messages
     * @param hashSeed {@link MessageHost#hashSeed}
     */
    Inbox(
            Reception reception,
            MessageWindow window,
            MessageCounters counters,
            Wake wake,
            MessageSettings settings,
            long hashSeed) {
        this.reception = reception;
        this.window = window;
        this.counters = counters;
        this.wake = wake;
        this.settings = settings;
        this.hashSeed = hashSeed;
        this.parts = new LongMap<>(hashSeed);
    }

    /** A packet of a request or one-way message; what it returns other than null ends the session. */
    @Nullable
    ErrorCode onPacket(MessageFields packet) {
        long id = packet.replyId();
        if (id == 0) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (packet.numPackets() > 1) {
            return onFragment(id, packet);
        }
        if (seen.contains(id)) {
            return onUsedId(id);
        }
        long cost = MessageCost.of(packet);
        if (!window.onReceived(cost)) {
            return ErrorCode.FLOW_CONTROL;
        }
        seen.add(id);
        int offset = packet.payloadOffset();
        int length = packet.payloadLength();
        if (id > lastAccepted) {
            drop(cost);
        } else if (packet.type() == MessageType.REQUEST) {
            long deadlineNanos = reception.deadlineNanos(packet.millisLeft());
            reception.onRequest(
                    id, cost, deadlineNanos, packet.name(), packet.headers(), packet.array(), offset, length);
        } else {
            reception.onOneWay(id, cost, packet.name(), packet.headers(), packet.array(), offset, length);
        }
        return null;
    }

    /** CANCEL of one of the peer's requests. */
    @Nullable
    ErrorCode onCancel(MessageFields packet) {
        long id = packet.replyId();
        if (id == 0 || !seen.contains(id)) {
            // where it may overtake its request it says nothing then: the request runs, and its answer is absorbed
            return id != 0 && settings.mayLose() ? null : ErrorCode.PROTOCOL_VIOLATION;
        }
        Assembly part = parts.get(id);
        if (part == null) {
            reception.onCancel(id); // or it crossed the answer
        } else if (part.type() == MessageType.REQUEST && settings.mayLose()) {
            part.discard(); // the rest comes, as it is paid for; then it is answered
        } else if (part.type() == MessageType.REQUEST) {
            parts.remove(id); // nothing more of it comes, nor is it counted
            if (id > lastAccepted) {
                drop(part.cost());
            } else {
                reception.onCancelledInPart(id, part.cost());
            }
        }
        return null;
    }

    /** Takes nothing new from now on; returns the highest id taken. */
    long goAway() {
        if (lastAccepted == Long.MAX_VALUE) {
            lastAccepted = seen.highest();
        }
        return lastAccepted;
    }

    void trim() {
        parts.trim();
    }

    void close() {
        parts.clear();
    }

    MessageWindow window() {
        return window;
    }

    /** Messages of which only parts are here. */
    int partial() {
        return parts.size();
    }

    /**
     * Whether GOAWAY has named a message as taken of which nothing has come: on a carrier that keeps no order between
     * messages later ones may come before it.
     */
    boolean awaitsAccepted() {
        return lastAccepted != Long.MAX_VALUE && !settings.isOrdered() && seen.hasGapUpTo(lastAccepted);
    }

    private @Nullable ErrorCode onFragment(long id, MessageFields packet) {
        Assembly part = parts.get(id);
        boolean begins = part == null;
        if (part == null) {
            if (seen.contains(id)) {
                return onUsedId(id);
            }
            if (!settings.mayBegin(packet, parts.size())) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            part = new Assembly(packet, hashSeed);
        }
        switch (part.examine(packet)) {
            case IMPOSSIBLE -> {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            case REPEATED -> {
                counters.duplicates++;
                return null;
            }
            case NEW -> {}
        }
        long cost = MessageCost.of(packet);
        if (!window.onReceived(cost)) {
            return ErrorCode.FLOW_CONTROL;
        }
        if (begins) {
            begin(id, part);
        }
        if (packet.packetId() == 0) {
            part.deadlineNanos(reception.deadlineNanos(packet.millisLeft()));
        }
        if (part.add(packet, cost)) {
            parts.remove(id);
            complete(id, part);
        }
        return null;
    }

    private void begin(long id, Assembly part) {
        seen.add(id);
        parts.put(id, part);
        if (id > lastAccepted) {
            part.discard();
        }
    }

    private void complete(long id, Assembly part) {
        if (id > lastAccepted) {
            drop(part.cost());
        } else if (part.isDiscarded()) {
            reception.onCancelledInPart(id, part.cost());
        } else if (part.type() == MessageType.ONE_WAY) {
            reception.onOneWay(id, part.cost(), part.name(), part.headers(), part.array(), 0, part.length());
        } else {
            reception.onRequest(
                    id, part.cost(), part.deadlineNanos(), part.name(), part.headers(), part.array(), 0, part.length());
        }
    }

    private void drop(long cost) {
        counters.dropped++;
        window.onConsumed(cost);
        wake.wake();
    }

    /** A message's id comes again: a repeated packet, unless it contradicts the one that is here in part. */
    private @Nullable ErrorCode onUsedId(long id) {
        if (parts.get(id) != null) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        counters.duplicates++;
        return null;
    }
}
