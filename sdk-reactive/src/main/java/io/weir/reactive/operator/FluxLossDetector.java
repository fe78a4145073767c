package io.weir.reactive.operator;

import io.weir.core.error.SilenceException;
import io.weir.core.peer.Liveness;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.scheduler.Scheduler;

/** Judges silence for each subscriber as its {@link Liveness} does; {@link Heartbeats#detectLoss} is its public face. */
final class FluxLossDetector<T> extends FluxOperator<T, T> {

    private final long limitNanos;
    private final Scheduler scheduler;

    private FluxLossDetector(Flux<? extends T> source, long limitNanos, Scheduler scheduler) {
        super(source);
        this.limitNanos = limitNanos;
        this.scheduler = scheduler;
    }

    static <T> Flux<T> assemble(Flux<? extends T> source, long limitNanos, Scheduler scheduler) {
        return onAssembly(new FluxLossDetector<>(source, limitNanos, scheduler));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new DetectorSubscriber<>(actual, limitNanos, new Alarm(scheduler)));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Serialised by the drain loop of {@link SerialSubscriber}. Silence counts only while the source was asked and this end
     * listened: not without demand, nor while the subscriber was inside {@code onNext}.
     */
    static final class DetectorSubscriber<T> extends TimedSubscriber<T> {

        /** What is on its way to this operator gets so long between the limit and the verdict. */
        private static final long DRAIN_NANOS = 1_000_000;

        private boolean listening;
        private long seen;
        private long heardNanos;

        DetectorSubscriber(CoreSubscriber<? super T> actual, long limitNanos, Alarm alarm) {
            super(actual, alarm, new Liveness(limitNanos, Long.MAX_VALUE, alarm.nowNanos()));
        }

        @Override
        void onTurn(boolean emitted, boolean rang) {
            boolean listened = listening;
            long here = arrived();
            listening = outstanding() > 0;
            if (!listening) {
                return;
            }
            long now = alarm.nowNanos();
            if (!listened || emitted || here != seen) {
                seen = here;
                heardNanos = now;
                liveness.onReceived(now);
            }
            if (!rang || !verdict(now)) {
                wakeAt(liveness.deadlineNanos());
            }
        }

        /** Whether the machine has said how to go on. */
        private boolean verdict(long now) {
            return switch (liveness.poll(now)) {
                case NOTHING, BEAT -> false;
                case DRAIN -> {
                    wakeAt(now + DRAIN_NANOS);
                    yield true;
                }
                case SILENT -> {
                    finish(new SilenceException(Duration.ofNanos(now - heardNanos)));
                    yield true;
                }
            };
        }
    }
}
