package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** What has come of one stream of numbered elements: each of them once, in order, whole; and when. */
final class Intake {

    private final LongSupplier nowNanos;
    private int next;
    private long bytes;
    private long lastNanos;
    private long longestGapNanos;
    private boolean complete;
    private @Nullable Throwable failure;
    private @Nullable String wrong;

    Intake(LongSupplier nowNanos, Flux<byte[]> elements) {
        this.nowNanos = nowNanos;
        lastNanos = nowNanos.getAsLong();
        elements.subscribe(this::take, e -> failure = e, () -> complete = true);
    }

    /** The element of that number. */
    static byte[] element(int number, int bytes) {
        return ByteBuffer.allocate(bytes)
                .putInt(number)
                .putInt(bytes - Integer.BYTES, ~number)
                .array();
    }

    private void take(byte[] element) {
        int number = ByteBuffer.wrap(element).getInt();
        if (number != next || ByteBuffer.wrap(element).getInt(element.length - Integer.BYTES) != ~number) {
            wrong = "element " + number + " came where " + next + " was expected";
        }
        next++;
        bytes += element.length;
        long now = nowNanos.getAsLong();
        longestGapNanos = Math.max(longestGapNanos, now - lastNanos);
        lastNanos = now;
    }

    /** Elements so far. */
    int count() {
        return next;
    }

    /** Of payload. */
    long bytes() {
        return bytes;
    }

    /** The longest time without an element, from the beginning or the last {@link #resetGap}. */
    long longestGapNanos() {
        return longestGapNanos;
    }

    void resetGap() {
        longestGapNanos = 0;
        lastNanos = nowNanos.getAsLong();
    }

    boolean isOver() {
        return complete || failure != null;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    /** What has come is what should, in order. */
    void assertInOrder() {
        assertThat(wrong).isNull();
    }

    /** The same, and the stream lives or is complete. */
    void assertRight() {
        assertInOrder();
        assertThat(failure).isNull();
    }

    void assertComplete(int elements) {
        assertRight();
        assertThat(complete).as("complete after %d elements", next).isTrue();
        assertThat(next).isEqualTo(elements);
    }
}
