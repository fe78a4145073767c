package io.weir.core.stream;

import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import java.util.Arrays;

/** DATA frames of one half that were written one behind the other into one packet, as they stand there. */
final class SentFragments extends IntrusiveList.Node<SentFragments> implements FrameOwner {

    /** In place of {@link #end}: nothing is added any more. */
    static final int SEALED = -1;

    private final SentData data;
    byte[] frames;
    int length;
    /** Where they end in the packet. */
    int end;

    SentFragments(SentData data, byte[] frames) {
        this.data = data;
        this.frames = frames;
        this.length = frames.length;
    }

    /** What followed in the packet. */
    void append(byte[] array, int from, int to) {
        int more = to - from;
        if (more > frames.length - length) {
            frames = Arrays.copyOf(frames, Math.max(2 * frames.length, length + more));
        }
        System.arraycopy(array, from, frames, length, more);
        length += more;
    }

    /** Those before this position are another piece now. */
    void keepFrom(int position) {
        frames = Arrays.copyOfRange(frames, position, length);
        length = frames.length;
    }

    /** The first of them was cut in two, the first part of which is another piece now. */
    void become(FrameWriter rest) {
        frames = Arrays.copyOf(rest.array(), rest.position());
        length = frames.length;
    }

    /** For the rest of frames of so many bytes, the first of which was cut. */
    static FrameWriter writer(int length) {
        int most = Math.min(length + 2 * Long.BYTES, FrameWriter.RECORD_MAX);
        return new FrameWriter(most, most);
    }

    @Override
    public void onAcked(int what, long argument) {
        data.onAcked(this);
    }

    @Override
    public void onLost(int what, long argument) {
        data.onLost(this);
    }
}
