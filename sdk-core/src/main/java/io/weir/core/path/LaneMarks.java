package io.weir.core.path;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether what was under way when a peer moved has come, on a path whose library may lose some of it for good: each lane is marked
 * behind what was said in it, and the peer tells which marks it has heard.
 *
 * <pre>
 *   UNMARKED --mark--&gt; WAITING --marked--&gt; UNMARKED
 *                      |  ^ |
 *                      +--+ +--the lane is marked anew meanwhile, then marked--&gt; WAITING, for the next one
 * </pre>
 *
 * <p>A peer that has never heard any may not know what they are: of its lanes nothing is said. One that hears nothing at all is silent, which others
 * notice. No more marks are under way than there are lanes. Deterministic, loop-confined. Times are monotonic nanoseconds.
 *
 * @param <L> a lane, told apart by identity
 */
public final class LaneMarks<L> {

    private static final class Mark<L> {
        final L lane;
        final long number;
        final long sinceNanos;
        boolean again;

        Mark(L lane, long number, long sinceNanos) {
            this.lane = lane;
            this.number = number;
            this.sinceNanos = sinceNanos;
        }
    }

    private final Map<Long, Mark<L>> waiting = new LinkedHashMap<>();
    private final Map<L, Mark<L>> ofLanes = new IdentityHashMap<>();
    private long round;
    private long lastNumber;
    private boolean understood;

    /** The peer has moved: its lanes are to be marked. Returns which round that is, 1 or more. */
    public long begin() {
        return ++round;
    }

    /** The peer marks its lanes in that round; true if this side has not done so, and is to. */
    public boolean joins(long peerRound) {
        if (peerRound <= round) {
            return false;
        }
        round = peerRound;
        return true;
    }

    /** The round of the marks that are made now; 0 before the first. */
    public long round() {
        return round;
    }

    /**
     * Marks a lane.
     *
     * @return the number that the mark has, 1 or more; 0 if another one of that lane is under way: it is marked anew when that has come
     */
    public long mark(L lane, long nowNanos) {
        Mark<L> before = ofLanes.get(lane);
        if (before != null) {
            before.again = true;
            return 0;
        }
        Mark<L> made = new Mark<>(lane, ++lastNumber, nowNanos);
        waiting.put(made.number, made);
        ofLanes.put(lane, made);
        return made.number;
    }

    /** The peer has heard the mark of that number. Returns the lane if it is to be marked anew; else null. One that is not under way says nothing. */
    public @Nullable L onMarked(long number) {
        Mark<L> heard = waiting.remove(number);
        if (heard == null) {
            return null;
        }
        understood = true;
        ofLanes.remove(heard.lane);
        return heard.again ? heard.lane : null;
    }

    /** The lane is over: nobody waits for what was in it. */
    public void forget(L lane) {
        Mark<L> mark = ofLanes.remove(lane);
        if (mark != null) {
            waiting.remove(mark.number);
        }
    }

    /** How long the oldest mark has not come, in ns until now; 0 if none is under way, or the peer has never heard any. */
    public long stalledNanos(long nowNanos) {
        return !understood || waiting.isEmpty()
                ? 0
                : nowNanos - waiting.values().iterator().next().sinceNanos;
    }
}
