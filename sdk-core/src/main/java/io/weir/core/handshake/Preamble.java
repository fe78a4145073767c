package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;
import org.jspecify.annotations.Nullable;

/**
 * The first unit of a byte-stream link, sent by the initiator in the clear; its bytes are the Noise prologue.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |      'W'      |      'E'      |      'I'      |      'R'      |
 *   +---------------+---------------+---------------+---------------+
 *   |    version    |     suite     |               0               |
 *   +---------------+---------------+-------------------------------+
 *
 *   suite: bit 0 = ChaChaPoly instead of AESGCM, bit 1 = XXpsk3 instead of XX
 * </pre>
 */
final class Preamble {
    static final int LENGTH = 8;

    /** The only protocol version there is. */
    static final int VERSION = 1;

    static final int VERSION_AT = 4;
    static final int SUITE_AT = 5;

    private static final byte[] MAGIC = {'W', 'E', 'I', 'R'};
    private static final int CHACHAPOLY = 1;
    private static final int PSK3 = 2;

    private Preamble() {}

    static byte[] encode(CipherSuite suite, boolean psk) {
        return new byte[] {MAGIC[0], MAGIC[1], MAGIC[2], MAGIC[3], VERSION, suiteBits(suite, psk), 0, 0};
    }

    /** The suite byte that asks for this. */
    static byte suiteBits(CipherSuite suite, boolean psk) {
        return (byte) ((suite == CipherSuite.CHACHAPOLY ? CHACHAPOLY : 0) | (psk ? PSK3 : 0));
    }

    /** Whether {@code b} may stand at {@code index} of a preamble or reject of any version: its first four bytes. */
    static boolean isMagic(int index, byte b) {
        return MAGIC[index] == b;
    }

    static void writeMagic(byte[] out) {
        System.arraycopy(MAGIC, 0, out, 0, MAGIC.length);
    }

    /** The cipher that a suite byte asks for, or null if it has bits that this version does not know. */
    static @Nullable CipherSuite suite(byte bits) {
        if ((bits & ~(CHACHAPOLY | PSK3)) != 0) {
            return null;
        }
        return (bits & CHACHAPOLY) == 0 ? CipherSuite.AESGCM : CipherSuite.CHACHAPOLY;
    }

    static boolean hasPsk(byte bits) {
        return (bits & PSK3) != 0;
    }
}
