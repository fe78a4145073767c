package io.weir.core.wire;

import io.weir.core.error.ErrorCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pulls frames out of the plaintext of one record or packet, and is reused for the next. Never throws on a peer's bytes:
 * what is no frame ends the record with {@link Kind#MALFORMED}, for good. PADDING and unknown types from 0x40 up are
 * skipped. DATA and MESSAGE are read in place, without an object; their payload lies in the array given to {@link
 * #reset}, until {@link Kind#END}. Not thread safe; confined to the session's loop.
 *
 * <pre>
 *            reset()
 *              |
 *              v   next()
 *   +-----> reading -----> DATA | MESSAGE | FRAME --+
 *   |          |  |                                 |
 *   +----------|--|---------------------------------+
 *              |  +------> MALFORMED (stays)
 *              +---------> END (stays)
 * </pre>
 */
public final class FrameReader {

    /** What {@link #next} found. */
    public enum Kind {
        /** An element or a fragment; see {@link #handle()} and the accessors beside it. */
        DATA,
        /** A message or a fragment of one; see {@link #message()}. */
        MESSAGE,
        /** Any other frame; see {@link #frame()}. */
        FRAME,
        /** Nothing: the record is over. */
        END,
        /** Bytes that end the session; see {@link #error()}. */
        MALFORMED
    }

    private static final int WHOLE = StreamFrame.Data.FIRST | StreamFrame.Data.LAST;
    private static final int DATA = FrameType.DATA.number();
    private static final int WHOLE_TYPE = DATA | WHOLE;
    private static final int FLAGS = 0x0F;
    private static final int MESSAGE = FrameType.MESSAGE.number();
    private static final int LAST_CONTROL = FrameType.DATAGRAMS.number();

    private static final byte[] NO_BYTES = new byte[0];

    private final ByteReader fields = new ByteReader();

    private byte[] array = NO_BYTES;
    private int position;
    private int end;

    private long handle;
    private int flags;
    private long offset;
    private long seq;
    private long total;
    private int payloadOffset;
    private int payloadLength;

    /** Made for the first message: many sessions carry none. */
    private @Nullable MessageFields message;

    private @Nullable Frame frame;
    private ErrorCode error = ErrorCode.NONE;
    private String problem = "";

    /**
     * Begins a new record.
     *
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public FrameReader reset(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.position = offset;
        this.end = offset + length;
        this.frame = null;
        this.error = ErrorCode.NONE;
        this.problem = "";
        return this;
    }

    /** Lets go of the last record, and of what was read of it. */
    public void trim() {
        reset(NO_BYTES, 0, 0);
        fields.reset(NO_BYTES, 0, 0);
        message = null;
    }

    /** The next frame. What the accessors returned before is void. */
    public Kind next() {
        while (position < end) {
            int type = array[position];
            if ((type & ~FLAGS) == DATA) {
                return type == WHOLE_TYPE && wholeElement(position + 1) ? Kind.DATA : data(type & FLAGS, position + 1);
            }
            if (type == MESSAGE) {
                return message(position + 1);
            }
            if (type != 0) {
                Kind kind = other();
                if (kind != null) {
                    return kind;
                }
            } else {
                position++;
            }
        }
        if (error != ErrorCode.NONE) {
            return Kind.MALFORMED;
        }
        letGo();
        return Kind.END;
    }

    /** Of a record that is over: a session without traffic would keep it until the next one comes. */
    private void letGo() {
        if (array != NO_BYTES) {
            array = NO_BYTES;
            fields.reset(NO_BYTES, 0, 0);
            if (message != null) {
                message.letGo();
            }
        }
    }

    /**
     * The frame, after {@link Kind#FRAME}.
     *
     * @throws IllegalStateException after another kind
     */
    public Frame frame() {
        Frame result = frame;
        if (result == null) {
            throw new IllegalStateException("no frame was read");
        }
        return result;
    }

    /**
     * The message, after {@link Kind#MESSAGE}: the same object every time, void after the next frame.
     *
     * @throws IllegalStateException if no message was read yet
     */
    public MessageFields message() {
        MessageFields result = message;
        if (result == null) {
            throw new IllegalStateException("no message was read");
        }
        return result;
    }

    /** Where the next frame begins in the array, PADDING in front of it included. */
    public int position() {
        return position;
    }

    /** Why the bytes are malformed, after {@link Kind#MALFORMED}; {@link ErrorCode#NONE} before. */
    public ErrorCode error() {
        return error;
    }

    /** The violation in words for a local log, after {@link Kind#MALFORMED}; empty before. */
    public String problem() {
        return problem;
    }

    /** The sender's handle, 3 or more; after {@link Kind#DATA}, as all below. */
    public long handle() {
        return handle;
    }

    /** Whether the element begins here. */
    public boolean first() {
        return (flags & StreamFrame.Data.FIRST) != 0;
    }

    /** Whether the element ends here. */
    public boolean last() {
        return (flags & StreamFrame.Data.LAST) != 0;
    }

    /** Bytes of the whole element, more than this fragment has, if first and not last; -1 otherwise. */
    public long total() {
        return (flags & WHOLE) == StreamFrame.Data.FIRST ? total : -1;
    }

    /** Where this begins in the offset space of the half; -1 if absent. */
    public long dataOffset() {
        return (flags & StreamFrame.Data.OFFSET) != 0 ? offset : -1;
    }

    /** Number of the element; -1 if absent. */
    public long seq() {
        return (flags & StreamFrame.Data.SEQ) != 0 ? seq : -1;
    }

    /** Where the payload begins in the array. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Bytes of payload, 0 or more. */
    public int payloadLength() {
        return payloadLength;
    }

    /** What the accessors tell, as one object with a view of the payload. */
    public StreamFrame.Data data() {
        return new StreamFrame.Data(
                handle, first(), last(), dataOffset(), seq(), total(), Bytes.view(array, payloadOffset, payloadLength));
    }

    /**
     * Reads a whole element with a handle of one byte and a length of at most two, which is nearly all of them.
     *
     * @return false, with nothing changed, if it is another one or illegal
     */
    private boolean wholeElement(int start) {
        byte[] a = array;
        int available = end - start - 3;
        if (available < 0) {
            return false;
        }
        int handleByte = a[start];
        int length = a[start + 1];
        int at = start + 2;
        if ((length & 0xC0) == 0x40) {
            length = (length & 0x3F) << 8 | a[start + 2] & 0xFF;
            at++;
        }
        // A set high bit makes either negative: longer forms go the other way.
        if (handleByte < Frame.FIRST_HANDLE || handleByte > 0x3F || length < 0 || length > available) {
            return false;
        }
        flags = WHOLE;
        handle = handleByte;
        payloadOffset = at;
        payloadLength = length;
        position = at + length;
        return true;
    }

    private Kind data(int flags, int start) {
        byte[] a = array;
        int at = start;
        long handle = VarInt.read(a, at, end);
        if (handle < Frame.FIRST_HANDLE) {
            return malformed("DATA handle is cut off or below " + Frame.FIRST_HANDLE);
        }
        at += VarInt.lengthFrom(a[at]);
        if (flags != WHOLE) {
            at = optionalFields(flags, at);
        }
        long length = VarInt.read(a, at, end);
        if (length < 0) {
            return malformed("DATA length or a field before it is cut off");
        }
        at += VarInt.lengthFrom(a[at]);
        if (length > end - at) {
            return malformed("DATA payload is cut off");
        }
        this.flags = flags;
        this.handle = handle;
        this.payloadOffset = at;
        this.payloadLength = (int) length;
        this.position = at + (int) length;
        if (flags != WHOLE) {
            String violation = StreamFrame.Data.problem(first(), dataOffset(), total(), payloadLength);
            return violation == null ? Kind.DATA : malformed(violation);
        }
        return Kind.DATA;
    }

    /** Reads offset, seq and total; returns the position behind, or {@link #end} if one of them is cut off. */
    private int optionalFields(int flags, int start) {
        int at = start;
        if ((flags & StreamFrame.Data.OFFSET) != 0) {
            offset = VarInt.read(array, at, end);
            at = offset < 0 ? end : at + VarInt.lengthFrom(array[at]);
        }
        if ((flags & StreamFrame.Data.SEQ) != 0) {
            seq = VarInt.read(array, at, end);
            at = seq < 0 ? end : at + VarInt.lengthFrom(array[at]);
        }
        if ((flags & WHOLE) == StreamFrame.Data.FIRST) {
            total = VarInt.read(array, at, end);
            at = total < 0 ? end : at + VarInt.lengthFrom(array[at]);
        }
        return at;
    }

    private Kind message(int start) {
        MessageFields into = message;
        if (into == null) {
            into = new MessageFields();
            message = into;
        }
        int behind = into.readWhole(array, start, end);
        if (behind < 0) {
            into.read(array, fields.reset(array, start, end));
            if (fields.failed()) {
                return failed(ErrorCode.MALFORMED_FRAME);
            }
            behind = fields.position();
        }
        position = behind;
        return Kind.MESSAGE;
    }

    /** Reads a frame whose first byte is neither 0 nor the short form of DATA or MESSAGE; null if it was one to skip. */
    private @Nullable Kind other() {
        fields.reset(array, position, end);
        long type = fields.varInt("frame type");
        if (type >= DATA && type <= DATA + FLAGS) {
            return data((int) type & FLAGS, fields.position());
        }
        if (type == MESSAGE) {
            return message(fields.position());
        }
        if (type >= FrameType.UNKNOWN.number()) {
            fields.skip(fields.length("unknown frame", Integer.MAX_VALUE));
        } else if (type > LAST_CONTROL) {
            fields.fail("frame type " + type + " is unknown");
            return failed(ErrorCode.PROTOCOL_VIOLATION);
        } else if (type > 0) {
            frame = FrameDecoder.decode((int) type, fields);
        }
        if (fields.failed()) {
            return failed(ErrorCode.MALFORMED_FRAME);
        }
        position = fields.position();
        return type > 0 && type <= LAST_CONTROL ? Kind.FRAME : null;
    }

    private Kind failed(ErrorCode code) {
        String words = fields.problem();
        Kind kind = malformed(words == null ? "" : words);
        error = code;
        return kind;
    }

    private Kind malformed(String words) {
        error = ErrorCode.MALFORMED_FRAME;
        problem = words;
        frame = null;
        position = end;
        return Kind.MALFORMED;
    }
}
