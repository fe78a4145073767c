package io.weir.reactive;

import org.reactivestreams.Publisher;

/**
 * Takes the one-way messages of one name. Called on the session's loop, in the order in which they came; it must not
 * block ({@code Mono.fromRunnable(...).subscribeOn(scheduler)} moves work away).
 *
 * <p>A message's credit goes back to the sender when the returned publisher ends, and at most {@value #MAX_RUNNING} run at
 * once in a session; later messages wait, so a handler that falls behind slows its senders and nothing is dropped. A
 * failure is logged and ends nothing. When the session ends, what runs is left to finish, and what waits is forgotten.
 */
@FunctionalInterface
public interface MessageHandler {

    /** How many messages of one session are handled at once. */
    int MAX_RUNNING = 256;

    /** The work to do for one message; subscribed at once. */
    Publisher<Void> handle(Message message);
}
