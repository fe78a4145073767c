package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IdMapTest {

    @Test
    void agreesWithATreeWhateverComesAndGoes() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            IdMap<String> map = new IdMap<>();
            TreeMap<Long, String> expected = new TreeMap<>();
            int ids = 1 + random.nextInt(400);
            for (int i = 0; i < 3_000; i++) {
                long id = 1 + (random.nextInt(4) == 0 ? (long) random.nextInt(ids) << 20 : random.nextInt(ids));
                if (random.nextBoolean() && !expected.containsKey(id)) {
                    map.put(id, "v" + i);
                    expected.put(id, "v" + i);
                } else if (random.nextBoolean()) {
                    assertThat(map.remove(id)).isEqualTo(expected.remove(id));
                }
                assertThat(map.get(id)).as("seed %d, id %d", seed, id).isEqualTo(expected.get(id));
                assertThat(map.size()).isEqualTo(expected.size());
            }
            assertThat(map.ids())
                    .containsExactly(expected.keySet().stream()
                            .mapToLong(Long::longValue)
                            .toArray());
            expected.forEach((id, value) -> assertThat(map.get(id)).isEqualTo(value));
        }
    }

    @Test
    void keepsTheTableOfABurstUntilItIsTrimmedAndThenWorksOn() {
        IdMap<Integer> map = new IdMap<>();
        for (int i = 1; i <= 400; i++) {
            map.put(i, i);
        }
        map.trim();
        assertThat(map.size()).isEqualTo(400);
        for (int i = 1; i <= 400; i++) {
            map.remove(i);
        }
        int burst = map.capacity();
        map.trim();

        assertThat(map.capacity()).isLessThan(burst).isEqualTo(16);
        map.put(7, 7);
        assertThat(map.get(7)).isEqualTo(7);
    }

    @Test
    void emptiesItselfAgain() {
        IdMap<Integer> map = new IdMap<>();
        for (int i = 1; i <= 10_000; i++) {
            map.put(i, i);
        }
        for (int i = 10_000; i >= 1; i--) {
            assertThat(map.remove(i)).isEqualTo(i);
        }
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.ids()).isEmpty();
        assertThat(map.remove(1)).isNull();
        assertThat(map.get(1)).isNull();
    }
}
