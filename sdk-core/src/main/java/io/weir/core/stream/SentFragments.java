package io.weir.core.stream;

import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import java.util.Arrays;

/** DATA frames of one half that were written one behind the other into one packet, as they stand there. */
final class SentFragments extends IntrusiveList.Node<SentFragments> implements FrameOwner {

    /** In place of {@link #end}: nothing is added any more. */
    static final int SEALED = -1;

    private static final byte[] NOTHING = {};

    private final SentData data;
    byte[] frames;
    int length;
    /** Where they end in the packet. */
    int end;

    /** @param array where they are kept, of any length; a longer one takes its place if need be */
    SentFragments(SentData data, byte[] array) {
        this.data = data;
        this.frames = array;
    }

    /**
     * What followed in the packet.
     *
     * @param room for more in the packet: what has a second part is likely to have many
     */
    void append(byte[] array, int from, int to, int room) {
        int more = to - from;
        if (more > frames.length - length) {
            frames = Arrays.copyOf(frames, length + more + (length == 0 ? 0 : room));
        }
        System.arraycopy(array, from, frames, length, more);
        length += more;
    }

    /** Gives up the array, as nobody needs the frames any more; what comes late of packets with them means nothing then. */
    byte[] release() {
        byte[] array = frames;
        frames = NOTHING;
        length = 0;
        return array;
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
