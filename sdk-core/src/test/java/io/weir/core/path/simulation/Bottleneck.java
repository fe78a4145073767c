package io.weir.core.path.simulation;

import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * The narrowest link of a path, in one direction: a rate, a delay, and a queue that drops what does not fit (drop-tail). Flows
 * that go through the same one share it.
 */
final class Bottleneck {

    static final long DROPPED = Long.MAX_VALUE;

    private static final double NANOS = 1e9;

    private final double bytesPerNano;
    private final long delayNanos;
    private final long queueBytes;
    private long markAboveBytes = Long.MAX_VALUE;
    private int largestBytes = Integer.MAX_VALUE;
    private Predicate<Packet> loses = packet -> false;
    private LongPredicate out = nowNanos -> false;
    private Predicate<Packet> detour = packet -> false;
    private long detourNanos;
    private double freeNanos; // when all that is queued has left

    /**
     * @param bitsPerSecond of the payload of UDP
     * @param delayNanos in this direction
     * @param queueBytes that wait at most
     */
    Bottleneck(long bitsPerSecond, long delayNanos, long queueBytes) {
        bytesPerNano = bitsPerSecond / 8 / NANOS;
        this.delayNanos = delayNanos;
        this.queueBytes = queueBytes;
    }

    /** Marks packets that are marked ECT(0) Congestion Experienced while more than this is queued. */
    Bottleneck markingAbove(long bytes) {
        markAboveBytes = bytes;
        return this;
    }

    /** Loses these. */
    Bottleneck losing(Predicate<Packet> packets) {
        loses = packets;
        return this;
    }

    /** Loses everything at these times. */
    Bottleneck outAt(LongPredicate times) {
        out = times;
        return this;
    }

    /** Lets these arrive so much later than they should, behind others. */
    Bottleneck detouring(Predicate<Packet> packets, long laterNanos) {
        detour = packets;
        detourNanos = laterNanos;
        return this;
    }

    /** Loses datagrams that are larger, from now on. */
    void passUpTo(int bytes) {
        largestBytes = bytes;
    }

    /** When the packet arrives, or {@link #DROPPED}. */
    long arrival(Packet packet, long nowNanos) {
        double queued = Math.max(0, freeNanos - nowNanos) * bytesPerNano;
        if (packet.bytes > largestBytes || out.test(nowNanos) || loses.test(packet)) {
            return DROPPED;
        }
        if (queued + packet.bytes > queueBytes) {
            return DROPPED;
        }
        packet.ce = packet.ect && queued > markAboveBytes;
        freeNanos = Math.max(freeNanos, nowNanos) + packet.bytes / bytesPerNano;
        return (long) freeNanos + delayNanos + (detour.test(packet) ? detourNanos : 0);
    }
}
