package io.weir.test.probe;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * The subscriber of a receiving half, which asks for as much as the test says and keeps what comes. Any thread.
 */
public final class ReceiveProbe<T> {

    private final FluxProbe<T> watched;
    private final Queue<T> received = new ConcurrentLinkedQueue<>();
    private final Demand demand = new Demand();

    ReceiveProbe(Publisher<T> source) {
        watched = FluxProbe.of(source);
        watched.flux().subscribe(demand);
    }

    /** Asks for so many elements more; {@link Long#MAX_VALUE} for all. */
    public ReceiveProbe<T> request(long elements) {
        demand.request(elements);
        return this;
    }

    /** Wants no more: the peer's publisher is cancelled. */
    public void cancel() {
        demand.cancel();
    }

    /** Elements asked for so far. */
    public long requested() {
        return watched.requested();
    }

    /** Elements asked for that have not come. */
    public long outstanding() {
        return watched.outstanding();
    }

    /** All that has come. */
    public List<T> received() {
        return List.copyOf(received);
    }

    /** Whether the test has cancelled it. */
    public boolean isCancelled() {
        return watched.isCancelled();
    }

    /** Whether the peer has completed it, and everything before that was taken. */
    public boolean isCompleted() {
        return watched.isCompleted();
    }

    /** What it failed with, or null. */
    public @Nullable Throwable error() {
        return watched.error();
    }

    @Override
    public String toString() {
        return "received " + watched;
    }

    private final class Demand extends BaseSubscriber<T> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // The test asks.
        }

        @Override
        protected void hookOnNext(T element) {
            received.add(element);
        }

        @Override
        protected void hookOnError(Throwable e) {
            // The probe around the source has it.
        }
    }
}
