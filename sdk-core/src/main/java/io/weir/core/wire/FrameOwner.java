package io.weir.core.wire;

/**
 * Who has written a frame, and is told what has become of the packet that it went in, by that packet's {@link PacketLedger}.
 *
 * <p>Losing a frame is no reason to send the same bytes again: its owner writes today's value, or nothing where the frame
 * is moot by now. Since a frame may be in several packets, one of which may be declared lost and be acknowledged later, each
 * owner keeps of each frame whether the peer is known to have it.
 *
 * <p>Only where {@link FrameOrder#NONE} is promised is anybody told anything. Called on the session's loop; may make frames
 * due, must not write them.
 */
public interface FrameOwner {

    /**
     * The peer has the frame.
     *
     * @param what the owner's own number of the kind of frame
     * @param argument what the owner has noted with it, by which it tells two frames of a kind apart
     */
    void onAcked(int what, long argument);

    /** The packet is taken to be lost: if the frame still matters, and the peer is not known to have it, it is due again. */
    void onLost(int what, long argument);
}
