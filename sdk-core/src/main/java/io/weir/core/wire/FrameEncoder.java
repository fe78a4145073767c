package io.weir.core.wire;

import java.util.List;

/** Writes any frame, field by field (PROTOCOL section 3). */
final class FrameEncoder {

    private FrameEncoder() {}

    static void encode(Frame frame, ByteSink out) {
        switch (frame.type()) {
            case PADDING -> out.zeros(((Frame.Padding) frame).length());
            case PING -> ping(frame.type(), ((Frame.Ping) frame).token(), out);
            case PONG -> ping(frame.type(), ((Frame.Pong) frame).token(), out);
            case HEARTBEAT -> out.varInt(frame.type().number());
            case HELLO -> HelloCodec.write((Frame.Hello) frame, out);
            case OPEN -> open((Frame.Open) frame, out);
            case WINDOW -> window((Frame.Window) frame, out);
            case BLOCKED -> blocked((Frame.Blocked) frame, out);
            case CLOSE -> close((Frame.Close) frame, out);
            case RESET -> reset((Frame.Reset) frame, out);
            case STOP -> stop((Frame.Stop) frame, out);
            case FEEDBACK -> feedback((Frame.Feedback) frame, out);
            case MESSAGE -> message((Frame.Message) frame, out);
            case GOAWAY -> goaway((Frame.Goaway) frame, out);
            case END -> end((Frame.End) frame, out);
            case DATA -> data((Frame.Data) frame, out);
            case UNKNOWN -> unknown((Frame.Unknown) frame, out);
        }
    }

    private static void ping(FrameType type, long token, ByteSink out) {
        out.varInt(type.number());
        out.u64(token);
    }

    private static void open(Frame.Open f, ByteSink out) {
        out.varInt(FrameType.OPEN.number());
        out.varInt(f.handle());
        out.u64(f.id());
        out.varInt(f.epoch());
        out.varInt(f.flags());
        if (f.hasWindow()) {
            out.varInt(f.window());
        }
        out.bytes(Text.encode("OPEN name", f.name()));
        f.headers().writeTo(out);
    }

    private static void window(Frame.Window f, ByteSink out) {
        out.varInt(FrameType.WINDOW.number());
        out.varInt(f.handle());
        out.varInt(f.consumed());
        out.varInt(f.limit());
    }

    private static void blocked(Frame.Blocked f, ByteSink out) {
        out.varInt(FrameType.BLOCKED.number());
        out.varInt(f.handle());
        out.varInt(f.limit());
        out.varInt(f.sent());
    }

    private static void close(Frame.Close f, ByteSink out) {
        out.varInt(FrameType.CLOSE.number());
        out.varInt(f.handle());
        out.varInt(f.finalOffset());
        out.varInt(f.elements());
        out.varInt(f.code());
    }

    private static void reset(Frame.Reset f, ByteSink out) {
        out.varInt(FrameType.RESET.number());
        out.varInt(f.handle());
        out.varInt(f.code());
    }

    private static void stop(Frame.Stop f, ByteSink out) {
        out.varInt(FrameType.STOP.number());
        out.varInt(f.handle());
        out.varInt(f.code());
    }

    private static void feedback(Frame.Feedback f, ByteSink out) {
        List<PacketRange> ranges = f.ranges();
        PacketRange above = ranges.get(0);
        out.varInt(FrameType.FEEDBACK.number());
        out.varInt(above.last());
        out.varInt(f.delayMicros());
        out.varInt(above.last() - above.first());
        out.varInt(ranges.size() - 1);
        for (int i = 1; i < ranges.size(); i++) {
            PacketRange range = ranges.get(i);
            out.varInt(above.first() - range.last() - 2);
            out.varInt(range.last() - range.first());
            above = range;
        }
        out.varInt(f.ect0());
        out.varInt(f.ect1());
        out.varInt(f.ce());
    }

    private static void message(Frame.Message f, ByteSink out) {
        out.varInt(FrameType.MESSAGE.number());
        out.varInt(f.messageType().ordinal());
        out.varInt(f.numPackets());
        out.varInt(f.packetId());
        out.varInt(f.replyId());
        if (f.packetId() == 0) {
            out.bytes(Text.encode("MESSAGE name", f.name()));
            f.headers().writeTo(out);
        }
        out.bytes(f.payload());
    }

    private static void goaway(Frame.Goaway f, ByteSink out) {
        out.varInt(FrameType.GOAWAY.number());
        out.varInt(f.lastHandle());
        out.varInt(f.lastMessageId());
        out.varInt(f.deadlineMillis());
        out.varInt(f.code());
    }

    private static void end(Frame.End f, ByteSink out) {
        out.varInt(FrameType.END.number());
        out.varInt(f.code());
    }

    private static void data(Frame.Data f, ByteSink out) {
        out.varInt(FrameType.DATA.number() | f.flags());
        out.varInt(f.handle());
        if (f.offset() >= 0) {
            out.varInt(f.offset());
        }
        if (f.seq() >= 0) {
            out.varInt(f.seq());
        }
        if (f.total() >= 0) {
            out.varInt(f.total());
        }
        out.bytes(f.payload());
    }

    private static void unknown(Frame.Unknown f, ByteSink out) {
        out.varInt(f.number());
        out.bytes(f.payload());
    }
}
