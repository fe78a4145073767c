package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.map.LongMap;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The requests and one-way messages of the peer, from their first packet until they are handed on: which ids were used,
 * which messages are here in part, what is dropped, and the window that all of it draws on.
 *
 * <p>A packet that repeats what is here, or belongs to a message that is finished, is dropped and costs nothing. At most
 * {@link SendLane#MOST_UNDER_WAY} messages are here in part; a peer that begins more ends the session.
 */
final class Inbox {

    private final MessageTable table;
    private final AnswerBook answers;
    private final MessageWindow window;
    private final SeenIds seen = new SeenIds();
    private final LongMap<Assembly> parts;
    private long lastAccepted = Long.MAX_VALUE;

    Inbox(MessageTable table, AnswerBook answers, MessageWindow window) {
        this.table = table;
        this.answers = answers;
        this.window = window;
        this.parts = new LongMap<>(table.hashSeed());
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
            answers.onRequest(id, cost, packet.name(), packet.headers(), packet.array(), offset, length);
        } else {
            table.reception().onOneWay(id, cost, packet.name(), packet.headers(), packet.array(), offset, length);
        }
        return null;
    }

    /** CANCEL of one of the peer's requests. */
    @Nullable
    ErrorCode onCancel(MessageFields packet) {
        long id = packet.replyId();
        if (id == 0 || !seen.contains(id)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        Assembly part = parts.get(id);
        if (part == null) {
            answers.onCancel(id); // or it crossed the answer
        } else if (part.type() == MessageType.REQUEST) {
            parts.remove(id); // nothing more of it comes, nor is it counted
            if (id > lastAccepted) {
                drop(part.cost());
            } else {
                answers.onCancelledInPart(id, part.cost());
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

    /** A one-way message is done with: its credit goes back, and its place if it has one. */
    void onTaken(long cost, boolean placed) {
        consume(cost);
        if (placed) {
            table.reception().leave(MessageType.ONE_WAY);
        }
    }

    /** A message is finished: its credit goes back. */
    void consume(long cost) {
        window.onConsumed(cost);
        table.wake();
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

    private @Nullable ErrorCode onFragment(long id, MessageFields packet) {
        Assembly part = parts.get(id);
        boolean begins = part == null;
        if (part == null) {
            if (seen.contains(id)) {
                return onUsedId(id);
            }
            if (parts.size() >= SendLane.MOST_UNDER_WAY) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            part = new Assembly(packet, table.hashSeed());
        }
        switch (part.examine(packet)) {
            case IMPOSSIBLE -> {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            case REPEATED -> {
                table.counters().duplicates++;
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
        } else if (part.type() == MessageType.ONE_WAY) {
            table.reception().onOneWay(id, part.cost(), part.name(), part.headers(), part.array(), 0, part.length());
        } else {
            answers.onRequest(id, part.cost(), part.name(), part.headers(), part.array(), 0, part.length());
        }
    }

    /** Gives a one-way message to the host. */
    void handOn(
            boolean placed, long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        IncomingMessage message = new IncomingMessage(this, placed, id, cost, name, headers, array, offset, length);
        table.host().onOneWay(message);
        message.delivered();
    }

    private void drop(long cost) {
        table.counters().dropped++;
        consume(cost);
    }

    /** A message's id comes again: a repeated packet, unless it contradicts the one that is here in part. */
    private @Nullable ErrorCode onUsedId(long id) {
        if (parts.get(id) != null) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        table.counters().duplicates++;
        return null;
    }
}
