package io.weir.core.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadQueueTest {

    private final MemoryBudget memory = new MemoryBudget(200, MemoryPool.unbounded());
    private final PayloadQueue<String> queue = new PayloadQueue<>(100);
    private final Set<String> gone = new HashSet<>();

    private List<String> served() {
        List<String> served = new ArrayList<>();
        for (String next = queue.next(memory, this::isWanted);
                next != null;
                next = queue.next(memory, this::isWanted)) {
            served.add(next);
        }
        return served;
    }

    private boolean isWanted(String who) {
        return !gone.contains(who);
    }

    private void release(long bytes) {
        memory.release(bytes);
        queue.released(bytes);
    }

    @Test
    void servesWhatFitsInOrder() {
        queue.add("a", 60);
        queue.add("b", 40);
        assertThat(served()).containsExactly("a", "b");
        assertThat(memory.reserved()).isEqualTo(100);
        assertThat(queue.isWaiting()).isFalse();
    }

    @Test
    void allTogetherHaveNoMoreThanTheCeiling() {
        queue.add("a", 60);
        queue.add("b", 41);
        assertThat(served()).containsExactly("a");
        assertThat(queue.isWaiting()).isTrue();
        release(60);
        assertThat(served()).containsExactly("b");
    }

    @Test
    void waitsForMemoryThatOthersHold() {
        memory.tryReserve(150);
        queue.add("a", 60);
        assertThat(served()).isEmpty();
        memory.release(10);
        assertThat(served()).containsExactly("a");
    }

    @Test
    void soManySmallerOnesMayPassTheFirst() {
        queue.add("a", 60);
        queue.add("large", 90);
        served();
        for (int i = 0; i < PayloadQueue.MOST_PASSES + 5; i++) {
            queue.add("s" + i, 10);
            List<String> served = served();
            if (i < PayloadQueue.MOST_PASSES) {
                assertThat(served).containsExactly("s" + i);
                release(10);
            } else {
                assertThat(served).isEmpty();
            }
        }
        release(60);
        assertThat(served()).as("the first, and after it what fits").containsExactly("large", "s16");
    }

    @Test
    void whoIsFirstNextMayBePassedAsOften() {
        queue.add("a", 60);
        queue.add("large", 90);
        queue.add("larger", 95);
        served();
        for (int i = 0; i < PayloadQueue.MOST_PASSES; i++) {
            queue.add("s" + i, 10);
            assertThat(served()).hasSize(1);
            release(10);
        }
        gone.add("large");
        queue.add("t", 10);
        assertThat(served()).containsExactly("t");
    }

    @Test
    void forgetsWhoIsGone() {
        queue.add("a", 60);
        queue.add("b", 60);
        queue.add("c", 10);
        served();
        gone.add("b");
        assertThat(served()).isEmpty();
        assertThat(queue.isWaiting()).isFalse();
    }

    /** Nobody is served out of what is not there, nobody is forgotten, and all are served once everything is given back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whateverComesAndGoesNobodyWaitsForEver(long seed) {
        Random random = new Random(seed);
        Map<String, Long> waiting = new HashMap<>();
        Map<String, Long> holding = new HashMap<>();
        for (int step = 0; step < 2_000; step++) {
            if (random.nextInt(3) == 0) {
                long bytes = 1 + random.nextInt(random.nextBoolean() ? 100 : 20);
                queue.add("r" + step, bytes);
                waiting.put("r" + step, bytes);
            } else if (random.nextInt(4) == 0 && !waiting.isEmpty()) {
                String who = waiting.keySet().iterator().next();
                waiting.remove(who);
                gone.add(who);
            } else if (!holding.isEmpty()) {
                String who = holding.keySet().iterator().next();
                release(holding.remove(who));
            }
            for (String who : served()) {
                Long bytes = waiting.remove(who);
                assertThat(bytes).as("seed %d: %s waited", seed, who).isNotNull();
                holding.put(who, bytes);
            }
            long held = holding.values().stream().mapToLong(Long::longValue).sum();
            assertThat(held).as("seed %d", seed).isEqualTo(queue.reserved()).isLessThanOrEqualTo(100);
        }
        while (!waiting.isEmpty()) {
            holding.values().forEach(this::release);
            holding.clear();
            for (String who : served()) {
                holding.put(who, waiting.remove(who));
            }
            assertThat(holding).as("seed %d: somebody is served", seed).isNotEmpty();
        }
    }
}
