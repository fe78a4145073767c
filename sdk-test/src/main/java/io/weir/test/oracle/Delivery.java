package io.weir.test.oracle;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.stream.Reliability;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The elements of one direction of one stream: what went in must come out, as its reliability says. RELIABLE: all of them,
 * once, in order. FIRE_AND_FORGET: in order, at most once; what is missing is counted by {@link #gaps()}. An error of the
 * publisher comes out behind all that went in before it, whatever the reliability.
 *
 * <pre>{@code
 * Delivery<String> words = Delivery.of("words", Reliability.RELIABLE);
 * sending.send(words.sending(source), Codec.utf8())
 * words.receiving(receiving.receive(Codec.utf8()))
 * ...
 * words.checkComplete();
 * }</pre>
 *
 * <p>A violation fails the receiving Flux and every later check. Elements are compared by {@code equals}, arrays by their
 * content; those under way are kept, so an element must not change. Thread: both ends in one, as on a simulated network.
 */
public final class Delivery<T> {

    private final String name;
    private final Reliability reliability;
    private final Deque<T> underWay = new ArrayDeque<>();
    private long sent;
    private long received;
    private long gaps;
    private boolean failed;

    private Delivery(String name, Reliability reliability) {
        this.name = Objects.requireNonNull(name, "name");
        this.reliability = Objects.requireNonNull(reliability, "reliability");
    }

    /** Watches a direction that the messages of its violations call by this name. */
    public static <T> Delivery<T> of(String name, Reliability reliability) {
        return new Delivery<>(name, reliability);
    }

    /** What is to be given to {@code send}. */
    public Flux<T> sending(Publisher<? extends T> source) {
        return Flux.<T>from(source).doOnNext(this::sent).doOnError(e -> failed = true);
    }

    /** What came from {@code receive}. */
    public Flux<T> receiving(Publisher<? extends T> received) {
        return Flux.<T>from(received).doOnNext(this::received).doOnError(StreamReset.class, this::ended);
    }

    /** An element was handed to the sending half. */
    public void sent(T element) {
        sent++;
        underWay.add(element);
    }

    /**
     * An element has arrived.
     *
     * @throws AssertionError if it was not sent, or is not the next one
     */
    public void received(T element) {
        long skipped = 0;
        T next;
        while ((next = underWay.poll()) != null) {
            if (Objects.deepEquals(next, element)) {
                received++;
                gaps += skipped;
                return;
            }
            if (reliability == Reliability.RELIABLE) {
                throw violation("got " + shown(element) + " where " + shown(next) + " was next");
            }
            skipped++;
        }
        throw violation("got " + shown(element) + ", which is none of those under way: lost in order, or twice");
    }

    /** A reset may leave elements behind; the publisher's own error, which has this code, may not. */
    private void ended(StreamReset end) {
        if (failed && end.reason().equals(CloseReason.remote(ErrorCode.APPLICATION_ERROR))) {
            checkComplete();
        }
    }

    /** Elements handed to the sending half. */
    public long sent() {
        return sent;
    }

    /** Elements that have arrived. */
    public long received() {
        return received;
    }

    /** Elements that were passed over by a later one. */
    public long gaps() {
        return gaps;
    }

    /** Elements handed over that have neither arrived nor been passed over. */
    public long underWay() {
        return underWay.size();
    }

    /**
     * Checks that nothing is under way any more.
     *
     * @throws AssertionError if something was lost
     */
    public void checkComplete() {
        if (!underWay.isEmpty()) {
            throw violation(underWay.size() + " elements never arrived, the first of them " + shown(underWay.peek()));
        }
    }

    private AssertionError violation(String what) {
        return new AssertionError(name + ", " + reliability + ": " + what + " (" + this + ")");
    }

    private static String shown(@Nullable Object element) {
        if (element instanceof byte[] bytes) {
            return bytes.length + " bytes " + Arrays.toString(Arrays.copyOf(bytes, Math.min(bytes.length, 8)));
        }
        return String.valueOf(element);
    }

    @Override
    public String toString() {
        return sent + " sent, " + received + " received, " + gaps + " passed over";
    }
}
