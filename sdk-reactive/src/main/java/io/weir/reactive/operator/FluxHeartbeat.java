package io.weir.reactive.operator;

import io.weir.core.peer.Liveness;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.scheduler.Scheduler;

/** Beats for each subscriber as its {@link Liveness} says; {@link Heartbeats#emit} is its public face. */
final class FluxHeartbeat<T> extends FluxOperator<T, T> {

    private final long everyNanos;
    private final Supplier<? extends T> beat;
    private final Scheduler scheduler;

    private FluxHeartbeat(Flux<? extends T> source, long everyNanos, Supplier<? extends T> beat, Scheduler scheduler) {
        super(source);
        this.everyNanos = everyNanos;
        this.beat = beat;
        this.scheduler = scheduler;
    }

    static <T> Flux<T> assemble(
            Flux<? extends T> source, long everyNanos, Supplier<? extends T> beat, Scheduler scheduler) {
        return onAssembly(new FluxHeartbeat<>(source, everyNanos, beat, scheduler));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new HeartbeatSubscriber<>(actual, everyNanos, beat, new Alarm(scheduler)));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Serialised by the drain loop of {@link SerialSubscriber}. A beat takes demand that the source was asked for, so what
     * the source then has too many is held: no more than was asked for at once.
     */
    static final class HeartbeatSubscriber<T> extends TimedSubscriber<T> {

        /** The machine beats at a third of the limit that it is told. */
        private static final int BEATS_PER_LIMIT = 3;

        private final Supplier<? extends T> beat;

        /** A beat was due and nobody asked for it. */
        private boolean owed;

        HeartbeatSubscriber(
                CoreSubscriber<? super T> actual, long everyNanos, Supplier<? extends T> beat, Alarm alarm) {
            super(actual, alarm, new Liveness(Long.MAX_VALUE, BEATS_PER_LIMIT * everyNanos, alarm.nowNanos()));
            this.beat = beat;
        }

        @Override
        void onTurn(boolean emitted, boolean rang) {
            if (emitted) {
                sent();
            }
            if (rang && liveness.poll(alarm.nowNanos()) == Liveness.Due.BEAT) {
                owed = true;
            }
            // An element that has come meanwhile says as much as a beat, and is next.
            if (owed && buffered() == 0 && requested() > 0) {
                beat();
            }
            wakeAt(liveness.deadlineNanos());
        }

        private void beat() {
            T value;
            try {
                value = Objects.requireNonNull(beat.get(), "the beat is null");
            } catch (Throwable t) {
                finishThrown(t);
                return;
            }
            actual.onNext(value);
            produced(1);
            sent();
        }

        private void sent() {
            owed = false;
            liveness.onSent(alarm.nowNanos());
        }
    }
}
