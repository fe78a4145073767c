package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuestionQueueTest {

    private static final PathAddress FROM = new PathAddress(Bytes.copyOf(new byte[] {127, 0, 0, 1}), 4_000);

    private final QuestionQueue queue = new QuestionQueue();

    @Test
    void keepsCopiesInTheirOrder() {
        Random random = new Random(1);
        byte[] borrowed = new byte[FastDatagram.MOST_QUESTION + 1];
        int next = 0;
        int expected = 0;
        while (expected < 5_000) {
            for (int n = random.nextInt(200); n > 0; n--) {
                int length = 8 + random.nextInt(FastDatagram.MOST_QUESTION - 8);
                ByteBuffer.wrap(borrowed).put(1, (byte) 0x10).put(2, (byte) 9).putInt(3, next);
                borrowed[length] = (byte) next;
                if (queue.add(borrowed, 1, length, FROM)) {
                    next++;
                }
            }
            for (int n = random.nextInt(200); n > 0 && queue.size() > 0; n--) {
                QuestionQueue.Place place = Objects.requireNonNull(queue.peek());
                ByteBuffer body = place.body();
                assertThat(place.command()).isEqualTo(9);
                assertThat(place.from()).isEqualTo(FROM);
                assertThat(body.remaining()).isEqualTo(place.length() - 2);
                assertThat(body.isReadOnly()).isTrue();
                assertThat(body.getInt()).isEqualTo(expected);
                assertThat(body.get(body.limit() - 1)).isEqualTo((byte) expected);
                queue.poll();
                expected++;
            }
        }
    }

    @Test
    void takesNoMoreThanItsPlaces() {
        byte[] question = new byte[10];
        for (int i = 0; i < QuestionQueue.PLACES; i++) {
            assertThat(queue.add(question, 0, 10, FROM)).isTrue();
        }

        assertThat(queue.add(question, 0, 10, FROM)).isFalse();
        assertThat(queue.size()).isEqualTo(QuestionQueue.PLACES);
        assertThat(queue.clear()).isEqualTo(QuestionQueue.PLACES);
        assertThat(queue.peek()).isNull();
        assertThat(queue.add(question, 0, 10, FROM)).isTrue();
    }

    @Test
    void hasNothingToRemoveWhereNobodyWaits() {
        assertThatIllegalStateException().isThrownBy(queue::poll);
    }
}
