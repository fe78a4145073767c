package io.weir.reactive.operator;

import io.weir.core.reliability.AckRanges;
import io.weir.core.reliability.AckRanges.Arrival;
import io.weir.core.reliability.FeedbackSchedule;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/**
 * Hosts one {@link AckRanges} and its {@link FeedbackSchedule} for each subscriber; {@link Reliability#acknowledge} is its
 * public face.
 */
final class FluxAcknowledge<T> extends FluxOperator<Numbered<T>, T> {

    private final AcknowledgeSettings<T> settings;

    private FluxAcknowledge(Flux<? extends Numbered<T>> source, AcknowledgeSettings<T> settings) {
        super(source);
        this.settings = settings;
    }

    static <T> Flux<T> assemble(Flux<? extends Numbered<T>> source, AcknowledgeSettings<T> settings) {
        return onAssembly(new FluxAcknowledge<>(source, settings));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new AcknowledgeSubscriber<>(actual, settings, new Alarm(settings.scheduler())));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Serialised by the drain loop of {@link SerialSubscriber}. The source is asked for no more than is demanded, so an element
     * is queued only while the drain is busy.
     */
    static final class AcknowledgeSubscriber<T> extends QueuedSubscriber<Numbered<T>, T, Alarm> {

        /** What is remembered, so that what comes late is not taken for a repeat. */
        private static final int KEPT_RANGES = 256;

        /** What is told: each range so many times at the least, as each new gap is told at once. */
        private static final int TOLD_RANGES = 32;

        private final AcknowledgeSettings<T> settings;
        private final Alarm alarm;

        // Owned by the drain.
        private final AckRanges ranges = new AckRanges(KEPT_RANGES);
        private final FeedbackSchedule schedule = new FeedbackSchedule(FeedbackSchedule.MAX_DELAY_NANOS);

        AcknowledgeSubscriber(CoreSubscriber<? super T> actual, AcknowledgeSettings<T> settings, Alarm alarm) {
            super(actual, alarm);
            this.settings = settings;
            this.alarm = alarm;
        }

        // ---- from the alarm

        @Override
        public void onSide(Alarm rung) {
            drain();
        }

        @Override
        public void onSideComplete() {}

        // ---- the drain

        @Override
        void turn() {
            // Read before the queue, so that no element which came before the end is overlooked.
            boolean sourceDone = sourceDone();
            Throwable first = failure();
            if (first != null) {
                finish(first);
                return;
            }
            alarm.hasRung();
            long now = alarm.nowNanos();
            pass(now);
            boolean last = sourceDone && nothingQueued();
            if (!ended() && schedule.hasDeadline()) {
                tell(last, now);
            }
            if (ended()) {
                discardHeld();
            } else if (last) {
                finish(sourceError());
            } else {
                keepAsked(requested());
                if (schedule.hasDeadline()) {
                    wakeAt(alarm, schedule.deadlineNanos());
                }
            }
        }

        private void pass(long now) {
            long demand = requested();
            long emitted = 0;
            while (emitted != demand && !ended()) {
                Numbered<T> next = take();
                if (next == null) {
                    break;
                }
                if (isNew(next, now)) {
                    actual.onNext(next.value());
                    emitted++;
                }
            }
            if (emitted != 0) {
                produced(emitted);
            }
        }

        /** A repeat is discarded. */
        private boolean isNew(Numbered<T> next, long nowNanos) {
            Arrival arrival = ranges.onReceived(next.number(), nowNanos);
            boolean eliciting = false;
            try {
                eliciting =
                        arrival != Arrival.REPEAT && settings.elicitsFeedback().test(next.value());
            } catch (Throwable t) {
                Operators.onDiscard(next, currentContext());
                finishThrown(t);
                return false;
            }
            schedule.onReceived(arrival, eliciting, nowNanos);
            if (arrival == Arrival.REPEAT) {
                Operators.onDiscard(next, currentContext());
                return false;
            }
            return true;
        }

        private void tell(boolean last, long now) {
            if (!last && !schedule.isDue(now)) {
                return;
            }
            schedule.onTold();
            try {
                settings.feedbackOut().accept(ranges.feedback(TOLD_RANGES, now));
            } catch (Throwable t) {
                finishThrown(t);
            }
        }
    }
}
