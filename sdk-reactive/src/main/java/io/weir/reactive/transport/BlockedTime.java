package io.weir.reactive.transport;

/**
 * How long a link has taken nothing although there was more to send, in all. Its loop switches it on and off; any thread reads.
 *
 * <p>One number says both how long and whether it goes on, so that a reader sees neither without the other: twice the time
 * while the link takes something; while it does not, twice the moment since when that would be the time, and one.
 */
public final class BlockedTime {

    private volatile long word;

    /** Of a link that has always taken everything. */
    public BlockedTime() {}

    /** The link takes nothing from now on. */
    public void begin(long nowNanos) {
        if (!isBlocked()) {
            word = nowNanos - (word >> 1) << 1 | 1;
        }
    }

    /** The link takes something again. */
    public void end(long nowNanos) {
        if (isBlocked()) {
            word = nanos(nowNanos) << 1;
        }
    }

    public boolean isBlocked() {
        return (word & 1) != 0;
    }

    /** How long in all, until now. */
    public long nanos(long nowNanos) {
        long read = word;
        return (read & 1) == 0 ? read >> 1 : Math.max(0, nowNanos - (read >> 1));
    }
}
