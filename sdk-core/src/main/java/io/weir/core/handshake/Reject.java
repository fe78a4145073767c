package io.weir.core.handshake;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

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
 * <p>Nobody authenticates it, so it is a hint: it can end an attempt, which whoever can forge it could do anyway. It
 * never makes the initiator use another version or suite by itself, nor give the peer up.
 *
 * @param lowestVersion the lowest version that the responder speaks, 0 to 255
 * @param highestVersion the highest version that the responder speaks, 0 to 255
 * @param code why it refuses: number of an error code, which this version may not know; 1 to 65,535
 */
public record Reject(int lowestVersion, int highestVersion, int code) {
    /** Length of the unit in bytes. */
    public static final int LENGTH = 8;

    /** Checks the ranges. */
    public Reject {
        requireVersion("lowestVersion", lowestVersion);
        requireVersion("highestVersion", highestVersion);
        if (code < 1 || code > 0xffff) {
            throw new IllegalArgumentException("code is " + code + ", must be 1 to 65535");
        }
    }

    /** A refusal by this version of Weir. */
    public static Reject of(ErrorCode code) {
        return new Reject(Preamble.VERSION, Preamble.VERSION, (int) code.number());
    }

    /** The unit as it goes out on the link. */
    public byte[] encode() {
        byte[] unit = new byte[LENGTH];
        Preamble.writeMagic(unit);
        unit[4] = (byte) lowestVersion;
        unit[5] = (byte) highestVersion;
        unit[6] = (byte) (code >>> 8);
        unit[7] = (byte) code;
        return unit;
    }

    /** Reads a unit of 8 bytes, the first four of which have been checked; null if it gives no reason. */
    static @Nullable Reject decode(byte[] unit) {
        int code = (unit[6] & 0xff) << 8 | unit[7] & 0xff;
        return code == 0 ? null : new Reject(unit[4] & 0xff, unit[5] & 0xff, code);
    }

    /** What the initiator makes of it: the number as it came, said by nobody knows whom. */
    CloseReason reason() {
        String hint = ErrorCode.of(code) == ErrorCode.SUITE_UNSUPPORTED ? "; maybe only one end has a network key" : "";
        return CloseReason.unproven(code)
                .withDetail("the responder, which speaks versions " + lowestVersion + " to " + highestVersion
                        + ", refused in the clear" + hint);
    }

    private static void requireVersion(String field, int version) {
        if (version < 0 || version > 255) {
            throw new IllegalArgumentException(field + " is " + version + ", must be 0 to 255");
        }
    }
}
