package io.weir.core.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the fields of any frame but DATA, MESSAGE and PADDING; a violation is left in the {@link ByteReader}. */
final class FrameDecoder {

    private FrameDecoder() {}

    /** The frame behind a type below 0x20; null if the bytes are no such frame. The type has been checked. */
    static @Nullable Frame decode(int type, ByteReader in) {
        return switch (type) {
            case 0x01 -> ping(in);
            case 0x02 -> pong(in);
            case 0x03 -> new SessionFrame.Heartbeat();
            case 0x04 -> HelloCodec.read(in);
            case 0x05 -> open(in);
            case 0x06 -> window(in);
            case 0x07 -> blocked(in);
            case 0x08 -> close(in);
            case 0x09 -> reset(in);
            case 0x0A -> stop(in);
            case 0x0B -> feedback(in);
            case 0x0D -> goaway(in);
            case 0x0E -> end(in);
            case 0x0F -> datagrams(in);
            default -> throw new IllegalStateException("frame type " + type + " was not checked");
        };
    }

    private static @Nullable Frame ping(ByteReader in) {
        long token = in.u64("PING token");
        return in.failed() ? null : new SessionFrame.Ping(token);
    }

    private static @Nullable Frame pong(ByteReader in) {
        long token = in.u64("PONG token");
        return in.failed() ? null : new SessionFrame.Pong(token);
    }

    private static @Nullable Frame open(ByteReader in) {
        long handle = in.varInt("OPEN handle", Frame.FIRST_HANDLE, VarInt.MAX);
        long id = in.u64("OPEN stream id");
        long epoch = in.varInt("OPEN epoch");
        long flags = in.varInt("OPEN flags");
        if ((flags & ~StreamFrame.Open.FLAGS) != 0) {
            in.fail("OPEN flags is " + flags);
        }
        boolean reliable = (flags & StreamFrame.Open.RELIABLE) != 0;
        long window = (flags & StreamFrame.Open.WINDOW) != 0 ? in.varInt("OPEN window") : StreamFrame.Open.NO_WINDOW;
        boolean handlerOnly = (flags & StreamFrame.Open.HANDLER_ONLY) != 0;
        boolean answer = (flags & StreamFrame.Open.ANSWER) != 0;
        String name = in.text("OPEN name");
        Headers headers = Headers.readFrom(in);
        return in.failed()
                ? null
                : new StreamFrame.Open(handle, id, epoch, reliable, window, handlerOnly, answer, name, headers);
    }

    private static @Nullable Frame window(ByteReader in) {
        long handle = in.varInt("WINDOW handle");
        long consumed = in.varInt("WINDOW consumed");
        long limit = in.varInt("WINDOW limit");
        return in.failed() ? null : new CreditFrame.Window(handle, consumed, limit);
    }

    private static @Nullable Frame blocked(ByteReader in) {
        long handle = in.varInt("BLOCKED handle");
        long limit = in.varInt("BLOCKED limit");
        long sent = in.varInt("BLOCKED sent");
        in.failIf(CreditFrame.Blocked.problem(limit, sent));
        return in.failed() ? null : new CreditFrame.Blocked(handle, limit, sent);
    }

    private static @Nullable Frame close(ByteReader in) {
        long handle = in.varInt("CLOSE handle", Frame.FIRST_HANDLE, VarInt.MAX);
        long finalOffset = in.varInt("CLOSE final offset");
        long elements = in.varInt("CLOSE elements");
        long code = in.varInt("CLOSE code");
        ErrorDetail detail = ErrorDetail.readBehind(code, in);
        in.failIf(StreamFrame.Close.problem(finalOffset, elements, detail));
        return in.failed() ? null : new StreamFrame.Close(handle, finalOffset, elements, code, detail);
    }

    private static @Nullable Frame reset(ByteReader in) {
        long handle = in.varInt("RESET handle", Frame.FIRST_HANDLE, VarInt.MAX);
        long code = in.varInt("RESET code");
        return in.failed() ? null : new StreamFrame.Reset(handle, code);
    }

    private static @Nullable Frame stop(ByteReader in) {
        long handle = in.varInt("STOP handle", Frame.FIRST_HANDLE, VarInt.MAX);
        long flags = in.varInt("STOP flags", 0, StreamFrame.Stop.REFUSES);
        long code = in.varInt("STOP code");
        return in.failed() ? null : new StreamFrame.Stop(handle, flags != 0, code);
    }

    private static @Nullable Frame datagrams(ByteReader in) {
        long handle = in.varInt("DATAGRAMS handle", Frame.FIRST_HANDLE, VarInt.MAX);
        long limit = in.varInt("DATAGRAMS limit");
        return in.failed() ? null : new StreamFrame.Datagrams(handle, limit);
    }

    private static @Nullable Frame feedback(ByteReader in) {
        long largest = in.varInt("FEEDBACK largest");
        long delayMicros = in.varInt("FEEDBACK delay");
        long below = in.varInt("FEEDBACK first range", 0, largest);
        int n = (int) in.varInt("FEEDBACK range count", 0, LinkFrame.Feedback.MAX_RANGES - 1);
        // A range takes two bytes at least, so that a count beyond the bytes at hand allocates nothing.
        if (in.failed() || n > in.remaining() / 2) {
            in.fail("FEEDBACK ranges are cut off");
            return null;
        }
        List<PacketRange> ranges = new ArrayList<>(n + 1);
        ranges.add(new PacketRange(largest - below, largest));
        for (int i = 0; i < n; i++) {
            long lowest = ranges.get(i).first();
            long last = lowest - 2 - in.varInt("FEEDBACK gap", 0, lowest - 2);
            long length = in.varInt("FEEDBACK range length", 0, last);
            if (in.failed()) {
                return null;
            }
            ranges.add(new PacketRange(last - length, last));
        }
        long ect0 = in.varInt("FEEDBACK ect0");
        long ect1 = in.varInt("FEEDBACK ect1");
        long ce = in.varInt("FEEDBACK ce");
        return in.failed() ? null : new LinkFrame.Feedback(ranges, delayMicros, ect0, ect1, ce);
    }

    private static @Nullable Frame goaway(ByteReader in) {
        long lastHandle = in.varInt("GOAWAY last handle");
        long lastMessageId = in.varInt("GOAWAY last message id");
        long deadlineMillis = in.varInt("GOAWAY deadline");
        long code = in.varInt("GOAWAY code");
        return in.failed() ? null : new SessionFrame.Goaway(lastHandle, lastMessageId, deadlineMillis, code);
    }

    private static @Nullable Frame end(ByteReader in) {
        long code = in.varInt("END code");
        return in.failed() ? null : new SessionFrame.End(code);
    }
}
