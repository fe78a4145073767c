package io.weir.core.datagram;

/**
 * Question and answer of the fast path (PROTOCOL section 1): stateless, in the clear, and the answer is smaller, so that nobody is
 * worth asking in another's name.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  0x10, 0x11   |    command    |  body  ...
 *   +---------------+---------------+-------------------------------+
 * </pre>
 */
public final class FastDatagram {

    /** Bytes before the body. */
    public static final int HEADER_LENGTH = 2;

    /** The shortest question: one that a header without a body can answer. */
    public static final int LEAST_QUESTION = HEADER_LENGTH + 1;

    /** The longest question, header included: that of the most roots with a MAC. */
    public static final int MOST_QUESTION = 2_082;

    /** The longest answer, header included: what every path takes. */
    public static final int MOST_ANSWER = 1_200;

    /** The highest command; the lowest is 0. */
    public static final int MOST_COMMAND = 255;

    private FastDatagram() {}

    /** The command of a question or an answer, which has 2 bytes or more. */
    public static int command(byte[] datagram, int offset) {
        return datagram[offset + 1] & 0xFF;
    }

    /** How many bytes the answer to a question of that length, 3 or more, may have, both with their headers. */
    public static int mostAnswer(int questionLength) {
        return Math.min(questionLength - 1, MOST_ANSWER);
    }
}
