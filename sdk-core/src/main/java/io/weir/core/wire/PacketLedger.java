package io.weir.core.wire;

import java.util.Arrays;

/**
 * The frames that were written into one packet, and who has written each. The packet's carrier keeps it for as long as the
 * packet may be acknowledged, and says what became of the packet.
 *
 * <pre>
 *   written --onAcked()-----------------------------&gt; settled
 *      |                                               ^
 *      +-----onLost()------&gt; lost --onAcked(), late----+
 * </pre>
 *
 * <p>Bounded by the packet: a frame is two bytes or more. Reused after {@link #clear}. Confined to the session's loop.
 */
public final class PacketLedger {

    private static final int FEW = 4;

    private FrameOwner[] owners = new FrameOwner[FEW];
    private int[] kinds = new int[FEW];
    private long[] arguments = new long[FEW];
    private int size;
    private boolean lost;
    private boolean acked;

    /** One without frames. */
    public PacketLedger() {}

    /** Notes a frame that was written; {@link FrameWriter#note} does. */
    void add(FrameOwner owner, int what, long argument) {
        if (size == kinds.length) {
            int more = 2 * size;
            owners = Arrays.copyOf(owners, more);
            kinds = Arrays.copyOf(kinds, more);
            arguments = Arrays.copyOf(arguments, more);
        }
        owners[size] = owner;
        kinds[size] = what;
        arguments[size] = argument;
        size++;
    }

    /** Whether a frame of this owner and kind was noted: most probably the last. */
    boolean has(FrameOwner owner, int what) {
        for (int i = size - 1; i >= 0; i--) {
            if (owners[i] == owner && kinds[i] == what) {
                return true;
            }
        }
        return false;
    }

    /** The packet has arrived; also after it was taken to be lost. The second time nothing is done. */
    public void onAcked() {
        if (acked) {
            return;
        }
        acked = true;
        for (int i = 0; i < size; i++) {
            owners[i].onAcked(kinds[i], arguments[i]);
        }
    }

    /** The packet is taken to be lost. Nothing is done the second time, nor after it has arrived. */
    public void onLost() {
        if (acked || lost) {
            return;
        }
        lost = true;
        for (int i = 0; i < size; i++) {
            owners[i].onLost(kinds[i], arguments[i]);
        }
    }

    /** Forgets all, for the next packet. */
    public void clear() {
        Arrays.fill(owners, 0, size, null);
        size = 0;
        lost = false;
        acked = false;
    }

    /** Frames noted. */
    public int size() {
        return size;
    }
}
