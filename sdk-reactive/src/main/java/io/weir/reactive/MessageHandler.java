package io.weir.reactive;

import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.Scheduled;
import io.weir.reactive.dispatch.WorkQueue;
import io.weir.reactive.dispatch.Workers;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;

/**
 * Takes the one-way messages of one name. Called on the session's loop, in the order in which they came; it must not
 * block ({@link #on} moves it away).
 *
 * <p>A message's credit goes back to the sender when the returned publisher ends, and it runs within the bound of its node
 * ({@link NodeLimits#maxHandled}); later messages wait, so a handler that falls behind slows its senders and nothing is
 * dropped. A failure is logged and ends nothing. When the session ends, what runs is left to finish, and what waits is forgotten.
 */
@FunctionalInterface
public interface MessageHandler {

    /** The work to do for one message; subscribed at once. */
    Publisher<Void> handle(Message message);

    /**
     * This handler, called on a scheduler's threads, where it may block; in order only if that has one thread. What waits there
     * counts as handled. Where the scheduler takes no more, as one that is shut down, the message is lost, and told of as one
     * whose handler has failed.
     */
    default MessageHandler on(Scheduler scheduler) {
        Scheduled scheduled = new Scheduled(scheduler);
        return message -> scheduled.call(() -> handle(message));
    }

    /**
     * This handler, called by these workers, where it may block; in order only if there is one. Messages wait for them with their
     * credit, however many of other kinds do, within the bound of handlers that run ({@link NodeLimits#maxHandled}): none is lost,
     * unless the workers take nothing more at all; that is told as a failure of the handler.
     */
    default MessageHandler on(Workers workers) {
        WorkQueue queue = workers.queue();
        return message -> queue.call(() -> handle(message));
    }

    /** A handler of values: decodes the message and applies the function, whose publisher is the work to do. */
    static <A> MessageHandler typed(Codec<A> codec, Function<? super A, ? extends Publisher<Void>> work) {
        Objects.requireNonNull(work, "work");
        return typed(codec, (message, value) -> work.apply(value));
    }

    /** The same for a function that wants to know more of the message: its headers, who sent it, over which session. */
    static <A> MessageHandler typed(
            Codec<A> codec, BiFunction<? super Message, ? super A, ? extends Publisher<Void>> work) {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(work, "work");
        return message -> work.apply(message, message.decode(codec));
    }
}
