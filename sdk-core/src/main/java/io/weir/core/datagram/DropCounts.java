package io.weir.core.datagram;

/** How many datagrams were dropped, for each reason since the beginning. Loop-confined. */
public final class DropCounts {

    private final long[] counts = new long[Drop.values().length];

    /** With nothing dropped. */
    public DropCounts() {}

    /** One more. */
    public void add(Drop reason) {
        counts[reason.ordinal()]++;
    }

    /** So many more. */
    public void add(Drop reason, long more) {
        counts[reason.ordinal()] += more;
    }

    /** How many for that reason. */
    public long of(Drop reason) {
        return counts[reason.ordinal()];
    }

    /** How many for any reason. */
    public long total() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
