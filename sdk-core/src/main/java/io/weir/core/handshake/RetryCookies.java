package io.weir.core.handshake;

import io.weir.core.crypto.KeyedMac;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.path.PathAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The cookies by which initiators show that they receive at the address that their datagrams name, without anything being kept
 * for them (PROTOCOL section 2; RFC 9000 section 8.1 has the like).
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |       expiry (64): nanoseconds on the responder's clock,      |
 *   |                 moved by a secret random number               |
 *   +---------------------------------------------------------------+
 *   |  MAC (128) of expiry, address, port, prologue and the 32      |
 *   |  bytes of the ephemeral key, under the secret of the time     |
 *   +---------------------------------------------------------------+
 * </pre>
 *
 * <p>A cookie lives for 15 s, longer than an attempt lasts. The secret is another every 60 s, and the one before it is kept as long.
 */
final class RetryCookies {
    static final int LENGTH = 24;
    static final long LIFETIME_NANOS = 15_000_000_000L;
    static final long ROTATION_NANOS = 60_000_000_000L;

    private static final int MAC_LENGTH = 16;
    private static final int EPHEMERAL_KEY = 32;

    private final RandomBytes random;
    private final long clockOffset;
    private KeyedMac current;
    private KeyedMac previous;
    private long rotatedAtNanos;
    private boolean used;

    RetryCookies(RandomBytes random) {
        this.random = random;
        clockOffset = random.nextLong();
        current = KeyedMac.generate(random);
        previous = KeyedMac.generate(random);
    }

    /** A cookie for whoever sent this from there. */
    byte[] make(PathAddress from, Init init, long nowNanos) {
        rotate(nowNanos);
        long expiry = nowNanos + clockOffset + LIFETIME_NANOS;
        byte[] mac = current.compute(statement(expiry, from, init), MAC_LENGTH);
        return ByteBuffer.allocate(LENGTH).putLong(expiry).put(mac).array();
    }

    /** Whether its cookie was made here, not too long ago, for that address and this handshake. */
    boolean accepts(PathAddress from, Init init, long nowNanos) {
        byte[] cookie = init.cookie();
        if (cookie.length != LENGTH) {
            return false;
        }
        long expiry = ByteBuffer.wrap(cookie).getLong();
        long left = expiry - (nowNanos + clockOffset);
        if (left <= 0 || left > LIFETIME_NANOS) {
            return false;
        }
        rotate(nowNanos);
        byte[] statement = statement(expiry, from, init);
        byte[] mac = Arrays.copyOfRange(cookie, Long.BYTES, LENGTH);
        return current.verify(statement, mac) || previous.verify(statement, mac);
    }

    private void rotate(long nowNanos) {
        if (!used) {
            used = true;
            rotatedAtNanos = nowNanos;
        }
        long age = nowNanos - rotatedAtNanos;
        if (age < ROTATION_NANOS) {
            return;
        }
        previous = age < 2 * ROTATION_NANOS ? current : KeyedMac.generate(random);
        current = KeyedMac.generate(random);
        rotatedAtNanos = nowNanos;
    }

    private static byte[] statement(long expiry, PathAddress from, Init init) {
        byte[] ip = from.ip().toByteArray();
        return ByteBuffer.allocate(Long.BYTES + 1 + ip.length + Short.BYTES + Init.PROLOGUE_LENGTH + EPHEMERAL_KEY)
                .putLong(expiry)
                .put((byte) ip.length)
                .put(ip)
                .putShort((short) from.port())
                .put(init.prologue())
                .put(init.message(EPHEMERAL_KEY))
                .array();
    }
}
