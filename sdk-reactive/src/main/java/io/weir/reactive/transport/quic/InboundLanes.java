package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.MarkFrames;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All streams of the peer's on one connection, and in which order they have their turn: those of halves and messages when HELLO has
 * come, that of END when every one before it has ended. QUIC bounds how many there are at once. Loop-confined.
 */
final class InboundLanes {

    /** Streams that were reset, or ended without a byte, in the life of a session; one more ends it. Netty remembers each. */
    static final int MOST_FUTILE = 1_024;

    /** Datagrams that wait for HELLO; further ones are lost. */
    private static final int MOST_EARLY = 64;

    private final FrameSink sink;
    private final MarkFrames.Taker marks;
    private final Set<LaneInput> waiting = new LinkedHashSet<>();
    private final Deque<ByteBuf> early = new ArrayDeque<>();
    private @Nullable LaneInput last;
    private final PartialBlock.Spare spare;
    private final PartialBlock arriving;
    private boolean controlSeen;
    private boolean helloHeard;
    private boolean open = true;
    private long ended;
    private int futile;

    /** @param marks hears what the peer says of marks */
    InboundLanes(FrameSink sink, MarkFrames.Taker marks) {
        this.sink = sink;
        this.marks = marks;
        this.spare = new PartialBlock.Spare(sink::keepsFrames);
        this.arriving = new PartialBlock(spare);
    }

    /** For what comes of blocks. */
    PartialBlock.Spare spare() {
        return spare;
    }

    /** Whether anything is taken. */
    boolean isOpen() {
        return open;
    }

    /** Nothing is taken or told any more. */
    void shut() {
        open = false;
        waiting.clear();
        last = null;
        early.forEach(ByteBuf::release);
        early.clear();
        trim();
    }

    /** Gives up memory that nothing under way needs. */
    void trim() {
        spare.trim();
    }

    /** The peer's HELLO has come. */
    void onPeerHello() {
        helloHeard = true;
        List<LaneInput> inTurn = new ArrayList<>(waiting);
        waiting.clear();
        inTurn.forEach(LaneInput::goOn);
        for (ByteBuf datagram = early.poll(); datagram != null; datagram = early.poll()) {
            onDatagram(datagram);
            datagram.release();
        }
    }

    // ---- for each stream

    /** Whether the turn of that type has come. */
    boolean takes(StreamType type) {
        return open
                && switch (type) {
                    case CONTROL -> true;
                    case HALF, MESSAGES -> helloHeard;
                    case END -> last != null && ended == last.number();
                };
    }

    /** The first byte of a stream has come; null if there is no such type, or not now. */
    @Nullable
    StreamType onType(LaneInput input, int number) {
        StreamType type = StreamType.of(number);
        if (type == null) {
            onViolation("a stream is of type " + number + "; legal: 0 to " + (StreamType.values().length - 1));
            return null;
        }
        boolean again = type == StreamType.CONTROL && controlSeen || type == StreamType.END && last != null;
        if (again) {
            onViolation("there is a second stream of type " + type);
            return null;
        }
        switch (type) {
            case CONTROL -> controlSeen = true;
            case END -> last = input;
            case HALF, MESSAGES -> {
                if (!helloHeard) {
                    waiting.add(input);
                }
            }
        }
        return type;
    }

    /** A block has come, all of it. */
    void onBlock(StreamType type, PartialBlock block) {
        byte[] array = block.release();
        if (MarkFrames.begin(array, block.length())) {
            takeMarks(array, block.length());
        } else {
            takeFrames(type.lane(), array, block.length());
        }
    }

    private void takeMarks(byte[] array, int length) {
        sink.onInput();
        sink.onHeard(length);
        String problem = MarkFrames.read(array, length, marks);
        spare.giveBack(array);
        if (problem != null) {
            open = false;
            sink.onViolation(ErrorCode.MALFORMED_FRAME, problem);
        }
    }

    private void takeFrames(Lane lane, byte[] array, int length) {
        sink.onInput();
        boolean own = sink.keepsFrames();
        byte[] frames = own && array.length != length ? Arrays.copyOf(array, length) : array;
        sink.onHeard(length);
        if (!sink.onFrames(lane, frames, length, own)) {
            open = false;
        } else if (!own) {
            spare.giveBack(frames);
        }
    }

    /** A datagram has come: whole frames. Before HELLO it waits, if not too many do. */
    void onDatagram(ByteBuf datagram) {
        if (!open || !datagram.isReadable()) {
            return;
        }
        if (!helloHeard) {
            if (early.size() < MOST_EARLY) {
                early.add(datagram.retain());
            }
            return;
        }
        arriving.begin(datagram.readableBytes());
        arriving.take(datagram);
        takeFrames(Lane.DATAGRAM, arriving.release(), arriving.length());
    }

    /** A stream has ended, by a reset or in good order. */
    void onEnd(LaneInput input, @Nullable StreamType type, boolean reset) {
        waiting.remove(input);
        ended++;
        if (!open) {
            return;
        }
        if ((reset || type == null) && ++futile > MOST_FUTILE) {
            onViolation("more than " + MOST_FUTILE + " streams were reset, or had nothing in them");
        } else if (reset && (type == StreamType.CONTROL || type == StreamType.END)) {
            onViolation("the stream of type " + type + " was reset");
        } else if (last != null && last != input) {
            last.goOn();
        }
    }

    void onViolation(String problem) {
        if (open) {
            open = false;
            sink.onViolation(ErrorCode.PROTOCOL_VIOLATION, problem);
        }
    }

    void onDefect(Throwable defect) {
        if (open) {
            sink.onDefect(defect);
        }
    }
}
