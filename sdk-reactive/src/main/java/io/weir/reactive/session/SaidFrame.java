package io.weir.reactive.session;

import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * A frame of which a session says one, or a later one in its place. Where frames may be lost the latest is due again until the
 * peer is known to have it; elsewhere it is let go once written. Loop-confined.
 */
final class SaidFrame implements FrameOwner {

    private static final int KIND = 0;

    private final Runnable wake;
    private @Nullable Frame frame;
    private boolean due;
    /** How many were said: which of them was the latest. */
    private long said;

    /** @param wake called when the frame is due again because it was lost */
    SaidFrame(Runnable wake) {
        this.wake = wake;
    }

    /** This one is to be written, in place of any before. */
    void say(Frame latest) {
        frame = latest;
        due = true;
        said++;
    }

    boolean isDue() {
        return due;
    }

    /** Writes it if it is due; there is room. */
    void write(FrameWriter out) {
        Frame latest = frame;
        if (!due || latest == null) {
            return;
        }
        due = false;
        out.write(latest);
        if (out.isNoted()) {
            out.note(this, KIND, said);
        } else {
            frame = null;
        }
    }

    /** Writes it again, in front of what may follow, as long as the peer is not known to have it. */
    void accompany(FrameWriter out) {
        Frame latest = frame;
        if (due) {
            write(out);
        } else if (latest != null && out.isNoted()) {
            int from = out.position();
            out.write(latest);
            out.note(this, KIND, said);
            out.markCompanion(from);
        }
    }

    @Override
    public void onAcked(int what, long number) {
        if (number == said && frame != null) {
            frame = null;
            due = false;
            wake.run(); // what had no room beside it has now
        }
    }

    @Override
    public void onLost(int what, long number) {
        if (number == said && frame != null && !due) {
            due = true;
            wake.run();
        }
    }
}
