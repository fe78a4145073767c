package io.weir.core.datagram;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.crypto.ReplayWindow;

/**
 * Opens the packets that one side of a session receives, each by itself and each once (PROTOCOL sections 1 and 2).
 *
 * <pre>
 *   datagram --&gt; long enough? --&gt; number new? --&gt; authentic? --&gt; number recorded, keys moved --&gt; frames
 *                     |               |              |
 *                 TRUNCATED       REPLAYED     NOT_AUTHENTIC          nothing has changed but a count
 * </pre>
 *
 * <p>The key before the current one is kept as long as the window of numbers reaches below the boundary between the two: for
 * 8,192 numbers, behind which no packet that it could open would be taken. Loop-confined; who has made it closes it.
 */
public final class PacketOpener implements AutoCloseable {
    /** Result: the datagram was dropped and counted. */
    public static final int DROPPED = RecordCipher.FAILED;

    /** Result: as many packets have failed as the cipher bears, and the session ends with KEY_EXHAUSTED. */
    public static final int EXHAUSTED = RecordCipher.KEY_EXHAUSTED;

    private static final int SHORTEST = PacketSealer.OVERHEAD + 1;

    private final RecordCipher cipher;
    private final DropCounts drops;
    private final ReplayWindow window = new ReplayWindow();
    private long number = -1;

    /**
     * For one session.
     *
     * @param cipher an opening one, which is closed with this
     * @param drops where it counts; may be others' too
     */
    public PacketOpener(RecordCipher cipher, DropCounts drops) {
        this.cipher = cipher;
        this.drops = drops;
    }

    /**
     * Opens a datagram that is of type PACKET and has the receiver index of this session, by which it was brought here: the two are
     * not looked at again, nor authenticated. The number is, as the nonce.
     *
     * @param datagram the datagram, from position 0 on
     * @param length of the datagram, 0 or more
     * @param frames another array, with room for {@code length - 29} bytes. What it holds after a drop must not be read
     * @return bytes of frames in there, 1 or more; {@link #DROPPED}; or {@link #EXHAUSTED}
     */
    public int open(byte[] datagram, int length, byte[] frames) {
        return open(datagram, 0, length, frames);
    }

    /** The same, where the datagram is from {@code offset} on. */
    public int open(byte[] datagram, int offset, int length, byte[] frames) {
        if (length < SHORTEST) {
            return dropped(Drop.TRUNCATED);
        }
        long n = PacketHeader.number(datagram, offset);
        if (n < 0) {
            return dropped(Drop.NOT_AUTHENTIC);
        }
        if (!window.accepts(n)) {
            return dropped(Drop.REPLAYED);
        }
        int opened = cipher.open(n, datagram, offset + PacketHeader.LENGTH, length - PacketHeader.LENGTH, frames, 0);
        if (opened < 0) {
            dropped(Drop.NOT_AUTHENTIC);
            return opened;
        }
        window.record(n); // only now: what anybody can send must not move the window
        cipher.forgetBefore(window.highest() - ReplayWindow.SIZE + 1);
        number = n;
        return opened;
    }

    /** The number of the packet that was opened last; -1 before the first. */
    public long number() {
        return number;
    }

    /** The highest number that was opened; -1 before the first. */
    public long highestNumber() {
        return window.highest();
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        cipher.close();
    }

    private int dropped(Drop reason) {
        drops.add(reason);
        return DROPPED;
    }
}
