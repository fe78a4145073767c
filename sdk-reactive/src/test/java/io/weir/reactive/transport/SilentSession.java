package io.weir.reactive.transport;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/** In place of a session: has nothing to say and takes everything. A defect fails the test. */
public class SilentSession implements Lanes, FrameSink {

    @Override
    public void begin() {}

    @Override
    public void control(FrameWriter out) {}

    @Override
    public boolean half(HalfLane half, FrameWriter out) {
        return false;
    }

    @Override
    public long message(FrameWriter out) {
        return NONE;
    }

    @Override
    public boolean mayFollow(long lane) {
        return false;
    }

    @Override
    public void sent(int bytes) {}

    @Override
    public boolean isFinished() {
        return false;
    }

    @Override
    public void messages(FrameWriter out, int upToPosition) {}

    @Override
    public void controlBehindHalves(FrameWriter out) {}

    @Override
    public void complete(FrameWriter out) {}

    @Override
    public void onInput() {}

    @Override
    public void onHeard(int bytes) {}

    @Override
    public boolean keepsFrames() {
        return false;
    }

    @Override
    public boolean onFrames(Lane lane, byte[] array, int length, boolean own) {
        return true;
    }

    @Override
    public void onViolation(ErrorCode error, String problem) {}

    @Override
    public void onFlushed() {}

    @Override
    public void onLost(@Nullable Throwable failure) {}

    @Override
    public void onDefect(Throwable defect) {
        throw new AssertionError(defect);
    }
}
