package io.weir.core.wire;

/** Kind of a frame, with its number on the wire (PROTOCOL section 3). */
public enum FrameType {
    /** One byte that means nothing. */
    PADDING(0x00),
    /** Asks for a PONG with the same token. */
    PING(0x01),
    /** Answers a PING. */
    PONG(0x02),
    /** A sign of life where nothing else is said. */
    HEARTBEAT(0x03),
    /** What a side announces of itself; the first frame of each side. */
    HELLO(0x04),
    /** A sending half begins. */
    OPEN(0x05),
    /** What was consumed of a half, and up to where its sender may send: credit. */
    WINDOW(0x06),
    /** There is more to send than the credit covers. */
    BLOCKED(0x07),
    /** A sending half is at its end, behind all that was sent. */
    CLOSE(0x08),
    /** A sending half ends now. */
    RESET(0x09),
    /** The receiver wants no more of a half. */
    STOP(0x0A),
    /** What came of the packets of a datagram path, and what did not. */
    FEEDBACK(0x0B),
    /** A one-way message, a request, its answer or its cancel, or a part of one. */
    MESSAGE(0x0C),
    /** Nothing new is taken any more. */
    GOAWAY(0x0D),
    /** The session ends; the last frame of a side. */
    END(0x0E),
    /** How far a half goes by datagrams, which may be lost, and from where on in its stream. */
    DATAGRAMS(0x0F),
    /** The first of sixteen numbers; the low four bits are flags. */
    DATA(0x20),
    /** Every number from here up; such frames are skipped. */
    UNKNOWN(0x40);

    private final int number;

    FrameType(int number) {
        this.number = number;
    }

    /** The number on the wire; for {@link #DATA} and {@link #UNKNOWN} the lowest of several. */
    public int number() {
        return number;
    }
}
