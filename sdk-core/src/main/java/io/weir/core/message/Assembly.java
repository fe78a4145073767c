package io.weir.core.message;

import io.weir.core.map.LongMap;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.MessageType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message of the peer of which only parts are here. All fragments but the last have the same number of bytes, {@link
 * #LEAST_FRAGMENT_BYTES} or more, and the last at most that many, so that each has one place and none can overlap.
 *
 * <pre>
 *   0         joined                                  num_packets
 *   |===========|     |==|      |==|                       |
 *    one array         apart, until those before them come
 * </pre>
 *
 * <p>The array grows with the bytes that came, at most to twice as many, never with what a header promises; what comes
 * ahead of its turn is copied. So a window bounds what its messages hold.
 */
final class Assembly {

    /** The least of a fragment that is not the last, so that keeping one costs about what it counts (PROTOCOL section 4). */
    static final int LEAST_FRAGMENT_BYTES = 64;

    private static final byte[] NO_BYTES = new byte[0];
    private static final int UNKNOWN = -1;

    /** How a fragment fits what is known of its message. */
    enum Fit {
        /** It is missing. */
        NEW,
        /** It is here. */
        REPEATED,
        /** It contradicts what came before: another type, number or size, or an overlap. */
        IMPOSSIBLE
    }

    private final MessageType type;
    private final int numPackets;
    private final long hashSeed;
    /** Null until a fragment has come ahead of its turn. */
    private @Nullable LongMap<byte[]> apart;

    private String name = "";
    private Headers headers = Headers.empty();
    private long cost;
    private long deadlineNanos = IncomingRequest.NO_DEADLINE;
    private int fragmentBytes = UNKNOWN;
    private int lastBytes = UNKNOWN;
    private byte[] array = NO_BYTES;
    private int length;
    private int joined;
    private boolean discarded;

    /**
     * A message of which {@code first} is the first fragment seen, to be {@link #add}ed yet.
     *
     * @param hashSeed of the fragments' numbers
     */
    Assembly(MessageFields first, long hashSeed) {
        this.hashSeed = hashSeed;
        this.type = first.type();
        this.numPackets = first.numPackets();
    }

    /** How this fragment, of this message's id, fits. Nothing is taken yet. */
    Fit examine(MessageFields fragment) {
        int packet = fragment.packetId();
        int bytes = fragment.payloadLength();
        if (fragment.type() != type || fragment.numPackets() != numPackets || !fits(packet, bytes)) {
            return Fit.IMPOSSIBLE;
        }
        boolean here = packet < joined || apart != null && apart.get(packet) != null;
        return here ? Fit.REPEATED : Fit.NEW;
    }

    /**
     * Takes a fragment that was found {@link Fit#NEW}.
     *
     * @return whether that was the last one missing
     */
    boolean add(MessageFields fragment, long itsCost) {
        int packet = fragment.packetId();
        cost += itsCost;
        if (packet == 0) {
            name = fragment.name();
            headers = fragment.headers();
        }
        if (packet == numPackets - 1) {
            lastBytes = fragment.payloadLength();
        } else {
            fragmentBytes = fragment.payloadLength();
        }
        if (packet == joined) {
            join(fragment.array(), fragment.payloadOffset(), fragment.payloadLength());
            joinThoseApart();
        } else {
            keep(packet, copy(fragment));
        }
        return joined == numPackets;
    }

    /** Keeps no bytes any more, only count of what comes: the message has to be paid for, but nobody takes it. */
    void discard() {
        discarded = true;
        array = NO_BYTES;
        length = 0;
        LongMap<byte[]> ahead = apart;
        if (ahead != null) {
            for (long packet : ahead.keys()) {
                ahead.remove(packet);
                ahead.put(packet, NO_BYTES);
            }
        }
    }

    /** Whether nobody takes it. */
    boolean isDiscarded() {
        return discarded;
    }

    MessageType type() {
        return type;
    }

    /** Until when its answer is waited for, as its packet 0 says. */
    void deadlineNanos(long atNanos) {
        deadlineNanos = atNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** What came of it costs. */
    long cost() {
        return cost;
    }

    String name() {
        return name;
    }

    Headers headers() {
        return headers;
    }

    /** Holds the message from index 0, once it is complete. */
    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    private boolean fits(int packet, int bytes) {
        if (packet == numPackets - 1) {
            return bytes >= 1
                    && (fragmentBytes == UNKNOWN || bytes <= fragmentBytes)
                    && (lastBytes == UNKNOWN || bytes == lastBytes);
        }
        return bytes >= LEAST_FRAGMENT_BYTES
                && bytes >= lastBytes
                && (fragmentBytes == UNKNOWN || bytes == fragmentBytes);
    }

    private void keep(int packet, byte[] fragment) {
        if (apart == null) {
            apart = new LongMap<>(hashSeed);
        }
        apart.put(packet, fragment);
    }

    private void joinThoseApart() {
        while (apart != null && !apart.isEmpty()) {
            byte[] next = apart.remove(joined);
            if (next == null) {
                return;
            }
            join(next, 0, next.length);
        }
    }

    private void join(byte[] from, int offset, int bytes) {
        joined++;
        if (discarded) {
            return;
        }
        if (bytes > array.length - length) {
            array = Arrays.copyOf(array, capacity(length + bytes));
        }
        System.arraycopy(from, offset, array, length, bytes);
        length += bytes;
    }

    /** Twice the bytes that are here, but no more than the message can have. */
    private int capacity(int needed) {
        long most = (long) numPackets * fragmentBytes;
        return (int) Math.max(needed, Math.min(most, 2L * needed));
    }

    private byte[] copy(MessageFields fragment) {
        int from = fragment.payloadOffset();
        return discarded ? NO_BYTES : Arrays.copyOfRange(fragment.array(), from, from + fragment.payloadLength());
    }
}
