package io.weir.core.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LongMapTest {

    private static final long SEED = 0x1234_5678_9ABC_DEF1L;
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    @Test
    void agreesWithATreeWhateverComesAndGoes() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            LongMap<String> map = new LongMap<>(seed);
            TreeMap<Long, String> expected = new TreeMap<>();
            int ids = 1 + random.nextInt(400);
            for (int i = 0; i < 3_000; i++) {
                long id = (random.nextInt(4) == 0 ? (long) random.nextInt(ids) << 20 : random.nextInt(ids));
                if (random.nextBoolean() && !expected.containsKey(id)) {
                    map.put(id, "v" + i);
                    expected.put(id, "v" + i);
                } else if (random.nextBoolean()) {
                    assertThat(map.remove(id)).isEqualTo(expected.remove(id));
                }
                assertThat(map.get(id)).as("seed %d, id %d", seed, id).isEqualTo(expected.get(id));
                assertThat(map.size()).isEqualTo(expected.size());
            }
            assertThat(map.keys())
                    .containsExactly(expected.keySet().stream()
                            .mapToLong(Long::longValue)
                            .toArray());
            expected.forEach((id, value) -> assertThat(map.get(id)).isEqualTo(value));
        }
    }

    @Test
    void keepsTheTableOfABurstUntilItIsTrimmedAndThenWorksOn() {
        LongMap<Integer> map = new LongMap<>(SEED);
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

        assertThat(map.capacity()).isLessThan(burst).isEqualTo(new LongMap<>(SEED).capacity());
        map.put(7, 7);
        assertThat(map.get(7)).isEqualTo(7);
    }

    @Test
    void aTableIsMadeOnceForBurstsThatComeAgainAndAgainAndShrinksBehindTheLast() {
        LongMap<Integer> map = new LongMap<>(SEED);
        long next = 0;
        int changes = 0;
        for (int burst = 0; burst < 50; burst++) {
            int before = map.capacity();
            for (int i = 0; i < 600; i++) {
                map.put(next + i, i);
            }
            for (int i = 0; i < 600; i++) {
                map.remove(next++);
            }
            changes += map.capacity() == before ? 0 : 1;
        }
        assertThat(changes).as("of the capacity, over 50 bursts").isEqualTo(1);
        assertThat(map.capacity()).isEqualTo(2_048);

        for (int i = 0; i < 3_000; i++) {
            map.put(next, i);
            map.remove(next++);
        }
        assertThat(map.capacity()).isEqualTo(1_024);
    }

    /** Their common table must stay as it is. */
    @Test
    void emptyMapsShareNothingThatCanBeWritten() {
        LongMap<Integer> one = new LongMap<>(SEED);
        LongMap<Integer> other = new LongMap<>(SEED);
        for (long key = 0; key < 64; key++) {
            assertThat(one.remove(key)).isNull();
            one.put(key, 1);
            assertThat(other.get(key)).isNull();
            one.remove(key);
            one.trim();
            one.clear();
        }
        assertThat(other.keys()).isEmpty();
        other.forEach(value -> assertThat(value).as("of no number").isNull());
        assertThat(other.capacity()).isEqualTo(2);
    }

    @Test
    void emptiesItselfAgain() {
        LongMap<Integer> map = new LongMap<>(SEED);
        for (int i = 1; i <= 10_000; i++) {
            map.put(i, i);
        }
        for (int i = 10_000; i >= 1; i--) {
            assertThat(map.remove(i)).isEqualTo(i);
        }
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.keys()).isEmpty();
        assertThat(map.remove(1)).isNull();
        assertThat(map.get(1)).isNull();
    }

    @Test
    void visitsAndForgetsAll() {
        LongMap<Long> map = new LongMap<>(SEED);
        for (long i = -500; i < 500; i++) {
            map.put(i, i);
        }
        long[] sum = new long[2];
        map.forEach(value -> {
            sum[0]++;
            sum[1] += value;
        });
        assertThat(sum).containsExactly(1_000, -500);
        map.clear();
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.get(0)).isNull();
        assertThat(map.capacity()).isEqualTo(new LongMap<>(SEED).capacity());
    }

    /** Families of numbers that a peer would choose where it knew how they are spread, by what they have in common. */
    static Stream<LongUnaryOperator> chosen() {
        return Stream.of(
                i -> i, // as they come
                i -> i << 10, // equal low bits
                i -> i << 40,
                i -> i << 54, // nothing but high bits
                i -> Long.reverse(i),
                i -> i * inverseOf(GOLDEN_RATIO), // next to each other behind a multiplication
                i -> (i << 32) * inverseOf(GOLDEN_RATIO),
                i -> collidingWithout(0, i)); // one place for all, where the seed is 0
    }

    /** Probes are counted, so that this says the same on every machine. */
    @ParameterizedTest
    @MethodSource("chosen")
    void numbersThatAPeerChoosesAreSpreadByTheSeed(LongUnaryOperator family) {
        int count = 700; // of 1,024 places
        Random seeds = new Random(20_261_129);
        double worst = 0;
        for (int run = 0; run < 50; run++) {
            LongMap<Long> map = new LongMap<>(seeds.nextLong());
            for (int i = 0; i < count; i++) {
                map.put(family.applyAsLong(i), 0L);
            }
            long probes = 0;
            for (int i = 0; i < count; i++) {
                probes += map.probes(family.applyAsLong(i));
            }
            worst = Math.max(worst, (double) probes / count);
        }
        assertThat(worst)
                .as("places looked at, on the average, with the worst of 50 seeds")
                .isLessThan(32);
    }

    @Test
    void thoseNumbersWouldCollideWithoutIt() {
        LongMap<Long> map = new LongMap<>(0);
        for (int i = 0; i < 700; i++) {
            map.put(collidingWithout(0, i), 0L);
        }
        long probes = 0;
        for (int i = 0; i < 700; i++) {
            probes += map.probes(collidingWithout(0, i));
        }
        assertThat(probes / 700).as("a walk along the others").isGreaterThan(300);
    }

    /** The i-th number that the map puts at its first place if this is its seed: its mixing, backwards. */
    private static long collidingWithout(long seed, long i) {
        long mixed = i * inverseOf(seed | 1); // small products begin at place 0
        mixed ^= mixed >>> 32;
        return mixed * inverseOf(GOLDEN_RATIO) ^ seed;
    }

    /** Of an odd number modulo 2^64, by Newton's method. */
    private static long inverseOf(long odd) {
        long inverse = odd;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
