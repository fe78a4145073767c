package io.weir.spring.handler;

import io.weir.reactive.MessageHandler;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.dispatch.Workers;
import java.util.function.UnaryOperator;
import reactor.core.scheduler.Scheduler;

/**
 * Where methods are called that return no publisher, and so may block.
 *
 * @param requests moves handlers of requests there
 * @param messages moves handlers of one-way messages there
 */
public record BlockingCalls(UnaryOperator<RequestHandler> requests, UnaryOperator<MessageHandler> messages) {

    /** On a scheduler's threads, of which there are as many, and before which as much waits, as it likes. */
    public static BlockingCalls on(Scheduler scheduler) {
        return new BlockingCalls(handler -> handler.on(scheduler), handler -> handler.on(scheduler));
    }

    /** By workers, within their bounds. */
    public static BlockingCalls on(Workers workers) {
        return new BlockingCalls(handler -> handler.on(workers), handler -> handler.on(workers));
    }
}
