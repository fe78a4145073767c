package io.weir.reactive;

/**
 * Sees each request, one-way message, stream, subscription and exchange of a node before it goes out, and each one of a peer before the
 * handler is called: may add headers, read and write the Reactor {@code Context}, and hear the end. Set by
 * {@link PeerNodeSpec#intercept}; several are asked in the order in which they were added, each with what the one before it
 * returned, and hear ends in the reverse order.
 *
 * <pre>{@code
 * Interceptor trace = what -> what.byPeer()
 *         ? what.withContext(what.context().put("trace", what.headers().text("trace")))
 *         : what.withHeaders(what.headers().with("trace", what.context().get("trace")));
 * }</pre>
 *
 * <p>Called in the call that begins it: on the subscriber's thread for what this side begins, when its subscriber asks, and on
 * the session's loop for handlers. It must not block. What it throws, or null in place of a result, is what the thing ends
 * with: the {@code Mono} or {@code Flux} fails with it, {@link PeerStream#trySend} throws it, and for a handler it counts as
 * the handler's failure, so that {@link io.weir.core.error.RequestRefusedException} chooses the code of the answer. Interceptors
 * before it hear that as the end. A {@code VirtualMachineError} ends the session, as everywhere.
 */
@FunctionalInterface
public interface Interceptor {

    /** What goes on: the given interaction, or one made of it by its {@code with} methods. */
    Interaction intercept(Interaction interaction);
}
