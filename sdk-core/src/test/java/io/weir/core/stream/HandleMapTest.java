package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandleMapTest {

    @Test
    void agreesWithAHashMapOverRandomOperations() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            HandleMap<String> map = new HandleMap<>();
            Map<Long, String> model = new HashMap<>();
            long next = 3;
            for (int i = 0; i < 2_000; i++) {
                if (random.nextInt(5) < 3) {
                    next += random.nextInt(20) == 0 ? 1 + random.nextInt(100) : 1;
                    map.put(next, "half " + next);
                    model.put(next, "half " + next);
                } else {
                    long handle = 3 + random.nextInt((int) next);
                    map.remove(handle);
                    model.remove(handle);
                }
                long probe = 3 + random.nextInt((int) next + 10);
                assertThat(map.get(probe)).as("seed " + seed).isEqualTo(model.get(probe));
            }
            assertThat(map.size()).isEqualTo(model.size());
            for (long handle = 3; handle <= next; handle++) {
                assertThat(map.get(handle)).as("seed " + seed).isEqualTo(model.get(handle));
            }
            int[] visited = new int[1];
            map.forEach(half -> visited[0]++);
            assertThat(visited[0]).isEqualTo(model.size());
        }
    }
}
