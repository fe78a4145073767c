package io.weir.reactive.operator;

import io.weir.core.peer.Liveness;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * What the two operators on {@link Liveness} share: elements pass as they are, and an {@link Alarm} is the side input.
 * Serialised by the drain loop of {@link SerialSubscriber}.
 */
abstract class TimedSubscriber<T> extends QueuedSubscriber<T, T, Alarm> {

    /** The drain's, but for its clock. */
    final Alarm alarm;

    /** The drain's. */
    final Liveness liveness;

    TimedSubscriber(CoreSubscriber<? super T> actual, Alarm alarm, Liveness liveness) {
        super(actual, alarm);
        this.alarm = alarm;
        this.liveness = liveness;
    }

    // ---- what the operator adds, in the drain

    /**
     * Acts on the time, and says by {@link #wakeAt} when to do so again.
     *
     * @param emitted whether elements have passed in this turn
     * @param rang whether the alarm has
     */
    abstract void onTurn(boolean emitted, boolean rang);

    // ---- from the alarm

    @Override
    public final void onSide(Alarm rung) {
        drain();
    }

    @Override
    public final void onSideComplete() {}

    // ---- the drain

    @Override
    final void turn() {
        // Read before what they follow, so that nothing which came earlier is overlooked.
        boolean sourceDone = sourceDone();
        Throwable first = failure();
        if (first != null) {
            finish(first);
            return;
        }
        boolean rang = alarm.hasRung();
        boolean emitted = pass();
        if (ended()) {
            discardHeld();
        } else if (sourceDone && nothingQueued()) {
            finish(sourceError());
        } else {
            keepAsked(requested());
            onTurn(emitted, rang);
        }
    }

    private boolean pass() {
        long demand = requested();
        long emitted = 0;
        @Nullable T value;
        while (emitted != demand && !ended() && (value = take()) != null) {
            actual.onNext(value);
            emitted++;
        }
        if (emitted != 0) {
            produced(emitted);
        }
        return emitted != 0;
    }

    /** Calls {@link #onTurn} at that time or before. */
    final void wakeAt(long atNanos) {
        wakeAt(alarm, atNanos);
    }
}
