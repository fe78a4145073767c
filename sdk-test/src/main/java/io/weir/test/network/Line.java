package io.weir.test.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The way from one host to another, which all links and datagrams between the two share: decides packet by packet what
 * becomes of them. A bottleneck with a queue comes first, what is lost or damaged has been through it.
 */
final class Line {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Faults faults;
    private final SplittableRandom random;

    /** When each packet that is in the bottleneck or waits for it leaves. Bounded by the profile's queue limit. */
    private final Deque<Long> departures = new ArrayDeque<>();

    private long freeAtNanos;
    private long carriedBytes;
    private boolean bad;
    private int lostInARow;
    private int damagedInARow;

    Line(Faults faults, SplittableRandom random) {
        this.faults = faults;
        this.random = random;
    }

    /**
     * What becomes of one packet.
     *
     * @param lost why it does not arrive, or null
     * @param arrivalNanos when it does
     * @param queued packets that it has found in the bottleneck and its queue
     */
    record Passage(@Nullable String lost, long arrivalNanos, boolean damaged, int queued) {}

    Faults faults() {
        return faults;
    }

    LinkProfile profile() {
        return faults.profile();
    }

    /** One generator for everything that chance decides here, in the order in which it is asked. */
    SplittableRandom random() {
        return random;
    }

    /** Whether packets handed over at one moment all arrive, and at one moment, so that they need not be cut. */
    boolean plain() {
        LinkProfile p = profile();
        return p.mtu() >= LinkProfile.PERFECT.mtu()
                && p.bytesPerSecond() == 0
                && p.jitter().isZero()
                && p.loss() == 0
                && p.burst().equals(BurstLoss.NONE)
                && p.corruption() == 0
                && faults.corruptionBeyondChecksum() == 0
                && faults.outage() == null;
    }

    long latencyNanos() {
        return profile().latency().toNanos();
    }

    /** Latency and all jitter. */
    long mostNanos() {
        return latencyNanos() + profile().jitter().toNanos();
    }

    /** A stream link has so many more bytes to carry. */
    void carries(int bytes) {
        carriedBytes += bytes;
    }

    long carriedBytes() {
        return carriedBytes;
    }

    /** Hands over a packet now. */
    Passage pass(long nowNanos, int bytes) {
        String outage = faults.outage();
        if (outage != null) {
            return lost(outage);
        }
        int queued = queued(nowNanos);
        long departureNanos = departure(nowNanos, bytes);
        if (departureNanos < 0) {
            return lost("queue full");
        }
        if (burstTakes()) {
            return lost("burst");
        }
        if (lossTakes()) {
            return lost("loss");
        }
        long jitterNanos = profile().jitter().toNanos();
        long extraNanos = jitterNanos == 0 ? 0 : random.nextLong(jitterNanos + 1);
        return new Passage(null, departureNanos + latencyNanos() + extraNanos, damages(), queued);
    }

    private static Passage lost(String why) {
        return new Passage(why, 0, false, 0);
    }

    /** How many are in the bottleneck and its queue. */
    private int queued(long nowNanos) {
        while (!departures.isEmpty() && departures.peek() <= nowNanos) {
            departures.remove();
        }
        return departures.size();
    }

    /** When the packet has left the bottleneck; negative if there is no room for it. */
    private long departure(long nowNanos, int bytes) {
        long rate = profile().bytesPerSecond();
        if (rate == 0) {
            return nowNanos;
        }
        // the first of them is not waiting: it is on its way through
        if (departures.size() > profile().queueLimit()) {
            return -1;
        }
        freeAtNanos = Math.max(freeAtNanos, nowNanos) + Math.round(bytes * NANOS_PER_SECOND / rate);
        departures.add(freeAtNanos);
        return freeAtNanos;
    }

    private boolean burstTakes() {
        BurstLoss burst = profile().burst();
        if (burst.equals(BurstLoss.NONE)) {
            bad = false;
            return false;
        }
        double change = random.nextDouble();
        bad = bad ? change >= burst.leave() : change < burst.enter();
        return random.nextDouble() < (bad ? burst.lossWhenBad() : burst.lossWhenGood());
    }

    private boolean lossTakes() {
        boolean takes = happens(profile().loss()) && !spared(lostInARow);
        lostInARow = takes ? lostInARow + 1 : 0;
        return takes;
    }

    private boolean damages() {
        boolean damages = happens(profile().corruption()) && !spared(damagedInARow);
        damagedInARow = damages ? damagedInARow + 1 : 0;
        return damages;
    }

    private boolean spared(int inARow) {
        int longest = profile().longestRun();
        return longest > 0 && inARow >= longest;
    }

    /** Draws only where chance decides. */
    boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }
}
