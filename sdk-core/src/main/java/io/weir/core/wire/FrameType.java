package io.weir.core.wire;

/** Kind of a frame, with its number on the wire (PROTOCOL section 3). */
public enum FrameType {
    PADDING(0x00),
    PING(0x01),
    PONG(0x02),
    HEARTBEAT(0x03),
    HELLO(0x04),
    OPEN(0x05),
    WINDOW(0x06),
    BLOCKED(0x07),
    CLOSE(0x08),
    RESET(0x09),
    STOP(0x0A),
    FEEDBACK(0x0B),
    MESSAGE(0x0C),
    GOAWAY(0x0D),
    END(0x0E),
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
