package io.weir.benchmarks.jmh;

import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.reactive.operator.Numbered;
import io.weir.reactive.operator.RecoverySettings;
import io.weir.reactive.operator.Reliability;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * What {@link Reliability#send} and {@link Reliability#acknowledge} cost for each packet, in time and, with {@code -prof gc}, in
 * garbage. Both ends are on one thread and the wire between them takes no time, so only the operators are measured; one in
 * a hundred packets is lost on it, or none. The clock is read, but timers do not ring: nothing here waits for one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReliabilityBenchmark {

    private static final int BATCH = 64;

    /** One packet in so many is lost; 0 for none. */
    @Param({"0", "100"})
    public int lossEvery = 0;

    private final byte[] packet = new byte[64];
    private final Hand<byte[]> source = new Hand<>();
    private final Hand<Feedback> feedback = new Hand<>();
    private final Taker taker = new Taker();
    private final Scheduler clock = new Clock();
    private long crossed;

    /** A benchmark that JMH sets up. */
    public ReliabilityBenchmark() {}

    /** Subscribes. */
    @Setup
    public void subscribeOnce() {
        Flux<Numbered<byte[]>> sending =
                source.transform(Reliability.send(feedback, RecoverySettings.defaults(), clock, lost -> lost));
        Flux<Numbered<byte[]>> wire = lossEvery == 0 ? sending : sending.filter(sent -> ++crossed % lossEvery != 0);
        Consumer<Feedback> back = feedback::emit;
        wire.transform(Reliability.<byte[]>acknowledge(back, clock)).subscribe(taker);
    }

    /** A packet sent, received and acknowledged. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long packet() {
        for (int i = 0; i < BATCH; i++) {
            source.emit(packet);
        }
        return taker.taken;
    }

    /** Tells the time, and sets timers that never ring. */
    private static final class Clock implements Scheduler {

        @Override
        public Disposable schedule(Runnable task) {
            return Disposables.single();
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return Disposables.single();
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException("the operators need no worker");
        }
    }

    /** Emits what it is told to, within the demand. */
    private static final class Hand<T> extends Flux<T> implements Subscription {
        private @Nullable CoreSubscriber<? super T> actual;
        private long requested;

        @Override
        public void subscribe(CoreSubscriber<? super T> subscriber) {
            actual = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
        }

        @Override
        public void cancel() {}

        void emit(T element) {
            if (requested == 0) {
                throw new IllegalStateException("nothing was asked for");
            }
            requested--;
            Objects.requireNonNull(actual).onNext(element);
        }
    }

    /** Asks for everything. */
    private static final class Taker implements CoreSubscriber<byte[]> {
        private long taken;

        @Override
        public void onSubscribe(Subscription s) {
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(byte[] arrived) {
            taken++;
        }

        @Override
        public void onError(Throwable e) {
            throw new IllegalStateException(e);
        }

        @Override
        public void onComplete() {}
    }
}
