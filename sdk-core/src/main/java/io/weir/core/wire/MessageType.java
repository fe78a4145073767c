package io.weir.core.wire;

/** What a message is; the ordinal is the number on the wire (PROTOCOL section 3, MESSAGE). */
public enum MessageType {
    /** Asks for nothing. */
    ONE_WAY,
    /** Asks for exactly one answer: a reply, an error or a cancelled. May say how much time is left for it. */
    REQUEST,
    /** The answer to a request. */
    REPLY,
    /** The answer to a request that failed. */
    ERROR,
    /** The answer to a request that was given up. */
    CANCELLED,
    /** Gives up a request of the sender's own, which is still answered. */
    CANCEL;

    /** On the wire, of a request whose packet 0 says how much time is left for it. */
    static final int LIMITED_REQUEST = 8 | 1;

    private static final MessageType[] ALL = values();

    /** The type of a packet that was written with this number; with or without a time limit, of a request. */
    public static MessageType written(int number) {
        return number == LIMITED_REQUEST ? REQUEST : ALL[number];
    }
}
