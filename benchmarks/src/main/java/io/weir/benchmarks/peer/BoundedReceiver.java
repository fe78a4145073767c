package io.weir.benchmarks.peer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * A subscriber that asks as {@code limitRate(256)} does: 256 first, then 192 whenever 192 have arrived. It does so
 * without that operator's queue, so that no peer pays for it. While the {@link Gate} is closed it asks for nothing.
 *
 * @param <T> the peer's element type
 */
public abstract class BoundedReceiver<T> implements CoreSubscriber<T> {
    /** Most elements asked for and not yet received. */
    public static final int PREFETCH = 256;

    private static final int REFILL = PREFETCH - PREFETCH / 4;

    private final Reception reception;
    private final Runnable refill = () -> ask(REFILL);
    private @Nullable Subscription subscription;
    private int sinceRefill;

    /** A receiver that asks as the reception's gate allows, and tells the reception if its endless stream ends. */
    protected BoundedReceiver(Reception reception) {
        this.reception = reception;
    }

    /** Reads the element's length, first and last byte, counts it and releases what it holds. */
    protected abstract void take(T element);

    @Override
    public final void onSubscribe(Subscription s) {
        subscription = s;
        reception.gate().whenOpen(() -> ask(PREFETCH));
    }

    @Override
    public final void onNext(T element) {
        take(element);
        if (++sinceRefill == REFILL) {
            sinceRefill = 0;
            if (reception.gate().isOpen()) {
                ask(REFILL);
            } else {
                // Nobody asks meanwhile: what is still to come is less than another refill.
                reception.gate().whenOpen(refill);
            }
        }
    }

    @Override
    public final void onError(Throwable error) {
        reception.failed(error);
    }

    @Override
    public final void onComplete() {
        reception.failed(new IllegalStateException("an endless stream completed"));
    }

    private void ask(int elements) {
        if (subscription != null) {
            subscription.request(elements);
        }
    }
}
