package io.weir.reactive.session.carrier;

import io.weir.core.credit.PackedQueue;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageTable;
import io.weir.core.stream.StreamId;
import io.weir.core.stream.StreamTable;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.reactive.transport.Lane;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives each frame of a lane to whom it concerns: the half-streams, the messages, or the session. Loop-confined. */
public final class Demultiplexer {

    private static final byte[] NOTHING = new byte[0];

    private final SessionFrames session;
    private final StreamTable table;
    private final boolean unordered;
    private final Supplier<@Nullable MessageTable> messages;
    private final FrameReader reader = new FrameReader();
    private byte[] current = NOTHING;
    private int currentLength;
    /** Parts of the current record's array may be kept; otherwise it is used again for the next one. */
    private boolean own;
    /** A payload of this record was, or is likely to be, kept: so will be those of the next. */
    private boolean keeping;
    /** Of the array of the last record, which is current again if it was borrowed. */
    private byte[] viewed = NOTHING;

    private ByteBuffer view = ByteBuffer.wrap(NOTHING);
    private String problem = "";

    /**
     * @param order of the frames; on NONE DATA says where it belongs
     * @param messages null before this side's HELLO, which promises what they may cost
     */
    public Demultiplexer(
            SessionFrames session, StreamTable table, Supplier<@Nullable MessageTable> messages, FrameOrder order) {
        this.unordered = order == FrameOrder.NONE;
        this.session = session;
        this.table = table;
        this.messages = messages;
    }

    /** Whom the frames of the session itself concern, and how far it is. */
    public interface SessionFrames {
        /** Whether streams and messages are dispatched. */
        boolean isOpen();

        /** Nothing more is dispatched. */
        boolean isEnding();

        /** Whether the peer's HELLO was heard, before which no other frame may come. */
        boolean helloHeard();

        @Nullable
        ErrorCode onHello(Hello hello);

        @Nullable
        ErrorCode onGoaway(SessionFrame.Goaway goaway);

        void onPing(long token);

        void onPong(long token);

        void onPeerEnd(long code);
    }

    /** Lets go of the last record. */
    public void trim() {
        reader.trim();
        current = NOTHING;
        viewed = NOTHING;
        view = ByteBuffer.wrap(NOTHING);
    }

    /** Whether the next frames want an array of their own, since payloads of the last ones were kept. */
    public boolean keepsFrames() {
        return keeping;
    }

    /**
     * Dispatches whole frames; what it returns other than null ends the session.
     *
     * @param lane in which they came: none may be in a lane where it does not belong
     * @param length of the frames, which begin the array
     * @param ownArray whether parts of the array may be kept; if not, it is used again after the call
     */
    public @Nullable ErrorCode onFrames(Lane lane, byte[] plaintext, int length, boolean ownArray) {
        current = plaintext;
        currentLength = length;
        own = ownArray;
        keeping = false;
        if (viewed != plaintext) {
            viewed = plaintext;
            view = ByteBuffer.wrap(plaintext).asReadOnlyBuffer();
        }
        reader.reset(plaintext, 0, length);
        try {
            while (!session.isEnding()) {
                ErrorCode error = null;
                FrameReader.Kind kind = reader.next();
                if (lane != Lane.MERGED && isElsewhere(kind, lane, reader)) {
                    problem = describe(kind) + ", in the lane " + lane;
                    return ErrorCode.PROTOCOL_VIOLATION;
                }
                switch (kind) {
                    case DATA -> error = onData(lane);
                    case MESSAGE -> error = onMessage();
                    case FRAME -> error = onFrame(reader.frame(), lane);
                    case MALFORMED -> error = reader.error();
                    case END -> {
                        return null;
                    }
                }
                if (error != null) {
                    problem = describe(kind);
                    return error;
                }
            }
            return afterEnd();
        } finally {
            current = NOTHING;
        }
    }

    private static boolean isElsewhere(FrameReader.Kind kind, Lane lane, FrameReader reader) {
        return switch (kind) {
            case DATA -> lane != Lane.HALF && lane != Lane.DATAGRAM;
            case MESSAGE -> lane != Lane.MESSAGE;
            case FRAME ->
                lane != Lane.CONTROL && !(lane == Lane.HALF && reader.frame() instanceof StreamFrame.Datagrams);
            case MALFORMED, END -> false;
        };
    }

    /** In words, what {@link #onFrames} has found wrong; empty if nothing. */
    public String problem() {
        return problem;
    }

    private String describe(FrameReader.Kind kind) {
        String what = switch (kind) {
            case MALFORMED -> reader.problem();
            case DATA ->
                "DATA of handle " + reader.handle() + ", " + reader.payloadLength() + " bytes"
                        + (reader.first() ? ", first" : "") + (reader.last() ? ", last" : "");
            case MESSAGE -> {
                MessageFields message = reader.message();
                yield "MESSAGE " + message.type() + ", id " + message.replyId() + ", packet " + message.packetId()
                        + " of " + message.numPackets() + ", " + message.payloadLength() + " bytes";
            }
            case FRAME ->
                reader.frame() instanceof StreamFrame.Open open
                        ? "OPEN of handle " + open.handle() + ", epoch " + open.epoch() + ", stream "
                                + new StreamId(open.id())
                        : reader.frame().toString();
            case END -> "";
        };
        return what + (session.helloHeard() ? "" : ", before HELLO");
    }

