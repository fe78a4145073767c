package io.weir.reactive.transport.lanes;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.Lane;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hands on each frame in the lane where it belongs, in an array of its own. */
final class LaneSplitter implements FrameSink {

    private final FrameSink sink;
    private final FrameReader reader = new FrameReader();
    private final FrameWriter one = new FrameWriter(FrameWriter.RECORD_MAX, FrameWriter.RECORD_MAX);

    LaneSplitter(FrameSink sink) {
        this.sink = sink;
    }

    @Override
    public boolean onFrames(Lane lane, byte[] array, int length, boolean own) {
        reader.reset(array, 0, length);
        while (true) {
            boolean more;
            switch (reader.next()) {
                case DATA -> more = handOn(Lane.HALF, reader.data());
                case MESSAGE -> more = handOn(Lane.MESSAGE, reader.message().frame());
                case FRAME -> more = handOn(Lane.CONTROL, reader.frame());
                case MALFORMED -> {
                    sink.onViolation(reader.error(), reader.problem());
                    return false;
                }
                default -> {
                    return true;
                }
            }
            if (!more) {
                return false;
            }
        }
    }

    private boolean handOn(Lane lane, Frame frame) {
        one.reset();
        one.write(frame);
        byte[] bytes = Arrays.copyOf(one.array(), one.position());
        return sink.onFrames(lane, bytes, bytes.length, true);
    }

    // ---- as it is

    @Override
    public void onInput() {
        sink.onInput();
    }

    @Override
    public void onHeard(int bytes) {
        sink.onHeard(bytes);
    }

    @Override
    public boolean keepsFrames() {
        return sink.keepsFrames();
    }

    @Override
    public void onViolation(ErrorCode error, String problem) {
        sink.onViolation(error, problem);
    }

    @Override
    public void onFlushed() {
        sink.onFlushed();
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
