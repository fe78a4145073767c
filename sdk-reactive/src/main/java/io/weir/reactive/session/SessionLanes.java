package io.weir.reactive.session;

import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;

/**
 * What a session says, lane by lane: in the control lane its own frames first, then those of streams and messages; streams and
 * messages only while it is open. Loop-confined.
 */
final class SessionLanes implements Lanes {

    private final SessionCore core;

    /** Where the frames of streams and messages begin in what is written; nowhere if there are to be none. */
    private int others;

    /** Frames of streams or messages were written to a lane of their own. */
    private boolean traffic;

    SessionLanes(SessionCore core) {
        this.core = core;
    }

    @Override
    public void begin() {
        core.tick();
        others = Integer.MAX_VALUE;
        traffic = false;
    }

    @Override
    public void control(FrameWriter out) {
        core.control().write(out);
        if (core.life().isOpen()) {
            core.watch().write(out);
            others = out.position();
            core.streams().writeControl(out);
            core.messages().writeControl(out);
            traffic = out.position() > others;
        }
    }

    @Override
    public boolean half(HalfLane half, FrameWriter out) {
        if (!core.life().isOpen()) {
            return false;
        }
        traffic = true;
        return half.write(out);
    }

    @Override
    public long message(FrameWriter out) {
        if (!core.life().isOpen()) {
            return NONE;
        }
        traffic = true;
        return core.messages().writeOne(out);
    }

    @Override
    public boolean mayFollow(long lane) {
        return core.messages().mayFollow(lane);
    }

    @Override
    public void sent(int bytes) {
        if (traffic) {
            core.watch().onTraffic();
            core.used();
        }
        core.streams().onFilled();
        core.onWritten(bytes);
        core.drain().check();
    }

    @Override
    public boolean isFinished() {
        return core.control().endWritten();
    }

    // ---- merged

    @Override
    public void messages(FrameWriter out, int upToPosition) {
        if (core.life().isOpen()) {
            core.messages().write(out, upToPosition);
        }
    }

    @Override
    public void controlBehindHalves(FrameWriter out) {
        if (core.life().isOpen()) {
            core.streams().writeEnds(out);
        }
    }

    @Override
    public void complete(FrameWriter out) {
        if (core.life().isOpen() && out.position() > others && !out.isBare()) {
            core.watch().writeOnTraffic(out);
            core.used();
        }
        core.streams().onFilled();
        if (out.isBare()) {
            out.discard();
        } else {
            core.onWritten(out.position());
        }
        core.drain().check();
    }
}
