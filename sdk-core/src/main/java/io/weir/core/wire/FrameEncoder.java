package io.weir.core.wire;

import java.util.List;

/** Writes any frame, field by field (PROTOCOL section 3). */
final class FrameEncoder {

    private FrameEncoder() {}

    static void encode(Frame frame, ByteSink out) {
        switch (frame.type()) {
            case PADDING -> out.zeros(((LinkFrame.Padding) frame).length());
            case PING -> ping(frame.type(), ((SessionFrame.Ping) frame).token(), out);
            case PONG -> ping(frame.type(), ((SessionFrame.Pong) frame).token(), out);
            case HEARTBEAT -> out.varInt(frame.type().number());
            case HELLO -> HelloCodec.write((Hello) frame, out);
            case OPEN -> open((StreamFrame.Open) frame, out);
            case WINDOW -> window((CreditFrame.Window) frame, out);
            case BLOCKED -> blocked((CreditFrame.Blocked) frame, out);
            case CLOSE -> close((StreamFrame.Close) frame, out);
            case RESET -> reset((StreamFrame.Reset) frame, out);
            case STOP -> stop((StreamFrame.Stop) frame, out);
            case FEEDBACK -> feedback((LinkFrame.Feedback) frame, out);
            case MESSAGE -> message((MessageFrame) frame, out);
            case GOAWAY -> goaway((SessionFrame.Goaway) frame, out);
            case END -> end((SessionFrame.End) frame, out);
            case DATAGRAMS -> datagrams((StreamFrame.Datagrams) frame, out);
            case DATA -> data((StreamFrame.Data) frame, out);
            case UNKNOWN -> unknown((LinkFrame.Unknown) frame, out);
        }
    }

    private static void ping(FrameType type, long token, ByteSink out) {
        out.varInt(type.number());
        out.u64(token);
    }

    private static void open(StreamFrame.Open f, ByteSink out) {
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

    private static void window(CreditFrame.Window f, ByteSink out) {
        out.varInt(FrameType.WINDOW.number());
        out.varInt(f.handle());
        out.varInt(f.consumed());
        out.varInt(f.limit());
    }

    private static void blocked(CreditFrame.Blocked f, ByteSink out) {
        out.varInt(FrameType.BLOCKED.number());
        out.varInt(f.handle());
        out.varInt(f.limit());
        out.varInt(f.sent());
    }

    private static void close(StreamFrame.Close f, ByteSink out) {
        out.varInt(FrameType.CLOSE.number());
        out.varInt(f.handle());
        out.varInt(f.finalOffset());
        out.varInt(f.elements());
        out.varInt(f.code());
        f.detail().writeBehind(f.code(), out);
    }

    private static void reset(StreamFrame.Reset f, ByteSink out) {
        out.varInt(FrameType.RESET.number());
        out.varInt(f.handle());
        out.varInt(f.code());
    }

    private static void stop(StreamFrame.Stop f, ByteSink out) {
        out.varInt(FrameType.STOP.number());
        out.varInt(f.handle());
        out.varInt(f.flags());
        out.varInt(f.code());
    }

    private static void datagrams(StreamFrame.Datagrams f, ByteSink out) {
        out.varInt(FrameType.DATAGRAMS.number());
        out.varInt(f.handle());
        out.varInt(f.limit());
    }

    private static void feedback(LinkFrame.Feedback f, ByteSink out) {
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

    private static void message(MessageFrame f, ByteSink out) {
        out.varInt(FrameType.MESSAGE.number());
        out.varInt(f.wireType());
        out.varInt(f.numPackets());
        out.varInt(f.packetId());
        out.varInt(f.replyId());
        if (f.millisLeft() != MessageFrame.NO_LIMIT) {
            out.varInt(f.millisLeft());
        }
        if (f.packetId() == 0) {
            out.bytes(Text.encode("MESSAGE name", f.name()));
            f.headers().writeTo(out);
        }
        out.bytes(f.payload());
    }

    private static void goaway(SessionFrame.Goaway f, ByteSink out) {
        out.varInt(FrameType.GOAWAY.number());
        out.varInt(f.lastHandle());
        out.varInt(f.lastMessageId());
        out.varInt(f.deadlineMillis());
        out.varInt(f.code());
    }

    private static void end(SessionFrame.End f, ByteSink out) {
        out.varInt(FrameType.END.number());
        out.varInt(f.code());
    }

    private static void data(StreamFrame.Data f, ByteSink out) {
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

    private static void unknown(LinkFrame.Unknown f, ByteSink out) {
        out.varInt(f.number());
        out.bytes(f.payload());
    }
}
