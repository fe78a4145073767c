package io.weir.reactive.operator;

import io.weir.core.peer.Liveness;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Signs of life on any {@link Flux}, for {@link Flux#transform}: one end never falls silent for long, the other end notices
 * when it does. With beats at a third of the limit two of them may be late before the third is missed.
 *
 * <pre>{@code
 *   source ---> emit ---------------- wire ----------------> detectLoss ---> subscriber
 *               elements, and beats                          elements and beats, or
 *               where there are none                         SilenceException
 * }</pre>
 *
 * <p><b>Demand.</b> The source is asked for what the subscriber asks for, at most 256 elements at once, and never more is
 * held here.
 *
 * <p><b>Ends.</b> Completion and errors of the source follow what is held; after them there are no beats.
 *
 * <p><b>Threads.</b> Elements, demand and time may each come from a thread of its own; each operator serialises them and
 * emits on whichever of them brought what was missing, beats and {@code SilenceException} on the scheduler's threads. One
 * timer runs for each subscriber, set anew when it fires and not for each element. A scheduler that is disposed, or knows no
 * time, fails the flux.
 */
public final class Heartbeats {

    private static final Duration SHORTEST_BEAT = Duration.ofNanos(Liveness.MIN_BEAT_NANOS);
    private static final Duration SHORTEST_LIMIT = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private Heartbeats() {}

    /**
     * Lets elements pass, and emits a beat whenever nothing has passed for so long.
     *
     * <p>A beat takes one of the subscriber's demand. Without demand it waits, one at the most, and goes out with the next
     * demand unless an element is there. When beats have used up the demand for which the source was asked, its elements
     * wait here and go before any further beat.
     *
     * @param every 10 ms to 365 days
     * @param beat makes each beat, serially with everything emitted; it must not block, and what it throws, or null, fails
     *     the flux
     * @param scheduler for the timer; its clock is used too, so virtual time works
     * @throws IllegalArgumentException if {@code every} is out of range
     */
    public static <T> Function<Flux<T>, Flux<T>> emit(Duration every, Supplier<? extends T> beat, Scheduler scheduler) {
        long nanos = nanos("every", every, SHORTEST_BEAT);
        Objects.requireNonNull(beat, "beat");
        Objects.requireNonNull(scheduler, "scheduler");
        return source -> FluxHeartbeat.assemble(source, nanos, beat, scheduler);
    }

    /**
     * Lets everything pass, and fails with {@link io.weir.core.error.SilenceException} when nothing has come for longer than
     * the limit; the source is cancelled.
     *
     * <p>Only silence of the source counts. It does not while the subscriber has asked for nothing more than has come, nor
     * while it is inside {@code onNext}. A timer that fires late says that this process slept, and grants a third of the
     * limit more, once; and what is on its way when the limit is reached gets 1 ms to arrive.
     *
     * @param limit 1 ms to 365 days
     * @param scheduler for the timer; its clock is used too, so virtual time works
     * @throws IllegalArgumentException if the limit is out of range
     */
    public static <T> Function<Flux<T>, Flux<T>> detectLoss(Duration limit, Scheduler scheduler) {
        long nanos = nanos("limit", limit, SHORTEST_LIMIT);
        Objects.requireNonNull(scheduler, "scheduler");
        return source -> FluxLossDetector.assemble(source, nanos, scheduler);
    }

    private static long nanos(String name, Duration value, Duration shortest) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + shortest + " to " + LONGEST);
        }
        return value.toNanos();
    }
}
