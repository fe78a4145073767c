package io.weir.core.reliability;

import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The numbers of the packets that have come, as ranges: what repeats, and what to tell the sender.
 *
 * <pre>
 *   0              floor
 *   |- - - - - - - - |    [=====]      [=]    [===========]
 *    counts as come   gap         gap      gap             largest
 * </pre>
 *
 * <p><b>Bound.</b> At most so many ranges as the constructor is told. With one more the lowest is given up: what is below the
 * floor, which moves to its end, counts as a repeat, is dropped when it comes, and is told no more. So who sends numbers with
 * gaps between them costs no memory, and at most packets that are sent again. Memory is taken for as many ranges as there have
 * been at once, in doublings from {@value #LEAST}.
 *
 * <p>Confined to one thread.
 */
public final class AckRanges {

    /** What a packet is by its number. */
    public enum Arrival {
        /** The one behind the largest that has come. */
        NEXT,
        /** Any other that has not come yet: it leaves a gap, or fills one. */
        OUT_OF_ORDER,
        /** One that has come, or counts as come. */
        REPEAT
    }

    /**
     * So many times a range is told once nothing is added to it any more. Then the sender knows of it, but for an outage that
     * takes so many FEEDBACKs in a row; what that costs is packets that are sent again.
     */
    static final int TIMES_TOLD = 16;

    /** As many as one FEEDBACK may tell. */
    public static final int MOST = Feedback.MAX_RANGES;

    static final int LEAST = 4;

    private static final long MICRO = 1_000;

    private final int maxRanges;
    // Ascending, the first count of each.
    private long[] firsts;
    private long[] lasts;
    /** How often each was told as it is. */
    private byte[] told;

    private int count;
    /** Ranges below this one were told often enough, all of them: they are not looked at. */
    private int firstToTell;

    private long floor;
    private long largestNanos;

    /** @param maxRanges 1 to {@value #MOST} */
    public AckRanges(int maxRanges) {
        if (maxRanges < 1 || maxRanges > MOST) {
            throw new IllegalArgumentException("maxRanges is " + maxRanges + ", must be 1 to " + MOST);
        }
        this.maxRanges = maxRanges;
        this.firsts = new long[Math.min(LEAST, maxRanges + 1)];
        this.lasts = new long[firsts.length];
        this.told = new byte[firsts.length];
    }

    /** A packet has come; number 0 to 2^62 - 1. */
    public Arrival onReceived(long number, long nowNanos) {
        long largest = largest();
        if (number > largest) {
            boolean next = number == largest + 1;
            if (next && count > 0) {
                lasts[count - 1] = number;
            } else {
                insert(count, number);
            }
            largestNanos = nowNanos;
            return next ? Arrival.NEXT : Arrival.OUT_OF_ORDER;
        }
        return number < floor || !fill(number) ? Arrival.REPEAT : Arrival.OUT_OF_ORDER;
    }

    /** The largest number that has come; -1 if none. */
    public long largest() {
        return count == 0 ? -1 : lasts[count - 1];
    }

    /** Ranges held. */
    public int count() {
        return count;
    }

    /** Ranges that there is memory for. */
    int capacity() {
        return firsts.length;
    }

    /**
     * What there is to tell: the highest range, and those that have not been told {@value #TIMES_TOLD} times as they are, since
     * what was told may be lost.
     *
     * @param most ranges, the highest of these; 1 to {@value #MOST}
     * @throws IllegalStateException if nothing has come
     */
    public Feedback feedback(int most, long nowNanos) {
        if (count == 0) {
            throw new IllegalStateException("nothing has come");
        }
        List<PacketRange> ranges = new ArrayList<>(Math.min(most, count - firstToTell));
        for (int i = count - 1; i >= firstToTell && ranges.size() < most; i--) {
            if (i == count - 1) {
                ranges.add(new PacketRange(firsts[i], lasts[i]));
            } else if (told[i] < TIMES_TOLD) {
                told[i]++;
                ranges.add(new PacketRange(firsts[i], lasts[i]));
            }
        }
        while (firstToTell < count - 1 && told[firstToTell] == TIMES_TOLD) {
            firstToTell++;
        }
        return new Feedback(ranges, Math.max(0, nowNanos - largestNanos) / MICRO, 0, 0, 0);
    }

    /** Takes a number from the floor to the largest; false if it is in a range. */
    private boolean fill(long number) {
        int above = count - 1; // the range that is to come right above the number
        while (above > 0 && firsts[above - 1] > number) {
            above--;
        }
        if (firsts[above] <= number) {
            return false; // only the last range can begin at or below it here: it holds the number
        }
        int below = above - 1;
        if (below >= 0 && lasts[below] >= number) {
            return false;
        }
        firstToTell = Math.min(firstToTell, Math.max(0, below));
        boolean joinsAbove = firsts[above] == number + 1;
        boolean joinsBelow = below >= 0 && lasts[below] == number - 1;
        if (joinsAbove && joinsBelow) {
            lasts[below] = lasts[above];
            told[below] = 0;
            remove(above, 1);
        } else if (joinsAbove) {
            firsts[above] = number;
            told[above] = 0;
        } else if (joinsBelow) {
            lasts[below] = number;
            told[below] = 0;
        } else {
            insert(above, number);
        }
        return true;
    }

    private void insert(int at, long number) {
        if (count == firsts.length) {
            int more = Math.min(2 * count, maxRanges + 1);
            firsts = Arrays.copyOf(firsts, more);
            lasts = Arrays.copyOf(lasts, more);
            told = Arrays.copyOf(told, more);
        }
        System.arraycopy(firsts, at, firsts, at + 1, count - at);
        System.arraycopy(lasts, at, lasts, at + 1, count - at);
        System.arraycopy(told, at, told, at + 1, count - at);
        firsts[at] = number;
        lasts[at] = number;
        told[at] = 0;
        count++;
        if (count > maxRanges) {
            floor = lasts[0] + 1;
            remove(0, 1);
            firstToTell = Math.max(0, firstToTell - 1);
        }
    }

    private void remove(int at, int ranges) {
        System.arraycopy(firsts, at + ranges, firsts, at, count - at - ranges);
        System.arraycopy(lasts, at + ranges, lasts, at, count - at - ranges);
        System.arraycopy(told, at + ranges, told, at, count - at - ranges);
        count -= ranges;
    }
}
