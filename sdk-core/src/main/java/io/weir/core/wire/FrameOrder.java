package io.weir.core.wire;

/**
 * What order the frames of a session keep on the way to the peer. It is a property of what carries them; each end of a
 * session is made for one order. PROTOCOL section 4, "Order".
 */
public enum FrameOrder {

    /** All come, in the order in which they were written: TCP. */
    TOTAL,

    /**
     * All come. Control frames are in order among themselves, so are the DATA of each half and the packets of each message;
     * nothing is promised between them: QUIC.
     */
    PER_HALF,

    /** Frames may be lost, come in any order, and come again: datagrams. */
    NONE
}
