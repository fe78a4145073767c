package io.weir.core.wire;

/**
 * What order the frames of a session keep on the way to the peer. It is a property of what carries them; each end of a
 * session is made for one order. PROTOCOL section 4, "Order".
 */
public enum FrameOrder {

    /** All come, in the order in which they were written: TCP. */
    TOTAL(FrameOrder.ANY),

    /**
     * All come. Control frames are in order among themselves, so are the DATA of each half and the packets of each message;
     * nothing is promised between them: QUIC.
     */
    PER_HALF(FrameOrder.ANY),

    /** As PER_HALF, and fire-and-forget halves of this side may go by datagrams, which may be lost: QUIC whose peer takes those. */
    PER_HALF_DATAGRAMS(FrameOrder.ANY),

    /** Frames may be lost, come in any order, and come again: datagrams. */
    NONE(960);

    /** The longest name and the largest headers. */
    private static final int ANY = 255 + 4_096;

    private final int mostHeadBytes;

    FrameOrder(int mostHeadBytes) {
        this.mostHeadBytes = mostHeadBytes;
    }

    /** Whether all comes that is in a lane, in its order, and nothing is promised between lanes. */
    public boolean isPerHalf() {
        return this == PER_HALF || this == PER_HALF_DATAGRAMS;
    }

    /**
     * Most bytes of name and headers together, of an OPEN or of packet 0 of a message: they go in one frame, and that in one
     * packet, beside some DATA.
     */
    public int mostHeadBytes() {
        return mostHeadBytes;
    }
}
