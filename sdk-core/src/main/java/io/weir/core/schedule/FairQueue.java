package io.weir.core.schedule;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for workers, by whom they are for: first come, first served within a lane, and the lanes in turn. So whoever
 * brings many waits for his own, and who brings one waits for one of each of the others at most.
 *
 * <pre>
 *   lane A: 1 2 3 4 5
 *   lane B: 6                --poll--&gt;  1 6 7 2 8 3 4 5
 *   lane C: 7 8
 * </pre>
 *
 * <p>Bounded: a lane holds at most a quarter of what there may be in all, and beyond that a lane in which nothing waits still takes
 * one task, so that those who fill the queue keep nobody out. What {@link #addBeyond} takes is bounded by whoever calls it.
 *
 * <p>Confined to one thread.
 *
 * @param <K> whom tasks are for, by {@code equals}
 * @param <T> a task
 */
public final class FairQueue<K, T> {

    private static final int SHARES = 4;

    private final int most;
    private final int mostInLane;
    private final Map<K, Lane<K, T>> lanes = new HashMap<>();
    private final Queue<Lane<K, T>> turns = new ArrayDeque<>(); // those in which something waits, each once
    private int bounded;
    private int size;

    /** @param most tasks that may wait, 1 or more */
    public FairQueue(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most is " + most + "; legal: at least 1");
        }
        this.most = most;
        mostInLane = Math.max(1, most / SHARES);
    }

    /** Takes a task, unless its lane, or all together, have as many as they may. */
    public boolean offer(K key, T task) {
        Lane<K, T> lane = lanes.get(key);
        int own = lane == null ? 0 : lane.bounded;
        if (own > 0 && (own >= mostInLane || bounded >= most)) {
            return false;
        }
        add(key, new Place<>(task, true));
        return true;
    }

    /** Takes a task that is bounded elsewhere, beside those that {@link #offer} takes. */
    public void addBeyond(K key, T task) {
        add(key, new Place<>(task, false));
    }

    /** The next task, which waits no more; null if none waits. */
    public @Nullable T poll() {
        Lane<K, T> lane = turns.poll();
        if (lane == null) {
            return null;
        }
        Place<T> place = lane.waiting.remove();
        size--;
        if (place.counts) {
            bounded--;
            lane.bounded--;
        }
        if (lane.waiting.isEmpty()) {
            lanes.remove(lane.key);
        } else {
            turns.add(lane);
        }
        return place.task;
    }

    /** Tasks that wait. */
    public int size() {
        return size;
    }

    private void add(K key, Place<T> place) {
        Lane<K, T> lane = lanes.computeIfAbsent(key, Lane::new);
        lane.waiting.add(place);
        size++;
        if (place.counts) {
            bounded++;
            lane.bounded++;
        }
        if (lane.waiting.size() == 1) {
            turns.add(lane);
        }
    }

    private record Place<T>(T task, boolean counts) {}

    private static final class Lane<K, T> {
        final K key;
        final Queue<Place<T>> waiting = new ArrayDeque<>();
        int bounded;

        Lane(K key) {
            this.key = key;
        }
    }
}
