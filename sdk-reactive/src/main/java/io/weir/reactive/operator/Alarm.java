package io.weir.reactive.operator;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * The one timer of an operator, as its side input: it emits when it rings and never ends. Lazily re-armed: while it is set it
 * is only moved to an earlier time; whoever hears it too early sets it anew.
 *
 * <p>{@link #at} and {@link #hasRung} belong to the operator's drain. It rings on a thread of the scheduler.
 */
final class Alarm extends Flux<Alarm> implements Subscription {

    private final Scheduler scheduler;
    private final Disposable.Swap timer = Disposables.swap();

    private volatile @Nullable CoreSubscriber<? super Alarm> actual;

    // Written by the scheduler's thread, and by the drain while no timer runs.
    private volatile boolean rang;

    // Owned by the drain.
    private boolean set;

    private long setNanos;

    Alarm(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Monotonic, with an arbitrary origin. Any thread. */
    long nowNanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /**
     * Rings at this time, or earlier if it is set already.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is disposed or knows no time
     */
    void at(long atNanos) {
        if (!set || atNanos - setNanos < 0) {
            set = true;
            setNanos = atNanos;
            timer.update(scheduler.schedule(this::ring, Math.max(0, atNanos - nowNanos()), TimeUnit.NANOSECONDS));
        }
    }

    /** Whether it has rung since it was set; it is then set no more. */
    boolean hasRung() {
        if (!rang) {
            return false;
        }
        rang = false;
        set = false;
        return true;
    }

    private void ring() {
        rang = true;
        CoreSubscriber<? super Alarm> listener = actual;
        if (listener != null) {
            listener.onNext(this);
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super Alarm> subscriber) {
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        // A side input asks without limit.
    }

    @Override
    public void cancel() {
        timer.dispose();
    }
}
