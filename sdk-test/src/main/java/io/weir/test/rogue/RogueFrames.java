package io.weir.test.rogue;

import io.weir.core.wire.Bytes;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.LinkFrame;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import java.util.Arrays;
import java.util.List;

/** What a {@link RoguePeer} says: frames as an honest peer would write them, and bytes as none would. */
public final class RogueFrames {

    private RogueFrames() {}

    /** OPEN of the first epoch of the stream whose id is the handle; reliable, without headers. */
    public static StreamFrame.Open open(long handle, String name) {
        return open(handle, handle, 1, name);
    }

    /** OPEN of a reliable stream without headers. */
    public static StreamFrame.Open open(long handle, long id, long epoch, String name) {
        return new StreamFrame.Open(handle, id, epoch, true, name, Headers.empty());
    }

    /** OPEN as {@link #open(long, String)}, with a window of its own for the half that answers. */
    public static StreamFrame.Open openWithWindow(long handle, long window, String name) {
        return new StreamFrame.Open(handle, handle, 1, true, window, false, false, name, Headers.empty());
    }

    /** The OPEN that answers this one; reliable. */
    public static StreamFrame.Open answer(long handle, StreamFrame.Open opened) {
        return new StreamFrame.Open(
                handle,
                opened.id(),
                opened.epoch(),
                true,
                StreamFrame.Open.NO_WINDOW,
                false,
                true,
                "",
                Headers.empty());
    }

    /** A whole element of so many zero bytes. */
    public static StreamFrame.Data data(long handle, int length) {
        return new StreamFrame.Data(handle, true, true, -1, -1, -1, zeros(length));
    }

    /** The first fragment of an element of {@code total} bytes, of which it has {@code length}. */
    public static StreamFrame.Data fragment(long handle, long total, int length) {
        return new StreamFrame.Data(handle, true, false, -1, -1, total, zeros(length));
    }

    /** A further fragment. */
    public static StreamFrame.Data further(long handle, int length, boolean last) {
        return new StreamFrame.Data(handle, false, last, -1, -1, -1, zeros(length));
    }

    /** A whole element of so many zero bytes at that place of the offset space, as datagrams have it. */
    public static StreamFrame.Data dataAt(long handle, long offset, int length) {
        return new StreamFrame.Data(handle, true, true, offset, -1, -1, zeros(length));
    }

    /** The first fragment of an element of {@code total} bytes at that place. */
    public static StreamFrame.Data fragmentAt(long handle, long offset, long total, int length) {
        return new StreamFrame.Data(handle, true, false, offset, -1, total, zeros(length));
    }

    /** A further fragment at that place. */
    public static StreamFrame.Data furtherAt(long handle, long offset, int length, boolean last) {
        return new StreamFrame.Data(handle, false, last, offset, -1, -1, zeros(length));
    }

    /** A message in one part, for the name {@code m} if its type has one. */
    public static MessageFrame message(MessageType type, long id, int length) {
        return message(type, id, 1, 0, length);
    }

    /** One of the parts of a message, for the name {@code m} if its type and part have one. */
    public static MessageFrame message(MessageType type, long id, int parts, int part, int length) {
        boolean named = part == 0 && (type == MessageType.REQUEST || type == MessageType.ONE_WAY);
        return new MessageFrame(type, parts, part, id, named ? "m" : "", Headers.empty(), zeros(length));
    }

    /** FEEDBACK that acknowledges these packets, at once, and has seen no marks. */
    public static LinkFrame.Feedback feedback(long first, long last) {
        return new LinkFrame.Feedback(List.of(new PacketRange(first, last)), 0, 0, 0, 0);
    }

    /** The plaintext of a record, or a packet, of these frames. */
    public static byte[] plaintext(Frame... frames) {
        FrameWriter writer = new FrameWriter(FrameWriter.RECORD_MAX, FrameWriter.RECORD_MAX);
        for (Frame frame : frames) {
            if (!writer.write(frame)) {
                throw new IllegalArgumentException("the frames do not fit into one record");
            }
        }
        return Arrays.copyOf(writer.array(), writer.position());
    }

    /** A frame type and its fields as varints, legal or not. */
    public static byte[] raw(long type, long... fields) {
        byte[] bytes = new byte[VarInt.MAX_LENGTH * (1 + fields.length)];
        int end = VarInt.write(bytes, 0, type);
        for (long field : fields) {
            end = VarInt.write(bytes, end, field);
        }
        return Arrays.copyOf(bytes, end);
    }

    /** One behind the other. */
    public static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int end = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, end, part.length);
            end += part.length;
        }
        return all;
    }

    private static Bytes zeros(int length) {
        return Bytes.copyOf(new byte[length]);
    }
}
