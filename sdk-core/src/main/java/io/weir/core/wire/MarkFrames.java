package io.weir.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * MARK and MARKED (PROTOCOL section 3): a carrier of lanes says MARK in each of them, and hears for which ones it has come, and all that was
 * said before it in the same lane. Both are ignorable, and stand in blocks in which there is nothing else.
 *
 * <pre>
 *   MARK                                                    MARKED
 *  0                   1                   2                0                   1                   2
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3          0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
 * +-------------------------------+---------------+       +-------------------------------+---------------+
 * |            0x4040             |  length (v)   |       |            0x4041             |  length (v)   |
 * +-------------------------------+---------------+       +-------------------------------+---------------+
 * |  round (v)  ...  number (v)  ...                      |  number (v)  ...
 * +-----------------------------------------------        +-----------------------------------------------
 * </pre>
 */
public final class MarkFrames {

    /** Hears what is read. */
    public interface Taker {
        /**
         * MARK has come, and all that was said before it in its lane.
         *
         * @param round which time it is that the lanes are marked, 1 or more
         * @param number of that MARK, which its sender wants to hear
         */
        void onMark(long round, long number);

        /** The peer has heard the MARK of that number. */
        void onMarked(long number);
    }

    private static final int MARK = 0x40;
    private static final int MARKED = 0x41;

    /** How each type is written: a varint of two bytes. */
    private static final byte FIRST_BYTE = 0x40;

    private static final int HEAD_BYTES = 3;
    private static final int MOST_BYTES = HEAD_BYTES + 2 * VarInt.MAX_LENGTH;

    private MarkFrames() {}

    /** Whether a block of that many bytes begins with one of them. */
    public static boolean begin(byte[] block, int length) {
        return length >= 2 && block[0] == FIRST_BYTE && (block[1] == MARK || block[1] == MARKED);
    }

    /** A block with one MARK. */
    public static byte[] mark(long round, long number) {
        byte[] block = new byte[MOST_BYTES];
        return framed(block, MARK, VarInt.write(block, VarInt.write(block, HEAD_BYTES, round), number));
    }

    /** A block with one MARKED. */
    public static byte[] marked(long number) {
        byte[] block = new byte[MOST_BYTES];
        return framed(block, MARKED, VarInt.write(block, HEAD_BYTES, number));
    }

    private static byte[] framed(byte[] block, int type, int end) {
        block[0] = FIRST_BYTE;
        block[1] = (byte) type;
        block[2] = (byte) (end - HEAD_BYTES);
        return Arrays.copyOf(block, end);
    }

    /**
     * Reads a block that begins with one of them. What was read before a problem was found is told.
     *
     * @return what is wrong; null if nothing is
     */
    public static @Nullable String read(byte[] block, int length, Taker taker) {
        ByteReader in = new ByteReader().reset(block, 0, length);
        while (in.remaining() > 0) {
            long type = in.varInt("type in a block of MARK", MARK, MARKED);
            long bytes = in.varInt("length of MARK or MARKED", 1, 2L * VarInt.MAX_LENGTH);
            int end = in.remaining() - (int) bytes;
            long round = type == MARK ? in.varInt("round of MARK", 1, VarInt.MAX) : 0;
            long number = in.varInt("number of MARK or MARKED", 1, VarInt.MAX);
            if (!in.failed() && in.remaining() != end) {
                return "MARK or MARKED has " + bytes + " bytes, its fields " + (bytes + end - in.remaining());
            }
            if (in.failed()) {
                return in.problem();
            }
            if (type == MARK) {
                taker.onMark(round, number);
            } else {
                taker.onMarked(number);
            }
        }
        return null;
    }
}
