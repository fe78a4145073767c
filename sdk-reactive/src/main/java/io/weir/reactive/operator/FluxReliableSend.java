package io.weir.reactive.operator;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import io.weir.core.reliability.LossRecovery;
import io.weir.core.wire.LinkFrame.Feedback;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/** Hosts one {@link LossRecovery} for each subscriber; {@link Reliability#send} is its public face. */
final class FluxReliableSend<T> extends FluxOperator<T, Numbered<T>> {

    private final SendSettings<T> settings;

    private FluxReliableSend(Flux<? extends T> source, SendSettings<T> settings) {
        super(source);
        this.settings = settings;
    }

    static <T> Flux<Numbered<T>> assemble(Flux<? extends T> source, SendSettings<T> settings) {
        return onAssembly(new FluxReliableSend<>(source, settings));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Numbered<T>> actual) {
        source.subscribe(new SendSubscriber<>(actual, settings));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Serialised by the drain loop of {@link SerialSubscriber}. An element is queued until there is demand and room for it,
     * then it waits in the machine for its acknowledgement; what replaces it waits for demand, and goes before all others.
     *
     * <pre>
     *   source --&gt; queue --------&gt; passed on, numbered --&gt; waiting --acknowledged--&gt;
     *                                  ^                      |
     *                                  +------- due &lt;------ lost: renewed
     * </pre>
     */
    static final class SendSubscriber<T> extends QueuedSubscriber<T, Numbered<T>, Feedback>
            implements LossRecovery.Listener<T> {

        private final PacketRenewal<T> renewal;
        private final int maxWaiting;
        private final Alarm alarm;
        private final Disposable listening;

        // Written by the feedback; taken by the drain.
        private volatile @Nullable Feedback heard;

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<SendSubscriber, @Nullable Feedback> HEARD =
                AtomicReferenceFieldUpdater.newUpdater(SendSubscriber.class, Feedback.class, "heard");

        private volatile boolean noMoreFeedback;

        // Owned by the drain.
        private final LossRecovery<T> recovery;
        /** No more than the machine tracks, since each number is renewed once. */
        private final Queue<T> due = new ArrayDeque<>();

        private long turnNanos;

        private @Nullable Throwable thrown;

        // Written by the drain.
        private volatile int dueCount;

        SendSubscriber(CoreSubscriber<? super Numbered<T>> actual, SendSettings<T> settings) {
            super(actual, settings.feedback());
            this.maxWaiting = settings.recovery().maxWaiting();
            this.alarm = new Alarm(settings.scheduler());
            this.listening = alarm.subscribe(rung -> drain());
            long delayNanos = settings.recovery().maxFeedbackDelay().toNanos();
            this.renewal = ElementRenewal.of(settings.renewal(), delayNanos);
            long probeNanos = settings.recovery().maxProbeWait().toNanos();
            this.recovery = new LossRecovery<>(tracked(maxWaiting), renewal.roundTrip(), delayNanos, probeNanos, this);
        }

        /** Twice of what may wait: what was lost is remembered for a while, as it may come late. */
        private static int tracked(int waiting) {
            return Math.max(64, Integer.highestOneBit(2 * waiting - 1) << 1);
        }

        // ---- from the feedback

        /** Each tells all that has come, so the one with the highest number is enough; what it leaves out, the next one tells. */
        @Override
        public void onSide(Feedback feedback) {
            Feedback earlier;
            do {
                earlier = heard;
            } while (!HEARD.compareAndSet(
                    this, earlier, earlier == null || feedback.largest() >= earlier.largest() ? feedback : earlier));
            drain();
        }

        @Override
        public void onSideComplete() {
            noMoreFeedback = true;
            drain();
        }

        // ---- from the machine; what these throw ends the turn

        @Override
        public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
            renewal.onRoundTrip(number, rttNanos, ackDelayNanos);
        }

        @Override
        public void onAcknowledged(long number, T arrived, int bytes, boolean wasLost) {
            renewal.onAcknowledged(number, arrived, bytes, wasLost, turnNanos);
        }

        @Override
        public void onSpuriousLoss(long number) {
            renewal.onSpuriousLoss(number);
        }

        @Override
        public void onLost(long number, T lost, int bytes) {
            renewal.onLost(number, lost, bytes);
        }

        @Override
        public void onProbeTimeout() {
            renewal.onProbeTimeout();
        }

        @Override
        public void onDue(T lost) {
            T again = renewal.renew(lost);
            if (again != null) {
                due.add(again);
            }
        }

        @Override
        public void onPersistentLoss() {
            renewal.onPersistentLoss();
        }

        // ---- the drain

        @Override
        void turn() {
            // Read before what they follow, so that nothing which came earlier is overlooked.
            boolean sourceDone = sourceDone();
            boolean feedbackDone = noMoreFeedback;
            turnNanos = alarm.nowNanos();
            Throwable first = failure() != null ? failure() : hear();
            if (first == null) {
                pass();
                dueCount = due.size();
            }
            if (first != null) {
                finish(first);
            } else if (ended()) {
                discardHeld();
            } else if (thrown != null) {
                finishThrown(thrown);
            } else if (sourceDone && nothingQueued() && due.isEmpty() && recovery.waiting() == 0) {
                finish(sourceError());
            } else if (feedbackDone && recovery.waiting() > 0) {
                finish(new StreamStopped(CloseReason.local(ErrorCode.STREAM_CLOSED)));
            } else {
                keepAsked(Math.min(requested(), maxWaiting - recovery.waiting() - due.size()));
                setAlarm();
            }
        }

        private @Nullable Throwable hear() {
            try {
                if (alarm.hasRung()) {
                    recovery.onDeadline(turnNanos);
                    renewal.onJudged(null, turnNanos);
                }
                Feedback feedback = heard == null ? null : HEARD.getAndSet(this, null);
                return feedback == null ? null : hear(feedback);
            } catch (Throwable t) {
                thrown = t;
                return null;
            }
        }

        private @Nullable Throwable hear(Feedback feedback) {
            ErrorCode bad = recovery.onFeedback(feedback, turnNanos);
            if (bad != null) {
                return renewal.onImpossible(bad) ? null : new StreamStopped(CloseReason.local(bad));
            }
            renewal.onJudged(feedback, turnNanos);
            return null;
        }

        /** Emits what has demand: what is due first, then what is new and has room. */
        private void pass() {
            long demand = requested();
            long emitted = 0;
            while (emitted != demand && thrown == null && !ended()) {
                T value = due.poll();
                if (value == null && recovery.waiting() < maxWaiting) {
                    value = take();
                }
                if (value == null || !send(value)) {
                    break;
                }
                emitted++;
            }
            if (emitted != 0) {
                produced(emitted);
            }
        }

        private boolean send(T value) {
            long number;
            try {
                if (renewal.skips(recovery.nextNumber())) {
                    recovery.skipNumber(turnNanos);
                }
                number = recovery.onSent(value, renewal.bytes(value), renewal.elicitsFeedback(value), turnNanos);
                renewal.onSent(number, value, turnNanos);
            } catch (Throwable t) {
                Operators.onDiscard(value, currentContext());
                thrown = t;
                return false;
            }
            actual.onNext(new Numbered<>(number, value));
            return true;
        }

        private void setAlarm() {
            if (recovery.hasDeadline()) {
                wakeAt(alarm, recovery.deadlineNanos());
            }
        }

        @Override
        void onStopped() {
            listening.dispose();
        }

        @Override
        void discardHeld() {
            super.discardHeld();
            for (T value = due.poll(); value != null; value = due.poll()) {
                Operators.onDiscard(value, currentContext());
            }
            dueCount = 0;
        }

        // ---- queries

        @Override
        int buffered() {
            return super.buffered() + dueCount;
        }
    }
}
