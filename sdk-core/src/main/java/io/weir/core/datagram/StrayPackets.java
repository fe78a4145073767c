package io.weir.core.datagram;

import io.weir.core.schedule.TokenBucket;

/**
 * Packets whose receiver index is nobody's. They are never answered: an answer would tell that a node is here, and would go to
 * whoever's address stands in them. The node is told, ten at once and then one a second, each with the number of those that it
 * was not told of. Loop-confined.
 */
public final class StrayPackets {

    private static final int BURST = 10;
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final DropCounts drops;
    private TokenBucket bucket;

    /** With none so far. */
    public StrayPackets(DropCounts drops, long nowNanos) {
        this.drops = drops;
        bucket = TokenBucket.full(BURST, INTERVAL_NANOS, nowNanos);
    }

    /** One has come. Returns how many the node is to be told of, this one included; 0 if it is to be told nothing now. */
    public long onPacket(long nowNanos) {
        drops.add(Drop.UNKNOWN_INDEX);
        bucket = bucket.next(nowNanos);
        return bucket.passes() ? 1 + bucket.heldBack() : 0;
    }
}
