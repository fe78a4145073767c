package io.weir.test.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A publisher that emits what it is told to, as far as it is asked: numbered elements of any size. */
final class Source implements Publisher<byte[]>, Subscription {

    /** Elements begin with their number in so many bytes, if they are that long. */
    private static final int NUMBER_BYTES = 4;

    private final Queue<Integer> sizes = new ArrayDeque<>();
    private final Flow flow;
    private @Nullable Subscriber<? super byte[]> subscriber;
    private int emitted;
    private long requested;
    private boolean completed;
    private boolean failed;
    private boolean over;
    private boolean emitting;

    Source(Flow flow) {
        this.flow = flow;
    }

    static byte[] element(int number, int size) {
        byte[] element = new byte[size];
        Arrays.fill(element, (byte) number);
        for (int i = 0; i < Math.min(size, NUMBER_BYTES); i++) {
            element[i] = (byte) (number >>> 8 * i);
        }
        return element;
    }

    void produce(int count, int size) {
        if (!completed && !failed) {
            for (int i = 0; i < count; i++) {
                sizes.add(size);
            }
            emit();
        }
    }

    /** Completes after what it was told to produce. */
    void complete() {
        if (!failed) {
            completed = true;
            emit();
        }
    }

    /** Fails at once. */
    void fail() {
        if (!completed && !failed) {
            failed = true;
            sizes.clear();
            emit();
        }
    }

    boolean completed() {
        return completed;
    }

    boolean failed() {
        return failed;
    }

    /** It was, before it had anything to say of its end. */
    boolean isCancelled() {
        return over && !completed && !failed;
    }

    /** Nobody is to hear from it any more. */
    boolean isOver() {
        return subscriber == null || over;
    }

    /** All that it will ever have emitted, or would have been asked for by now, if nobody stops it. */
    int total() {
        return emitted + sizes.size();
    }

    int emitted() {
        return emitted;
    }

    @Override
    public void subscribe(Subscriber<? super byte[]> actual) {
        flow.require(subscriber == null, "the publisher is subscribed once");
        subscriber = actual;
        actual.onSubscribe(this);
        emit();
    }

    @Override
    public void request(long n) {
        flow.require(n > 0, "the publisher is asked for more than nothing");
        requested += n;
        flow.require(requested - emitted <= Flow.MOST_REQUESTED, "the publisher is asked for a bounded number");
        emit();
    }

    @Override
    public void cancel() {
        over = true;
        sizes.clear();
    }

    private void emit() {
        Subscriber<? super byte[]> to = subscriber;
        if (to == null || emitting) {
            return;
        }
        emitting = true;
        while (!over && emitted < requested && !sizes.isEmpty()) {
            byte[] element = element(emitted++, sizes.remove());
            flow.onTaken(element);
            to.onNext(element);
        }
        emitting = false;
        if (!over && failed) {
            over = true;
            to.onError(new IllegalStateException("as it should"));
        } else if (!over && completed && sizes.isEmpty()) {
            over = true;
            to.onComplete();
        }
    }
}
