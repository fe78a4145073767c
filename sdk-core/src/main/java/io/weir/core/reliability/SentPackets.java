package io.weir.core.reliability;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a flow that may still be acknowledged, by their numbers: when each was sent, how large it is, and what is
 * known of it. A number is given once.
 *
 * <pre>
 *                 +-- replaced --&gt; REPLACED --+
 *   add --&gt; WAITING --------------------------+-- lost --&gt; LOST --+
 *   add --&gt; QUIET (elicits no feedback) ------+                   +-- acknowledged, or forgotten --&gt; SETTLED
 *   skip --&gt; SKIPPED ----------------------------------------------------------- forgotten ---------+
 *
 *   first                                  next          next - first is at most the capacity
 *   |- - - - tracked: a ring - - - - - - - -|
 * </pre>
 *
 * <p>The ring grows from {@value #LEAST} to the capacity, by doubling; otherwise nothing is allocated.
 *
 * @param <P> the packets
 */
final class SentPackets<P> {

    /** What is known of a number. */
    enum State {
        /** Acknowledged, forgotten, or never given. */
        SETTLED,
        /** Under way; if it is lost, something has to go out in its place. */
        WAITING,
        /** Under way, but something has gone out in its place. */
        REPLACED,
        /** Under way; nobody will acknowledge it for its own sake, and nothing replaces it. */
        QUIET,
        /** Taken to be lost, and kept for as long as that may prove wrong. */
        LOST,
        /** Never sent: who acknowledges it lies. */
        SKIPPED;

        private static final State[] ALL = values();
    }

    /** A power of two, so that a word of {@link #open} never spans the ring's end. */
    static final int LEAST = 16;

    static final int MOST = 1 << 20;

    private final int capacity;
    private @Nullable Object[] packets = new Object[LEAST];
    private long[] sentNanos = new long[LEAST];
    private int[] bytes = new int[LEAST];
    private byte[] states = new byte[LEAST];
    /** A bit for each number that is not SETTLED. */
    private long[] open = new long[words(LEAST)];

    private long first;
    private long next;
    private int waiting;
    private long bytesInFlight;

    /** @param capacity numbers tracked at most; a power of two, {@value #LEAST} to {@value #MOST} */
    SentPackets(int capacity) {
        if (capacity < LEAST || capacity > MOST || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "capacity is " + capacity + ", must be a power of two from " + LEAST + " to " + MOST);
        }
        this.capacity = capacity;
    }

    // ---- commands

    /**
     * A packet goes out.
     *
     * @param eliciting whether the peer is to acknowledge it: not if it carries acknowledgements only
     * @return its number
     * @throws IllegalStateException if the ring is full: the first has to be forgotten before
     */
    long add(P packet, int size, boolean eliciting, long nowNanos) {
        int i = take(eliciting ? State.WAITING : State.QUIET);
        packets[i] = packet;
        sentNanos[i] = nowNanos;
        bytes[i] = eliciting ? size : 0;
        if (eliciting) {
            waiting++;
            bytesInFlight += size;
        }
        return next++;
    }

    /** Uses up a number without a packet, and returns it. */
    long skip(long nowNanos) {
        int i = take(State.SKIPPED);
        sentNanos[i] = nowNanos;
        bytes[i] = 0;
        return next++;
    }

    /** Something has gone out in the place of a packet that WAITS; it may still arrive. */
    void replaced(long number) {
        require(number, State.WAITING);
        waiting--;
        states[index(number)] = (byte) State.REPLACED.ordinal();
    }

    /** A packet is taken to be lost. One that is QUIET is settled by that. */
    void lost(long number) {
        int i = index(number);
        if (state(number) == State.QUIET) {
            settle(number);
            return;
        }
        leaveFlight(number);
        states[i] = (byte) State.LOST.ordinal();
    }

    /** A number is done with: its packet has arrived, or is forgotten. */
    void settle(long number) {
        leaveFlight(number);
        int i = index(number);
        states[i] = (byte) State.SETTLED.ordinal();
        open[i >>> 6] &= ~(1L << i);
        packets[i] = null;
        if (number == first) {
            first = nextOpen(number + 1, next);
        }
    }

    private void leaveFlight(long number) {
        State state = state(number);
        if (state == State.WAITING) {
            waiting--;
        }
        if (state == State.WAITING || state == State.REPLACED) {
            bytesInFlight -= bytes[index(number)];
        }
    }

    // ---- queries

    /** The lowest number that is not SETTLED; {@link #next} if there is none. */
    long first() {
        return first;
    }

    /** The number of the next packet. */
    long next() {
        return next;
    }

    /** Whether the next number has a place only once the first is settled. */
    boolean isFull() {
        return next - first == capacity;
    }

    /** The lowest number that is not SETTLED in {@code from} to below {@code to}, within what is tracked; or {@code to}. */
    long nextOpen(long from, long to) {
        int wordMask = Math.min(Long.SIZE, states.length) - 1;
        long number = from;
        while (number < to) {
            int i = index(number);
            long word = open[i >>> 6] >>> i;
            if (word != 0) {
                return Math.min(to, number + Long.numberOfTrailingZeros(word));
            }
            number = (number | wordMask) + 1;
        }
        return to;
    }

    /** What is known of a number from {@link #first} to below {@link #next}. */
    State state(long number) {
        return State.ALL[states[index(number)]];
    }

    /** The packet of a number that is neither SETTLED nor SKIPPED. */
    @SuppressWarnings("unchecked")
    P packet(long number) {
        Object packet = packets[index(number)];
        if (packet == null) {
            throw new IllegalStateException("packet " + number + " is " + state(number));
        }
        return (P) packet;
    }

    /** When a tracked number was given. */
    long sentNanos(long number) {
        return sentNanos[index(number)];
    }

    /** What a tracked packet counts for in {@link #bytesInFlight}; 0 if it elicits no feedback. */
    int bytes(long number) {
        return bytes[index(number)];
    }

    /** Packets that WAIT. */
    int waiting() {
        return waiting;
    }

    /** Bytes of the packets that WAIT or were REPLACED (RFC 9002 section 2, "bytes in flight"). */
    long bytesInFlight() {
        return bytesInFlight;
    }

    // ---- the ring

    private int take(State state) {
        if (isFull()) {
            throw new IllegalStateException("full: " + capacity + " numbers from " + first + " on are tracked");
        }
        if (next - first == states.length) {
            grow();
        }
        int i = index(next);
        states[i] = (byte) state.ordinal();
        open[i >>> 6] |= 1L << i;
        return i;
    }

    private void grow() {
        int from = states.length;
        int to = 2 * from;
        @Nullable Object[] morePackets = Arrays.copyOf(packets, to);
        long[] moreNanos = Arrays.copyOf(sentNanos, to);
        int[] moreBytes = Arrays.copyOf(bytes, to);
        byte[] moreStates = new byte[to];
        long[] moreOpen = new long[words(to)];
        Arrays.fill(morePackets, null);
        for (long number = first; number < next; number++) {
            int old = (int) (number & (from - 1));
            int i = (int) (number & (to - 1));
            morePackets[i] = packets[old];
            moreNanos[i] = sentNanos[old];
            moreBytes[i] = bytes[old];
            moreStates[i] = states[old];
            moreOpen[i >>> 6] |= (states[old] == 0 ? 0L : 1L) << i;
        }
        packets = morePackets;
        sentNanos = moreNanos;
        bytes = moreBytes;
        states = moreStates;
        open = moreOpen;
    }

    private static int words(int length) {
        return (length + Long.SIZE - 1) / Long.SIZE;
    }

    private int index(long number) {
        return (int) (number & (states.length - 1));
    }

    private void require(long number, State state) {
        if (state(number) != state) {
            throw new IllegalStateException("packet " + number + " is " + state(number) + ", must be " + state);
        }
    }
}
