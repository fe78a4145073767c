package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.Headers;
import io.weir.core.wire.NameCache;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingMessagesTest {

    private record Waiting(long id, long cost, String name, Headers headers, byte[] body) {}

    private final WaitingMessages waiting = new WaitingMessages(new NameCache());

    private static Waiting message(long id, String name, Headers headers, byte[] body) {
        return new Waiting(id, MessageCost.of(name.length(), headers, body.length), name, headers, body);
    }

    private void add(Waiting message) {
        byte[] record = new byte[message.body.length + 7];
        System.arraycopy(message.body, 0, record, 3, message.body.length);
        waiting.add(message.id, message.cost, message.name, message.headers, record, 3, message.body.length);
        Arrays.fill(record, (byte) 77);
    }

    private Waiting poll() {
        Waiting[] taken = new Waiting[1];
        assertThat(waiting.poll((id, cost, name, headers, array, offset, length) -> taken[0] =
                        new Waiting(id, cost, name, headers, Arrays.copyOfRange(array, offset, offset + length))))
                .isTrue();
        return taken[0];
    }

    private static void assertSame(Waiting taken, Waiting expected, long seed) {
        assertThat(taken.id + " " + taken.cost + " " + taken.name)
                .isEqualTo(expected.id + " " + expected.cost + " " + expected.name);
        assertThat(taken.headers).isEqualTo(expected.headers);
        assertThat(Arrays.equals(taken.body, expected.body))
                .as("body, seed %d", seed)
                .isTrue();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(waiting.isEmpty()).isTrue();
        assertThat(waiting.poll((id, cost, name, headers, array, offset, length) -> {}))
                .isFalse();
    }

    /** The smallest that a peer can send, under the largest ids: what waits takes no more heap than its credit. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1L << 14, 1L << 30, (1L << 62) - 200_000})
    void takesNoMoreHeapThanItCosts(long firstId) {
        WaitingMessages oneWays = new WaitingMessages(new NameCache());
        long cost = 0;
        for (int i = 0; i < 100_000; i++) {
            Waiting message = message(firstId + i, i % 2 == 0 ? "m" : "", Headers.empty(), new byte[0]);
            oneWays.add(message.id, message.cost, message.name, message.headers, message.body, 0, 0);
            cost += message.cost;
            assertThat(oneWays.heldHeapBytes()).isLessThanOrEqualTo(cost + cost / 256 + 704);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void agreesWithAQueueWhateverComesAndGoes(long seed) {
        Random random = new Random(seed);
        Deque<Waiting> expected = new ArrayDeque<>();
        long cost = 0;
        int bias = 1 + random.nextInt(6);
        for (int step = 0; step < 20_000; step++) {
            int what = random.nextInt(8);
            if (what < bias) {
                long id = 1 + (random.nextInt(9) == 0 ? random.nextLong() >>> 2 : step);
                Headers headers =
                        random.nextInt(5) > 0 ? Headers.empty() : Headers.of("h" + step % 3, "v".repeat(step % 9));
                Waiting message = message(
                        id,
                        "name" + step % 200,
                        headers,
                        new byte[random.nextInt(random.nextInt(9) == 0 ? 5_000 : 40)]);
                random.nextBytes(message.body);
                add(message);
                expected.add(message);
                cost += message.cost;
            } else if (!expected.isEmpty()) {
                Waiting oldest = expected.remove();
                assertSame(poll(), oldest, seed);
                cost -= oldest.cost;
            }
            assertThat(waiting.size()).isEqualTo(expected.size());
            assertThat(waiting.heldHeapBytes())
                    .as("seed %d, step %d", seed, step)
                    .isLessThanOrEqualTo(cost + cost / 256 + 704);
        }
    }

    @Test
    void nothingIsLeftWhenItIsCleared() {
        add(message(1, "m", Headers.empty(), new byte[1_000]));

        waiting.clear();

        assertThat(waiting.isEmpty()).isTrue();
        assertThat(waiting.heldHeapBytes()).isBetween(1L, 64L);
        add(message(1, "m", Headers.empty(), new byte[] {5}));
        assertThat(poll().body).containsExactly(5);
    }
}
