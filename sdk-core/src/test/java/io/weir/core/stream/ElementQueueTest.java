package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.memory.UsedHeap;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ElementQueueTest {
    private final ElementQueue queue = new ElementQueue();

    @Test
    void isEmptyAtFirst() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.poll()).isNull();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.size()).isZero();
    }

    @Test
    void givesElementsInOrder() {
        add(new byte[] {1, 2}, new byte[0], new byte[] {3});

        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.bytes()).isEqualTo(3 * 16 + 3);
        assertThat(take()).containsExactly(1, 2);
        assertThat(take()).isEmpty();
        assertThat(take()).containsExactly(3);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void takesPartsOfLargerArrays() {
        queue.add(new byte[] {9, 9, 1, 2, 9}, 2, 2, ElementQueue.ALWAYS_COPY);

        assertThat(take()).containsExactly(1, 2);
    }

    @Test
    void givesReadOnlyViewsOfNothingButTheElement() {
        add(new byte[] {1, 2}, new byte[] {3, 4});

        ByteBuffer payload = queue.poll();

        assertThat(payload).isNotNull();
        assertThat(payload.isReadOnly()).isTrue();
        assertThat(payload.isDirect()).isFalse();
        assertThat(payload.position()).isZero();
        assertThat(payload.capacity()).isEqualTo(2);
    }

    @Test
    void leavesPayloadsAloneThatWereTaken() {
        List<ByteBuffer> taken = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            add(payload(i, i % 90));
            if (i % 3 > 0) {
                taken.add(queue.poll());
            }
        }

        for (int i = 0; i < taken.size(); i++) {
            assertThat(bytesOf(taken.get(i))).isEqualTo(payload(i, i % 90));
        }
    }

    @Test
    void keepsTheArrayOfARecordThatALargePayloadFills() {
        byte[] record = payload(1, 16_392);
        queue.add(record, 8, 16_384, record.length);

        ByteBuffer payload = queue.poll();
        record[8] = 77;

        assertThat(payload).isNotNull();
        assertThat(payload.get(0)).isEqualTo((byte) 77);
        assertThat(payload.remaining()).isEqualTo(16_384);
    }

    @Test
    void copiesAPayloadThatSharesItsRecordWithOthers() {
        byte[] record = payload(1, 32_768);
        queue.add(record, 0, 16_384, record.length);

        record[0] = 77;

        assertThat(take()).isEqualTo(java.util.Arrays.copyOf(payload(1, 32_768), 16_384));
    }

    @Test
    void copiesEverythingOnRequest() {
        byte[] array = payload(1, 16_384);
        queue.add(array, 0, array.length, ElementQueue.ALWAYS_COPY);

        array[0] = 77;

        assertThat(take()).isEqualTo(payload(1, 16_384));
    }

    @Test
    void holdsALargePayloadBehindWhatIsLeftOfAnEmptiedChunk() {
        add(new byte[] {1});
        take();
        byte[] record = payload(2, 20_000);
        queue.add(record, 0, record.length, record.length);

        assertHeapBounded("");
        assertThat(take()).isEqualTo(payload(2, 20_000));
        assertThat(queue.heldHeapBytes()).isLessThan(1024);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 127, 128, 1024, 8192, 16_383, 16_384, 70_000})
    void holdsLittleMoreHeapThanTheElementsCost(int length) {
        int count = 4_000_000 / (16 + length) + 2;
        for (int i = 0; i < count; i++) {
            add(new byte[length]);
            assertHeapBounded("adding " + i);
        }
        for (int i = 0; i < count; i++) {
            assertThat(take()).hasSize(length);
            assertHeapBounded("taking " + i);
        }
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.heldHeapBytes()).isLessThan(400);
    }

    @Test
    void holdsLessThanAKilobyteAboveTheCostOfADefaultWindow() {
        for (int length : new int[] {0, 1, 64, 1024, 16_384}) {
            while (queue.bytes() + 16 + length <= 65_536) {
                add(new byte[length]);
                assertThat(queue.heldHeapBytes()).isLessThan(queue.bytes() + 1024);
            }
            while (!queue.isEmpty()) {
                take();
                assertThat(queue.heldHeapBytes()).isLessThan(queue.bytes() + 1024);
            }
        }
    }

    @Test
    void dropsEverything() {
        add(new byte[5], new byte[5000]);

        queue.clear();

        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.poll()).isNull();
        assertThat(queue.heldHeapBytes()).isLessThanOrEqualTo(64);
        add(new byte[] {1});
        assertThat(take()).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void behavesLikeANaiveQueueWithinItsBound(long seed) {
        Random random = new Random(seed);
        ArrayDeque<byte[]> naive = new ArrayDeque<>();
        long cost = 0;
        int bias = 50;
        for (int step = 0; step < 30_000; step++) {
            if (step % 1000 == 0) {
                bias = 20 + random.nextInt(60);
            }
            if (random.nextInt(100) < bias && cost < 2_000_000) {
                byte[] record = payload(step, recordSize(random));
                int offset = random.nextInt(10) > 0 ? Math.min(record.length, 6) : random.nextInt(record.length + 1);
                int length =
                        random.nextInt(10) > 0 ? record.length - offset : random.nextInt(record.length - offset + 1);
                byte[] copy = java.util.Arrays.copyOfRange(record, offset, offset + length);
                queue.add(record, offset, length, random.nextBoolean() ? record.length : ElementQueue.ALWAYS_COPY);
                naive.add(copy);
                cost += 16 + length;
            } else if (!naive.isEmpty()) {
                byte[] expected = naive.remove();
                assertThat(take()).as("seed %d, step %d", seed, step).isEqualTo(expected);
                cost -= 16 + expected.length;
            }
            assertThat(queue.size()).isEqualTo(naive.size());
            assertThat(queue.bytes()).as("seed %d, step %d", seed, step).isEqualTo(cost);
            assertHeapBounded("seed " + seed + ", step " + step);
        }
    }

    /**
     * 1,000 queues with a window of small payloads each: the heap in use is compared with what the queues say. Headers and
     * references, of which a queue counts the compressed ones, are far less than an eighth of it in any JVM.
     */
    @Test
    @Tag("long")
    void holdsAsMuchHeapAsItSays() {
        int[] lengths = {1, 64, 300, 1024, 16_384};
        List<ElementQueue> queues = new ArrayList<>();
        long cost = 0;
        long held = 0;
        for (int i = 0; i < 1000; i++) {
            ElementQueue one = new ElementQueue();
            while (one.bytes() < 48_000) {
                byte[] payload = new byte[lengths[i % lengths.length]];
                one.add(payload, 0, payload.length, ElementQueue.ALWAYS_COPY);
            }
            for (int taken = one.size() / 5; taken > 0; taken--) {
                one.poll();
            }
            queues.add(one);
            cost += one.bytes();
            held += one.heldHeapBytes();
        }
        int count = queues.size();
        long used = UsedHeap.bytes();
        queues.clear(); // compared with what is left, not with what was there: some of that may have been garbage
        used -= UsedHeap.bytes();

        assertThat(held).isLessThan(cost + 1024L * count);
        assertThat(used).isBetween(held - held / 8, held + held / 8);
    }

    private static int recordSize(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(70_000);
            case 1 -> random.nextInt(5000);
            case 2, 3 -> random.nextInt(300);
            default -> random.nextInt(30);
        };
    }

    private static byte[] payload(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void add(byte[]... payloads) {
        for (byte[] payload : payloads) {
            queue.add(payload, 0, payload.length, ElementQueue.ALWAYS_COPY);
        }
    }

    private byte[] take() {
        ByteBuffer payload = queue.poll();
        assertThat(payload).isNotNull();
        return bytesOf(payload);
    }

    private static byte[] bytesOf(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }

    private void assertHeapBounded(String when) {
        assertThat(queue.heldHeapBytes()).as(when).isLessThanOrEqualTo(queue.bytes() + queue.bytes() / 256 + 704);
    }
}
