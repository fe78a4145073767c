package io.weir.test.probe;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A {@code Flux} whose signals are counted as they pass, and nothing is changed: what {@code send} asks of a publisher, or
 * what a subscriber asks of {@code receive}. Several subscriptions are counted together. Any thread.
 *
 * <pre>{@code
 * FluxProbe<Quote> probe = FluxProbe.of(quotes);
 * stream.send(probe.flux(), codec).subscribe();
 * assertThat(probe.requested()).isPositive();
 * }</pre>
 */
public final class FluxProbe<T> {

    private final Flux<T> flux;
    private final AtomicLong subscribed = new AtomicLong();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicLong emitted = new AtomicLong();
    private volatile boolean cancelled;
    private volatile boolean completed;
    private volatile @Nullable Throwable error;

    private FluxProbe(Publisher<? extends T> source) {
        flux = Flux.<T>from(source)
                .doOnSubscribe(subscription -> subscribed.incrementAndGet())
                .doOnRequest(n -> requested.accumulateAndGet(n, Operators::addCap))
                .doOnNext(element -> emitted.incrementAndGet())
                .doOnCancel(() -> cancelled = true)
                .doOnError(e -> error = e)
                .doOnComplete(() -> completed = true);
    }

    /** Watches that source, once {@link #flux} is subscribed in its place. */
    public static <T> FluxProbe<T> of(Publisher<? extends T> source) {
        return new FluxProbe<>(Objects.requireNonNull(source, "source"));
    }

    /** To be used in place of the source. */
    public Flux<T> flux() {
        return flux;
    }

    /** Subscriptions so far. */
    public long subscribed() {
        return subscribed.get();
    }

    /** Elements asked for so far; {@link Long#MAX_VALUE} is without limit. */
    public long requested() {
        return requested.get();
    }

    /** Elements that have passed. */
    public long emitted() {
        return emitted.get();
    }

    /** Elements asked for that have not passed; {@link Long#MAX_VALUE} is without limit. */
    public long outstanding() {
        long asked = requested();
        return asked == Long.MAX_VALUE ? asked : asked - emitted();
    }

    /** Whether its subscriber has cancelled it. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Whether it has completed. */
    public boolean isCompleted() {
        return completed;
    }

    /** What it failed with, or null. */
    public @Nullable Throwable error() {
        return error;
    }

    @Override
    public String toString() {
        Throwable e = error;
        return emitted() + " of " + (requested() == Long.MAX_VALUE ? "unlimited" : requested()) + " requested"
                + (e != null ? ", failed with " + e : completed ? ", completed" : "")
                + (cancelled ? ", cancelled" : "");
    }
}