    /** As {@link io.weir.reactive.session.loop.SessionContext#view}. */
    public ByteBuffer view(byte[] array, int offset, int length, boolean kept) {
        if (array != current) {
            return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
        }
        if (!kept) {
            return view.slice(offset, length);
        }
        keeping = true;
        return own
                ? view.slice(offset, length)
                : ByteBuffer.wrap(Arrays.copyOfRange(array, offset, offset + length))
                        .asReadOnlyBuffer();
    }

    private @Nullable ErrorCode onData(Lane lane) {
        if (!session.isOpen()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (lane == Lane.DATAGRAM) {
            return onDatagram();
        }
        if (unordered) {
            return onUnorderedData();
        }
        // an ordered link implies both: a peer that says them could only lie
        if (reader.dataOffset() >= 0 || reader.seq() >= 0) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        return table.onData(
                reader.handle(),
                reader.first(),
                reader.last(),
                reader.total(),
                current,
                reader.payloadOffset(),
                reader.payloadLength(),
                own ? currentLength : PackedQueue.ALWAYS_COPY);
    }

    private @Nullable ErrorCode onDatagram() {
        if (reader.dataOffset() < 0 || !reader.first() || !reader.last()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        return table.onDatagram(
                reader.handle(),
                reader.dataOffset(),
                current,
                reader.payloadOffset(),
                reader.payloadLength(),
                own ? currentLength : PackedQueue.ALWAYS_COPY);
    }

    private @Nullable ErrorCode onUnorderedData() {
        if (reader.dataOffset() < 0) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        return table.onUnorderedData(
                reader.handle(),
                reader.first(),
                reader.last(),
                reader.dataOffset(),
                reader.seq(),
                reader.total(),
                current,
                reader.payloadOffset(),
                reader.payloadLength(),
                own ? currentLength : PackedQueue.ALWAYS_COPY);
    }

    private @Nullable ErrorCode onMessage() {
        MessageTable open = session.isOpen() ? messages.get() : null;
        if (open == null) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (!own) {
            reader.message().detach(); // handlers keep it
        }
        return open.onMessage(reader.message());
    }

    private @Nullable ErrorCode onFrame(Frame frame, Lane lane) {
        if (!session.isOpen() && !mayComeEarlier(frame)) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        return switch (frame.type()) {
            case HELLO -> session.onHello((Hello) frame);
            case PING -> {
                session.onPing(((SessionFrame.Ping) frame).token());
                yield null;
            }
            case PONG -> {
                session.onPong(((SessionFrame.Pong) frame).token());
                yield null;
            }
            case OPEN -> table.onOpen((StreamFrame.Open) frame);
            case WINDOW -> onWindow((CreditFrame.Window) frame);
            case BLOCKED -> onBlocked((CreditFrame.Blocked) frame);
            case CLOSE -> table.onClose((StreamFrame.Close) frame);
            case RESET -> table.onReset((StreamFrame.Reset) frame);
            case STOP -> table.onStop((StreamFrame.Stop) frame);
            case DATAGRAMS -> table.onDatagrams((StreamFrame.Datagrams) frame, lane == Lane.HALF);
            case END -> {
                session.onPeerEnd(((SessionFrame.End) frame).code());
                yield null;
            }
            case PADDING, HEARTBEAT, UNKNOWN -> null;
            case GOAWAY -> session.onGoaway((SessionFrame.Goaway) frame);
            // FEEDBACK is for datagrams; the others are not read as frames
            case MESSAGE, FEEDBACK, DATA -> ErrorCode.PROTOCOL_VIOLATION;
        };
    }

    /**
     * Before both sides have said HELLO: that, END, and between the two HELLOs what only says that the peer lives. A PING over
     * datagrams proves an address, and HELLO may have been sent to the one before.
     */
    private boolean mayComeEarlier(Frame frame) {
        return switch (frame.type()) {
            case HELLO, END, PADDING, UNKNOWN -> true;
            case PING -> unordered || session.helloHeard();
            case PONG, HEARTBEAT -> session.helloHeard();
            case OPEN, WINDOW, BLOCKED, CLOSE, RESET, STOP, DATAGRAMS, FEEDBACK, MESSAGE, GOAWAY, DATA -> false;
        };
    }

    private @Nullable ErrorCode onWindow(CreditFrame.Window frame) {
        if (!isForMessages(frame.handle())) {
            return table.onWindow(frame);
        }
        MessageTable open = messages.get();
        return open == null ? null : open.onWindow(frame);
    }

    private @Nullable ErrorCode onBlocked(CreditFrame.Blocked frame) {
        if (!isForMessages(frame.handle())) {
            return table.onBlocked(frame);
        }
        MessageTable open = messages.get();
        return open == null ? null : open.onBlocked(frame);
    }

    private static boolean isForMessages(long handle) {
        return handle == CreditFrame.REQUESTS_HANDLE || handle == CreditFrame.REPLIES_HANDLE;
    }

    /** This side has said END and waits for the link to close: only the peer's END still matters. */
    private @Nullable ErrorCode afterEnd() {
        while (true) {
            switch (reader.next()) {
                case FRAME -> {
                    if (reader.frame() instanceof SessionFrame.End end) {
                        session.onPeerEnd(end.code());
                        return null;
                    }
                }
                case DATA, MESSAGE -> {}
                case END, MALFORMED -> {
                    return null;
                }
            }
        }
    }
}
