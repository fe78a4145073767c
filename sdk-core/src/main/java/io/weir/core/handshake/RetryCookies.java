package io.weir.core.handshake;

import io.weir.core.crypto.KeyedMac;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.path.PathAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The cookies by which initiators show that they receive at the address that their datagrams name, without anything being kept
 * for them (PROTOCOL section 2; RFC 9000 section 8.1 has the like). Confined to one thread at a time.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |       expiry (64): nanoseconds on the responder's clock,      |
 *   |                 moved by a secret random number               |
 *   +---------------------------------------------------------------+
 *   |  MAC (128) of expiry, address, port and what else it is bound  |
 *   |  to, under the secret of the time                             |
 *   +---------------------------------------------------------------+
 * </pre>
 *
 * <p>A cookie lives for 15 s, longer than an attempt lasts. The secret is another every 60 s, and the one before it is kept as long.
 */
public final class RetryCookies {
    /** Bytes of a cookie. */
    public static final int LENGTH = 24;

    static final long LIFETIME_NANOS = 15_000_000_000L;
    static final long ROTATION_NANOS = 60_000_000_000L;

    private static final int MAC_LENGTH = 16;

    private final RandomBytes random;
    private final long clockOffset;
    private KeyedMac current;
    private KeyedMac previous;
    private long rotatedAtNanos;
    private boolean used;

    /** Made under secrets drawn from {@code random}. */
    public RetryCookies(RandomBytes random) {
        this.random = random;
        clockOffset = random.nextLong();
        current = KeyedMac.generate(random);
        previous = KeyedMac.generate(random);
    }

    /**
     * A cookie for whoever is there.
     *
     * @param boundTo what else it is good for alone, such as the beginning of its handshake
     */
    public byte[] make(PathAddress from, byte[] boundTo, long nowNanos) {
        rotate(nowNanos);
        long expiry = nowNanos + clockOffset + LIFETIME_NANOS;
        byte[] mac = current.compute(statement(expiry, from, boundTo), MAC_LENGTH);
        return ByteBuffer.allocate(LENGTH).putLong(expiry).put(mac).array();
    }

    /** Whether a cookie, of any length, was made here, not too long ago, for that address and this. */
    public boolean accepts(byte[] cookie, PathAddress from, byte[] boundTo, long nowNanos) {
        if (cookie.length != LENGTH) {
            return false;
        }
        long expiry = ByteBuffer.wrap(cookie).getLong();
        long left = expiry - (nowNanos + clockOffset);
        if (left <= 0 || left > LIFETIME_NANOS) {
            return false;
        }
        rotate(nowNanos);
        byte[] statement = statement(expiry, from, boundTo);
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

    private static byte[] statement(long expiry, PathAddress from, byte[] boundTo) {
        byte[] ip = from.ip().toByteArray();
        return ByteBuffer.allocate(Long.BYTES + 1 + ip.length + Short.BYTES + boundTo.length)
                .putLong(expiry)
                .put((byte) ip.length)
                .put(ip)
                .putShort((short) from.port())
                .put(boundTo)
                .array();
    }
}
