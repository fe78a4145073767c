package io.weir.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairQueueTest {

    private static final int MOST = 8;

    private final FairQueue<String, Integer> queue = new FairQueue<>(MOST);

    private List<Integer> drain() {
        List<Integer> all = new ArrayList<>();
        for (Integer next = queue.poll(); next != null; next = queue.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void servesLanesInTurnAndEachInOrder() {
        FairQueue<String, Integer> wide = new FairQueue<>(100);
        for (int i = 1; i <= 5; i++) {
            wide.offer("a", i);
        }
        wide.offer("b", 6);
        wide.offer("c", 7);
        wide.offer("c", 8);
        List<Integer> served = new ArrayList<>();
        for (Integer next = wide.poll(); next != null; next = wide.poll()) {
            served.add(next);
        }
        assertThat(served).containsExactly(1, 6, 7, 2, 8, 3, 4, 5);
    }

    @Test
    void aLaneHoldsAQuarterOfAll() {
        assertThat(queue.offer("a", 1)).isTrue();
        assertThat(queue.offer("a", 2)).isTrue();
        assertThat(queue.offer("a", 3)).isFalse();
        assertThat(queue.offer("b", 4)).isTrue();
        assertThat(queue.poll()).isEqualTo(1);
        assertThat(queue.offer("a", 5)).isTrue();
        assertThat(drain()).containsExactly(4, 2, 5);
    }

    @Test
    void thoseWhoFillItKeepNobodyOutWhoHasNothingThere() {
        for (String lane : List.of("a", "b", "c", "d")) {
            assertThat(queue.offer(lane, 0)).isTrue();
            assertThat(queue.offer(lane, 0)).isTrue();
        }
        assertThat(queue.size()).isEqualTo(MOST);
        assertThat(queue.offer("e", 1)).isTrue();
        assertThat(queue.offer("e", 2)).as("it has one").isFalse();
        for (int i = 0; i < 5; i++) {
            queue.poll();
        }
        assertThat(queue.offer("e", 3)).isTrue();
    }

    @Test
    void whatIsBoundedElsewhereTakesNobodysPlace() {
        for (int i = 0; i < 100; i++) {
            queue.addBeyond("a", i);
        }
        assertThat(queue.size()).isEqualTo(100);
        assertThat(queue.offer("a", 100)).isTrue();
        assertThat(queue.offer("b", 101)).isTrue();
        assertThat(queue.poll()).isZero();
        assertThat(queue.poll()).as("its turn, before the others of a").isEqualTo(101);
        assertThat(drain()).hasSize(100).last().isEqualTo(100);
    }

    @Test
    void wantsRoomForOne() {
        assertThatThrownBy(() -> new FairQueue<>(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("most is 0; legal: at least 1");
        FairQueue<String, Integer> smallest = new FairQueue<>(1);
        assertThat(smallest.offer("a", 1)).isTrue();
        assertThat(smallest.offer("a", 2)).isFalse();
    }

    /** Whatever comes: nothing is lost or doubled, each lane is in order, and the bounds hold. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void holdsItsPromisesUnderRandomOperations(long seed) {
        Random random = new Random(seed);
        Map<String, List<Integer>> waiting = new HashMap<>();
        Map<Integer, String> lanes = new HashMap<>();
        Map<Integer, Boolean> counts = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String lane = "lane " + random.nextInt(6);
            List<Integer> own = waiting.computeIfAbsent(lane, key -> new ArrayList<>());
            int operation = random.nextInt(5);
            if (operation < 2) {
                if (queue.offer(lane, i)) {
                    own.add(i);
                    counts.put(i, true);
                }
            } else if (operation == 2 && own.size() < 10) {
                queue.addBeyond(lane, i);
                own.add(i);
                counts.put(i, false);
            } else {
                Integer next = queue.poll();
                if (next != null) {
                    assertThat(waiting.get(lanes.get(next)).remove(0)).isEqualTo(next);
                    counts.remove(next);
                }
            }
            lanes.put(i, lane);
            assertThat(queue.size())
                    .isEqualTo(waiting.values().stream().mapToInt(List::size).sum());
            long bounded = counts.values().stream().filter(counted -> counted).count();
            assertThat(bounded).isLessThanOrEqualTo(MOST + 5); // one for each lane but those that fill it
            for (List<Integer> of : waiting.values()) {
                assertThat(of.stream().filter(counts::get).count()).isLessThanOrEqualTo(MOST / 4);
            }
        }
    }
}
