package io.weir.reactive.operator;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler that keeps the last timer until it is told to run it. */
final class HandClock implements Scheduler {

    final AtomicInteger disposedTimers = new AtomicInteger();
    private volatile @Nullable Runnable timer;
    private volatile long nanos;

    void set(long nanos) {
        this.nanos = nanos;
    }

    void ring() {
        Objects.requireNonNull(timer, "no timer").run();
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        throw new AssertionError("an operator's timer has a delay");
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        timer = task;
        return Disposables.composite(disposedTimers::incrementAndGet);
    }

    @Override
    public Worker createWorker() {
        throw new AssertionError("an operator's timer needs no worker");
    }
}
