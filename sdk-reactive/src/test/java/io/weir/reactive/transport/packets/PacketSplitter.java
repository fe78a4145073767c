package io.weir.reactive.transport.packets;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.Lane;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hands on each packet in an array of its own, and tells the other end that it has come. */
final class PacketSplitter implements FrameSink {

    private final FrameSink sink;
    private final PacketSource packets;
    private final FrameReader reader = new FrameReader();

    PacketSplitter(FrameSink sink, PacketSource packets) {
        this.sink = sink;
        this.packets = packets;
    }

    @Override
    public boolean onFrames(Lane lane, byte[] array, int length, boolean own) {
        reader.reset(array, 0, length);
        while (true) {
            switch (reader.next()) {
                case MESSAGE -> {
                    MessageFields packet = reader.message();
                    int from = packet.payloadOffset();
                    byte[] frames = Arrays.copyOfRange(array, from, from + packet.payloadLength());
                    packets.onCame(packet.replyId());
                    sink.onInput();
                    sink.onHeard(frames.length);
                    if (!sink.onFrames(Lane.MERGED, frames, frames.length, true)) {
                        return false;
                    }
                }
                case FRAME -> {
                    if (reader.frame() instanceof SessionFrame.Pong pong) {
                        packets.onAcked(pong.token());
                    }
                }
                case END -> {
                    return true;
                }
                default -> throw new AssertionError("not of this carrier: " + reader.problem());
            }
        }
    }

    @Override
    public void onInput() {
        // with each packet
    }

    @Override
    public void onHeard(int bytes) {
        sink.onHeard(0);
    }

    @Override
    public boolean keepsFrames() {
        return sink.keepsFrames();
    }

    @Override
    public void onFlushed() {
        // the source tells when END has left
    }

    // ---- as it is

    @Override
    public void onViolation(ErrorCode error, String problem) {
        sink.onViolation(error, problem);
    }

    @Override
    public void onLost(@Nullable Throwable failure) {
        sink.onLost(failure);
    }

    @Override
    public void onDefect(Throwable defect) {
        sink.onDefect(defect);
    }
}
