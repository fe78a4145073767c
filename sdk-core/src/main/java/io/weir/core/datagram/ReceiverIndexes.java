package io.weir.core.datagram;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.error.Legal;
import io.weir.core.map.LongMap;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Whose a datagram is: the receiver indexes of one port, which peers put into what they send here (PROTOCOL section 1).
 *
 * <p>An index is 32 random bits, so that nobody who has not seen one can name it, and none is 0. It is claimed for a handshake
 * that begins, and stays the session's that comes of it, whatever address its packets come from. Loop-confined. Bounded: beyond
 * that, no index is given.
 *
 * @param <T> what an index leads to
 */
public final class ReceiverIndexes<T> {
    /** In place of an index where there is none. */
    public static final int NONE = 0;

    /** So that a draw meets one that is taken once in 4,096 times at the most. */
    private static final int MOST = 1 << 20;

    private static final int MOST_DRAWS = 64;

    private final RandomBytes random;
    private final int max;
    private final int part;
    private final int parts;
    private final LongMap<T> owners;
    private final byte[] drawn = new byte[Integer.BYTES];

    /**
     * With no index in use.
     *
     * @param max indexes in use at a time, 1 to 1,048,576
     */
    public ReceiverIndexes(RandomBytes random, int max) {
        this(random, max, 0, 1);
    }

    /**
     * The same for one of the ports that stand at one address, where a datagram may come to any: {@link #part} of an index tells which of
     * them has given it.
     *
     * @param part which one, from 0
     * @param parts how many they are, 1 or more
     */
    public ReceiverIndexes(RandomBytes random, int max, int part, int parts) {
        Legal.range("max", max, 1, MOST);
        Legal.range("part", part, 0, parts - 1);
        this.part = part;
        this.parts = parts;
        this.random = random;
        this.max = max;
        owners = new LongMap<>(random.nextLong());
    }

    /** An index that leads to {@code owner} from now on; {@link #NONE} if as many are in use as may be. */
    public int claim(T owner) {
        if (isFull()) {
            return NONE;
        }
        for (int i = 0; i < MOST_DRAWS; i++) {
            random.nextBytes(drawn);
            int index = own(ByteBuffer.wrap(drawn).getInt());
            if (index != NONE && part(index, parts) == part && owners.get(index) == null) {
                owners.put(index, owner);
                return index;
            }
        }
        throw new IllegalStateException("the source of randomness has repeated itself " + MOST_DRAWS + " times");
    }

    /** One of this part beside it; at the upper end there may be none. */
    private int own(int index) {
        return index - part(index, parts) + part;
    }

    /** Which of so many ports has given an index. */
    public static int part(int index, int parts) {
        return Integer.remainderUnsigned(index, parts);
    }

    /** Lets an index that is in use lead to another: to the session that a handshake has become. */
    public void pass(int index, T owner) {
        if (owners.remove(index) == null) {
            throw new IllegalArgumentException("index " + Integer.toHexString(index) + " is not in use");
        }
        owners.put(index, owner);
    }

    /** Whose it is; null if it is nobody's. */
    public @Nullable T owner(int index) {
        return owners.get(index);
    }

    /** It is nobody's any more. Idempotent. */
    public void release(int index) {
        owners.remove(index);
    }

    /** Whether no more can be claimed. */
    public boolean isFull() {
        return owners.size() == max;
    }

    /** How many are in use. */
    public int size() {
        return owners.size();
    }
}
