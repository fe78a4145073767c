package io.weir.test.proxy;

import io.weir.test.network.BlackHole;
import io.weir.test.network.LinkProfile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a proxy: its settings, which any thread may change, and what becomes of its packets, on the proxy's event
 * loop.
 */
final class Direction {

    /** Fates that are kept to be looked at. */
    static final int KEPT = 4_096;

    private static final double NANOS_PER_SECOND = 1e9;

    private volatile LinkProfile profile = LinkProfile.PERFECT;
    private volatile double corruptionBeyondChecksum;
    private volatile boolean cut;
    private volatile @Nullable Hole hole;

    // On the event loop.
    private final Fates fates;
    private final Deque<Fate> decisions = new ConcurrentLinkedDeque<>();
    private int kept;
    private final Deque<Long> departures = new ArrayDeque<>();
    private long freeAtNanos = System.nanoTime();

    private record Hole(BlackHole blackHole, long sinceNanos) {}

    Direction(SplittableRandom random) {
        fates = new Fates(random);
    }

    // ---- settings

    LinkProfile profile() {
        return profile;
    }

    void profile(LinkProfile newProfile) {
        profile = newProfile;
    }

    void corruptionBeyondChecksum(double probability) {
        corruptionBeyondChecksum = probability;
    }

    void cut(boolean newCut) {
        cut = newCut;
    }

    void blackHole(@Nullable BlackHole blackHole) {
        hole = blackHole == null ? null : new Hole(blackHole, System.nanoTime());
    }

    List<String> decisions() {
        return decisions.stream().map(Fate::toString).toList();
    }

    // ---- packets

    /** What chance decides for the next packet. */
    Fate next() {
        Fate fate = fates.next(profile, corruptionBeyondChecksum);
        if (kept == KEPT) {
            decisions.removeFirst();
        } else {
            kept++;
        }
        decisions.addLast(fate);
        return fate;
    }

    /** Packets so far. */
    long packets() {
        return fates.count();
    }

    /** How long nothing passes from now on: 0 if something does, {@link Long#MAX_VALUE} until it is healed. */
    long outageNanos(long nowNanos) {
        if (cut) {
            return Long.MAX_VALUE;
        }
        Hole now = hole;
        if (now == null) {
            return 0;
        }
        long open = now.blackHole.open().toNanos();
        long period = open + now.blackHole.swallowing().toNanos();
        long at = (nowNanos - now.sinceNanos) % period;
        return at < open ? 0 : period - at;
    }

    /** Whether a packet may wait for the bottleneck. */
    boolean hasRoom(long nowNanos) {
        while (!departures.isEmpty() && departures.peek() - nowNanos <= 0) {
            departures.remove();
        }
        // the first of them is not waiting: it is on its way through
        return departures.size() <= profile.queueLimit();
    }

    /** When a packet that is handed over now has left the bottleneck. */
    long departure(long nowNanos, int wireBytes) {
        long rate = profile.bytesPerSecond();
        if (rate == 0) {
            return nowNanos;
        }
        long begin = freeAtNanos - nowNanos > 0 ? freeAtNanos : nowNanos;
        freeAtNanos = begin + Math.round(wireBytes * NANOS_PER_SECOND / rate);
        departures.add(freeAtNanos);
        return freeAtNanos;
    }

    /** Latency and jitter. */
    long transitNanos(Fate fate) {
        LinkProfile now = profile;
        return now.latency().toNanos() + (long) (fate.jitter() * now.jitter().toNanos());
    }
}
