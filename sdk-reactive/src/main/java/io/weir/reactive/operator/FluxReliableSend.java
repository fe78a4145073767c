package io.weir.reactive.operator;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import io.weir.core.path.PacketRttEstimator;
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

        private final Renewal<T> renewal;
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
        private final PacketRttEstimator rtt;

        private final LossRecovery<T> recovery;
        /** No more than the machine tracks, since each number is renewed once. */
        private final Queue<T> due = new ArrayDeque<>();

        private @Nullable Throwable thrown;

        // Written by the drain.
        private volatile int dueCount;

        SendSubscriber(CoreSubscriber<? super Numbered<T>> actual, SendSettings<T> settings) {
            super(actual, settings.feedback());
            this.renewal = settings.renewal();
            this.maxWaiting = settings.recovery().maxWaiting();
            this.alarm = new Alarm(settings.scheduler());
            this.listening = alarm.subscribe(rung -> drain());
            long delayNanos = settings.recovery().maxFeedbackDelay().toNanos();
            this.rtt = new PacketRttEstimator(delayNanos);
            this.recovery = new LossRecovery<>(tracked(maxWaiting), rtt, delayNanos, this);
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

        // ---- from the machine

        @Override
        public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
            rtt.onSample(rttNanos, ackDelayNanos);
        }

        @Override
        public void onPersistentLoss() {
            rtt.onPersistentCongestion();
        }

        @Override
        public void onAcknowledged(long number, T arrived, int bytes, boolean wasLost) {
            if (thrown == null) {
                try {
                    renewal.onAcknowledged(arrived);
                } catch (Throwable t) {
                    thrown = t;
                }
            }
        }

        @Override
        public void onDue(T lost) {
            if (thrown == null) {
                try {
                    T again = renewal.renew(lost);
                    if (again != null) {
                        due.add(again);
                    }
                } catch (Throwable t) {
                    thrown = t;
                }
            }
        }

        // ---- the drain

        @Override
        void turn() {
            // Read before what they follow, so that nothing which came earlier is overlooked.
            boolean sourceDone = sourceDone();
            boolean feedbackDone = noMoreFeedback;
            long now = alarm.nowNanos();
            Throwable first = failure() != null ? failure() : hear(now);
            if (first == null) {
                pass(now);
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

        private @Nullable Throwable hear(long now) {
            if (alarm.hasRung()) {
                recovery.onDeadline(now);
            }
            Feedback feedback = heard == null ? null : HEARD.getAndSet(this, null);
            if (feedback == null) {
                return null;
            }
            ErrorCode bad = recovery.onFeedback(feedback, now);
            return bad == null ? null : new StreamStopped(CloseReason.local(bad));
        }

        /** Emits what has demand: what is due first, then what is new and has room. */
        private void pass(long now) {
            long demand = requested();
            long emitted = 0;
            while (emitted != demand && thrown == null && !ended()) {
                T value = due.poll();
                if (value == null && recovery.waiting() < maxWaiting) {
                    value = take();
                }
                if (value == null || !send(value, now)) {
                    break;
                }
                emitted++;
            }
            if (emitted != 0) {
                produced(emitted);
            }
        }

        private boolean send(T value, long nowNanos) {
            boolean eliciting;
            try {
                eliciting = renewal.elicitsFeedback(value);
            } catch (Throwable t) {
                Operators.onDiscard(value, currentContext());
                thrown = t;
                return false;
            }
            actual.onNext(new Numbered<>(recovery.onSent(value, 1, eliciting, nowNanos), value));
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
