package io.weir.reactive.session.packet;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.LinkFrame.Feedback;
import org.jspecify.annotations.Nullable;

/** One datagram after the other on its way in, and what was in it once it is opened; each valid during onNext. */
final class InboundPacket {

    // Of the datagram.
    private byte[] datagram = PacketBuffers.NOTHING;
    private int offset;
    private int datagramLength;
    private @Nullable PathAddress from;
    private Ecn mark = Ecn.NOT_ECT;

    // Of what was in it.
    private byte[] frames = PacketBuffers.NOTHING;
    private int length;
    private boolean own;
    private boolean eliciting;
    private @Nullable Feedback feedback;

    /** A datagram has come, whatever it is; the array is borrowed. */
    void set(byte[] array, int at, int bytes, PathAddress address, Ecn ecn) {
        datagram = array;
        offset = at;
        datagramLength = bytes;
        from = address;
        mark = ecn;
    }

    byte[] datagram() {
        return datagram;
    }

    int offset() {
        return offset;
    }

    int datagramLength() {
        return datagramLength;
    }

    /** Where it says that it comes from; null before the first. */
    @Nullable
    PathAddress from() {
        return from;
    }

    Ecn mark() {
        return mark;
    }

    /**
     * It is authentic.
     *
     * @param told what stood in front of its frames
     * @param plaintext begins with the frames
     * @param bytes of the frames, without what stood in front
     * @param ownArray whether parts of the array may be kept
     * @param elicits whether there is more in it than FEEDBACK and PADDING
     */
    void opened(@Nullable Feedback told, byte[] plaintext, int bytes, boolean ownArray, boolean elicits) {
        feedback = told;
        frames = plaintext;
        length = bytes;
        own = ownArray;
        eliciting = elicits;
    }

    /** What stands in front of the frames, if it does. */
    @Nullable
    Feedback feedback() {
        return feedback;
    }

    /** Begins with the frames. */
    byte[] frames() {
        return frames;
    }

    /** Of the frames; 0 if there are none. */
    int length() {
        return length;
    }

    /** Whether parts of the array may be kept; if not, it is used again. */
    boolean own() {
        return own;
    }

    /** Whether there is more in it than FEEDBACK and PADDING, so that it is to be acknowledged. */
    boolean elicitsFeedback() {
        return eliciting;
    }

    /** The arrays belong to others again. */
    void clear() {
        datagram = PacketBuffers.NOTHING;
        frames = PacketBuffers.NOTHING;
        feedback = null;
    }
}
