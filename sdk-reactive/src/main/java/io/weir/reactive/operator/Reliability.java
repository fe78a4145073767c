package io.weir.reactive.operator;

import io.weir.core.wire.LinkFrame.Feedback;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reliability over a wire that loses, delays, reorders and doubles what it carries, for {@link Flux#transform}: acknowledgement
 * and loss recovery as in RFC 9002. The two sides are joined by elements one way and {@link Feedback} the other.
 *
 * <pre>{@code
 *   source --> send ===== Numbered =====> acknowledge --> order --> subscriber
 *               ^                              |
 *               +========== Feedback ==========+
 *
 *   send         numbers what goes out, and sends again what is lost
 *   acknowledge  passes what comes at once, drops repeats, tells what has come
 *   order        puts it in order, each once; or drops what is late
 * }</pre>
 *
 * <p><b>Numbers.</b> A number is a sending and used once: what is sent again has another. So an acknowledgement is never of
 * doubtful meaning; and one element may arrive twice, with two numbers, if it was not lost after all. {@link #order} knows it by
 * a position of its own.
 *
 * <p><b>Rate.</b> Nothing here controls congestion: what is sent is bounded by {@link RecoverySettings#maxWaiting}, by demand,
 * and by what paces the source.
 *
 * <p><b>Threads.</b> Elements, demand, feedback and time may each come from a thread of its own; each operator serialises them
 * and emits on whichever of them brought what was missing. Functions and consumers that are given are called in that same
 * sequence; they must not block, and what they throw fails the flux. A scheduler that is disposed, or knows no time, fails the
 * flux.
 */
public final class Reliability {

    private Reliability() {}

    /**
     * Numbers each element, and sends again what is lost.
     *
     * <p><b>Loss</b> is told by feedback, when one that was sent three later has arrived, or any later one for 9/8 of a round
     * trip; or nothing is heard for a probe time-out, which doubles each time, up to {@link RecoverySettings#maxProbeWait}: then
     * the two that have waited longest are sent again (RFC 9002 section 6). What goes out again goes before what is new.
     *
     * <p><b>Ends.</b> Completion and errors of the source follow when nothing is queued and nothing waits for acknowledgement.
     * Feedback that acknowledges what was never sent fails the flux with {@link io.weir.core.error.StreamStopped}
     * {@code PROTOCOL_VIOLATION}, an error of it with that error; if it completes while something waits, or an element goes out
     * later, {@code StreamStopped} {@code STREAM_CLOSED}. Feedback that stays away ends nothing; {@link Heartbeats#detectLoss}
     * on it does.
     *
     * <p><b>Demand.</b> An element that is sent again takes one of the subscriber's demand. The source is asked for what the
     * subscriber asks for and has room among what waits, at most 256 at once.
     *
     * @param feedback what the other side's {@link #acknowledge} tells; losing, doubling or reordering some of it does no harm
     * @param scheduler for the timer; its clock is used too, so virtual time works
     * @param renew what goes out in the place of what is lost: {@code lost -> lost} for the same again
     */
    public static <T> Function<Flux<T>, Flux<Numbered<T>>> send(
            Publisher<Feedback> feedback, RecoverySettings settings, Scheduler scheduler, Renewal<T> renew) {
        SendSettings<T> all = new SendSettings<>(feedback, settings, scheduler, renew);
        return source -> FluxReliableSend.assemble(source, all);
    }

    /** As {@link #acknowledge(Consumer, Scheduler)}, with the timers of {@link Schedulers#parallel()}. */
    public static <T> Function<Flux<Numbered<T>>, Flux<T>> acknowledge(Consumer<? super Feedback> feedbackOut) {
        return acknowledge(feedbackOut, Schedulers.parallel());
    }

    /** As {@link #acknowledge(Consumer, Scheduler, Predicate)}, where each element elicits feedback. */
    public static <T> Function<Flux<Numbered<T>>, Flux<T>> acknowledge(
            Consumer<? super Feedback> feedbackOut, Scheduler scheduler) {
        return acknowledge(feedbackOut, scheduler, element -> true);
    }

    /**
     * Passes what comes at once and as it comes, drops what repeats, and tells what has come.
     *
     * <p>It is told at once where numbers are missing or come late, else for several at once: for every second one of a slow
     * source, some eight times in 25 ms of a fast one, for every 64th at the least; each within 25 ms, and all when the source
     * ends. Each feedback tells the 32 highest ranges. What lies below the 256 highest counts as come: it is dropped.
     *
     * <p>Nothing is acknowledged that was not demanded: a subscriber that stops asking looks like a wire that loses. So ask for
     * everything, and let {@link CreditGrant} behind it hold the sender to what is wanted.
     *
     * @param feedbackOut brings each feedback to the other side's {@link #send}, or loses it
     * @param scheduler for the timer; its clock is used too, so virtual time works
     * @param elicitsFeedback false for elements that carry nothing but acknowledgements; as {@link Renewal#elicitsFeedback}
     */
    public static <T> Function<Flux<Numbered<T>>, Flux<T>> acknowledge(
            Consumer<? super Feedback> feedbackOut, Scheduler scheduler, Predicate<? super T> elicitsFeedback) {
        AcknowledgeSettings<T> settings = new AcknowledgeSettings<>(feedbackOut, scheduler, elicitsFeedback);
        return source -> FluxAcknowledge.assemble(source, settings);
    }

    /**
     * Puts elements in order by their positions, which begin with 0, each position once.
     *
     * <p>With a bound of 1 or more all are in order and without gaps: what is ahead of its turn waits. An element that is ahead
     * by more than the bound fails the flux with {@link io.weir.core.error.StreamReset} {@code FLOW_CONTROL}; a source that
     * completes while some wait for what has not come, {@code PROTOCOL_VIOLATION}. With a bound of 0 none waits: positions only
     * increase, and what is late is dropped.
     *
     * <p>What is dropped, or waits when the flux ends, is discarded.
     *
     * @param position position of an element, 0 to 2^62 - 1; called once for each
     * @param bound how far ahead of its turn an element may come, in positions; 0 to 1,048,576
     * @param gaps told once of each position that is overtaken: with a bound it may yet come, without it never will
     * @throws IllegalArgumentException if the bound is out of range
     */
    public static <T> Function<Flux<T>, Flux<T>> order(
            ToLongFunction<? super T> position, int bound, Consumer<? super Gap> gaps) {
        OrderSettings<T> settings = new OrderSettings<>(position, bound, gaps);
        return source -> FluxOrder.assemble(source, settings);
    }
}
