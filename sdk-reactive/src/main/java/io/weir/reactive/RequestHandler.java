package io.weir.reactive;

import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.Scheduled;
import io.weir.reactive.dispatch.WorkQueue;
import io.weir.reactive.dispatch.Workers;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;

/**
 * Answers the requests of one route. Called on the session's loop; it must not block, and neither must the subscription
 * to what it returns ({@link #on} moves both away).
 *
 * <p>It runs within the bound of its node ({@link NodeLimits#maxHandled}); requests beyond that are answered {@code BUSY} and
 * never come here.
 *
 * <p>Every request gets exactly one answer. What the returned publisher does first decides it:
 *
 * <table>
 * <caption>What the requester gets</caption>
 * <tr><th>the handler's publisher</th><th>the requester's Mono</th></tr>
 * <tr><td>emits</td><td>that value; what follows is cancelled</td></tr>
 * <tr><td>completes empty</td><td>fails, code {@code EMPTY_REPLY}</td></tr>
 * <tr><td>fails with {@link io.weir.core.error.RequestRefusedException}</td><td>fails, with the code in it</td></tr>
 * <tr><td>fails with {@link io.weir.core.error.ApplicationException}</td><td>fails with the same: number, text and
 * payload</td></tr>
 * <tr><td>fails otherwise, or the handler throws</td><td>fails, code {@code APPLICATION_ERROR}; {@code DECODE_FAILED} or
 * {@code ENCODE_FAILED} for a {@link io.weir.core.error.CodecException}. The text stays here, in the log</td></tr>
 * </table>
 *
 * <p>When the requester gives up, or its session ends, the publisher is cancelled.
 */
@FunctionalInterface
public interface RequestHandler {

    /**
     * The answer to one request; subscribed at once. The buffer that it emits is read from position to limit and belongs
     * to the session from then on: its content must not change any more.
     */
    Publisher<ByteBuffer> handle(Request request);

    /**
     * This handler, called on a scheduler's threads, where it may block. What waits there counts as handled
     * ({@link NodeLimits#maxHandled}); a request that was given up keeps its place until the thread that works for it returns.
     * Where the scheduler takes no more, the answer is {@code BUSY}, unprocessed.
     */
    default RequestHandler on(Scheduler scheduler) {
        Scheduled scheduled = new Scheduled(scheduler);
        return request -> scheduled.callOrBusy(() -> handle(request));
    }

    /**
     * This handler, called by these workers, where it may block. A request beyond what may wait for them is answered {@code BUSY} at
     * once, unprocessed; one that waits has the place of its call ({@link NodeLimits#maxHandled}).
     */
    default RequestHandler on(Workers workers) {
        WorkQueue queue = workers.queue();
        return request -> queue.callOrBusy(() -> handle(request));
    }

    /** A handler of values: decodes the request, applies the function, encodes the first value that it emits. */
    static <A, B> RequestHandler typed(
            Codec<A> in, Codec<B> out, Function<? super A, ? extends Publisher<? extends B>> answer) {
        Objects.requireNonNull(answer, "answer");
        return typed(in, out, (request, value) -> answer.apply(value));
    }

    /** The same for a function that wants to know more of the request: its headers, who asks, over which session. */
    static <A, B> RequestHandler typed(
            Codec<A> in,
            Codec<B> out,
            BiFunction<? super Request, ? super A, ? extends Publisher<? extends B>> answer) {
        return new TypedRequests<>(in, out, answer);
    }
}
