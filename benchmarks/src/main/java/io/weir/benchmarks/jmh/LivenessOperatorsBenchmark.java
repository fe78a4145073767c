package io.weir.benchmarks.jmh;

import io.weir.reactive.operator.Heartbeats;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What heartbeats and loss detection cost a chain of records, for each record and, with {@code -prof gc}, for each session:
 * whether a session should have them as operators. The subscriber asks for one record at a time, as a link does, or for all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LivenessOperatorsBenchmark {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What lies in the chain. */
    public enum Chain {
        /** A map, as sealing is one. */
        PLAIN,
        /** The same behind {@link Heartbeats#emit}. */
        BEATS,
        /** The same behind {@link Heartbeats#detectLoss}. */
        LOSS
    }

    /** What lies in the chain. */
    @Param
    public Chain chain = Chain.PLAIN;

    private final byte[] record = new byte[64];
    private final Records records = new Records();
    private final Taker taker = new Taker();
    private Scheduler timers = Schedulers.immediate();
    private Function<Flux<byte[]>, Flux<byte[]>> operator = records -> records;

    /** A benchmark that JMH sets up. */
    public LivenessOperatorsBenchmark() {}

    /** Subscribes. */
    @Setup
    public void subscribeOnce() {
        timers = Schedulers.newSingle("timers", true);
        operator = switch (chain) {
            case PLAIN -> same -> same;
            case BEATS -> Heartbeats.emit(LIMIT.dividedBy(3), () -> record, timers);
            case LOSS -> Heartbeats.detectLoss(LIMIT, timers);
        };
        assemble(records).subscribe(taker);
    }

    /** Ends the timer. */
    @TearDown
    public void dispose() {
        timers.dispose();
    }

    private Flux<byte[]> assemble(Flux<byte[]> source) {
        return source.transform(operator).map(plaintext -> plaintext);
    }

    /** One record on its way through. */
    @Benchmark
    public long record() {
        records.emit(record);
        return taker.taken;
    }

    /** One session begins and ends: what is allocated is about what it holds. */
    @Benchmark
    public Object session() {
        Taker one = new Taker();
        assemble(new Records()).subscribe(one);
        one.cancel();
        return one;
    }

    /** Emits what it is told to, within the demand. */
    private static final class Records extends Flux<byte[]> implements Subscription {
        private @Nullable CoreSubscriber<? super byte[]> actual;
        private long requested;

        @Override
        public void subscribe(CoreSubscriber<? super byte[]> subscriber) {
            actual = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {}

        void emit(byte[] record) {
            if (requested == 0) {
                throw new IllegalStateException("nothing was asked for");
            }
            requested--;
            Objects.requireNonNull(actual).onNext(record);
        }
    }

    /** Asks for one after the other. */
    private static final class Taker implements CoreSubscriber<byte[]> {
        private @Nullable Subscription subscription;
        private long taken;

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            s.request(1);
        }

        @Override
        public void onNext(byte[] record) {
            taken++;
            Objects.requireNonNull(subscription).request(1);
        }

        @Override
        public void onError(Throwable e) {
            throw new IllegalStateException(e);
        }

        @Override
        public void onComplete() {}

        void cancel() {
            Objects.requireNonNull(subscription).cancel();
        }
    }
}
