package io.weir.core.handshake;

import io.weir.core.error.ErrorCode;
import java.util.EnumSet;
import java.util.Set;

/**
 * The responder's refusal in the clear, after which it closes the link (PROTOCOL section 1).
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |      'W'      |      'E'      |      'I'      |      'R'      |
 *   +---------------+---------------+---------------+---------------+
 *   |lowest version |highest version|             code              |
 *   +---------------+---------------+-------------------------------+
 * </pre>
 *
 * <p>Nobody authenticates it, so it is a hint: it can end an attempt, which whoever can forge it could do anyway, and it
 * never makes the initiator use another version or suite by itself.
 *
 * @param lowestVersion the lowest version that the responder speaks, 0 to 255
 * @param highestVersion the highest version that the responder speaks, 0 to 255
 * @param code why it refuses
 */
public record Reject(int lowestVersion, int highestVersion, ErrorCode code) {
    /** Length of the unit in bytes. */
    public static final int LENGTH = 8;

    /** What a responder may say before anybody is authenticated; any other code reads as HANDSHAKE_FAILED. */
    private static final Set<ErrorCode> CREDIBLE = EnumSet.of(
            ErrorCode.VERSION_UNSUPPORTED,
            ErrorCode.SUITE_UNSUPPORTED,
            ErrorCode.TOO_MANY_HANDSHAKES,
            ErrorCode.TOO_MANY_SESSIONS,
            ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS,
            ErrorCode.BUSY,
            ErrorCode.NODE_CLOSED,
            ErrorCode.HANDSHAKE_TIMEOUT);

    /** Checks the ranges. */
    public Reject {
        requireVersion("lowestVersion", lowestVersion);
        requireVersion("highestVersion", highestVersion);
    }

    /** A refusal by this version of Weir. */
    public static Reject of(ErrorCode code) {
        return new Reject(Preamble.VERSION, Preamble.VERSION, code);
    }

    /** The unit as it goes out on the link. */
    public byte[] encode() {
        byte[] unit = new byte[LENGTH];
        Preamble.writeMagic(unit);
        unit[4] = (byte) lowestVersion;
        unit[5] = (byte) highestVersion;
        unit[6] = (byte) (code.number() >>> 8);
        unit[7] = (byte) code.number();
        return unit;
    }

    /** Reads a unit of 8 bytes, the first four of which have been checked. */
    static Reject decode(byte[] unit) {
        ErrorCode code = ErrorCode.of((unit[6] & 0xff) << 8 | unit[7] & 0xff);
        return new Reject(unit[4] & 0xff, unit[5] & 0xff, CREDIBLE.contains(code) ? code : ErrorCode.HANDSHAKE_FAILED);
    }

    private static void requireVersion(String field, int version) {
        if (version < 0 || version > 255) {
            throw new IllegalArgumentException(field + " is " + version + ", must be 0 to 255");
        }
    }
}
