package io.weir.core.credit;

/**
 * One session's share of a node's memory: the sum of everything it has promised to its peer.
 *
 * <p>Two kinds of promise draw on it. <em>Base</em> promises, the windows that streams open with, may use all of it;
 * <em>growth</em>, the part of a window that auto-tuning adds above its base, is capped on its own, so that windows that
 * have grown leave room for new streams here and, through a cap of a quarter of the node's auto-tuning budget, for other
 * sessions. Whatever the number of sessions, growth leaves half of the parent free, for new streams, requests and their
 * answers: what has grown may stay reserved for as long as its stream lives. Each reservation is made in the parent pool as well, and succeeds in both or in neither. The sum of the parts
 * reserved and not released is exactly {@link #reserved()}.
 *
 * <p>Confined to the session's loop. DESIGN section 4.
 */
public final class MemoryBudget implements MemoryPool {
    private final long maxBytes;
    private final long maxGrowthBytes;
    private final MemoryPool parent;
    private long reserved;
    private long growth;
    private long growthRefusals;

    /** A budget of which growth may take half. */
    public MemoryBudget(long maxBytes, MemoryPool parent) {
        this(maxBytes, maxBytes / 2, parent);
    }

    /**
     * @param maxBytes most bytes reserved at once, at least 0
     * @param maxGrowthBytes most bytes of them reserved as growth, at least 0; what exceeds {@code maxBytes} has no effect
     * @param parent the node's pool, asked for every reservation too
     */
    public MemoryBudget(long maxBytes, long maxGrowthBytes, MemoryPool parent) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + "; legal: at least 0");
        }
        if (maxGrowthBytes < 0) {
            throw new IllegalArgumentException("maxGrowthBytes is " + maxGrowthBytes + "; legal: at least 0");
        }
        this.maxBytes = maxBytes;
        this.maxGrowthBytes = maxGrowthBytes;
        this.parent = parent;
    }

    @Override
    public boolean tryReserve(long bytes) {
        requireNotNegative(bytes);
        if (bytes > maxBytes - reserved || !parent.tryReserve(bytes)) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    @Override
    public void release(long bytes) {
        requireNotNegative(bytes);
        if (bytes > reserved - growth) {
            throw new IllegalStateException(
                    "release of " + bytes + " bytes; reserved beside growth are " + (reserved - growth));
        }
        reserved -= bytes;
        parent.release(bytes);
    }

    /** Reserves memory for a window that grows above its base; refusals are counted in {@link #growthRefusals()}. */
    public boolean tryReserveGrowth(long bytes) {
        requireNotNegative(bytes);
        if (bytes > maxGrowthBytes - growth || !leaves(parent, 2, bytes) || !tryReserve(bytes)) {
            growthRefusals++;
            return false;
        }
        growth += bytes;
        return true;
    }

    /** Gives back what {@link #tryReserveGrowth} reserved. */
    public void releaseGrowth(long bytes) {
        requireNotNegative(bytes);
        if (bytes > growth) {
            throw new IllegalStateException("release of " + bytes + " bytes of growth; reserved are " + growth);
        }
        growth -= bytes;
        release(bytes);
    }

    /** Bytes reserved now, growth included. */
    public long reserved() {
        return reserved;
    }

    /** Bytes of {@link #reserved()} that are growth. */
    public long growth() {
        return growth;
    }

    /** Bytes that this budget could still reserve; the parent may have fewer. */
    @Override
    public long available() {
        return maxBytes - reserved;
    }

    /** Bytes that can be reserved now, here and in the parent, if nobody else is faster. */
    public long free() {
        return Math.min(available(), parent.available());
    }

    /** Whether so many quarters of this budget, and of the parent's, are free once {@code bytes} more are reserved. */
    public boolean leaves(int quarters, long bytes) {
        return leaves(this, quarters, bytes) && leaves(parent, quarters, bytes);
    }

    private static boolean leaves(MemoryPool pool, int quarters, long bytes) {
        return pool.available() - bytes >= pool.maxBytes() / 4 * quarters;
    }

    /** Most bytes reserved at once. */
    @Override
    public long maxBytes() {
        return maxBytes;
    }

    /** How often growth was refused: while it rises, windows that do not need their growth give some of it back. */
    public long growthRefusals() {
        return growthRefusals;
    }

    private static void requireNotNegative(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes is " + bytes + "; legal: at least 0");
        }
    }
}
