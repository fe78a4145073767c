package io.weir.benchmarks.peer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * A subscriber that asks as {@code limitRate(256)} does: 256 first, then 192 whenever 192 have arrived. It does so
 * without that operator's queue, so that no peer pays for it.
 *
 * @param <T> the peer's element type
 */
public abstract class BoundedReceiver<T> implements CoreSubscriber<T> {
    /** Most elements asked for and not yet received. */
    public static final int PREFETCH = 256;

    private static final int REFILL = PREFETCH - PREFETCH / 4;

    private final Consumer<Throwable> onEnd;
    private @Nullable Subscription subscription;
    private int sinceRefill;

    /** A receiver that tells {@code onEnd} if its endless stream ends. */
    protected BoundedReceiver(Consumer<Throwable> onEnd) {
        this.onEnd = onEnd;
    }

    /** Reads the element's length, first and last byte, counts it and releases what it holds. */
    protected abstract void take(T element);

    @Override
    public final void onSubscribe(Subscription s) {
        subscription = s;
        s.request(PREFETCH);
    }

    @Override
    public final void onNext(T element) {
        take(element);
        if (++sinceRefill == REFILL && subscription != null) {
            sinceRefill = 0;
            subscription.request(REFILL);
        }
    }

    @Override
    public final void onError(Throwable error) {
        onEnd.accept(error);
    }

    @Override
    public final void onComplete() {
        onEnd.accept(new IllegalStateException("an endless stream completed"));
    }
}
