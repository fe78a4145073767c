package io.weir.reactive.dispatch;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * One call of a handler, with the place that it has among those that run. Whoever moves a handler to other threads finds it in
 * the Reactor context of the handler's subscriber, so that the place is kept as long as a thread works for it. Any thread.
 */
public interface Handling {

    /**
     * A thread begins to work for it, and keeps its place until {@link #leave}, also if it is given up meanwhile.
     *
     * @return false if nobody wants it any more: there is nothing to do, nor to leave
     */
    boolean enter();

    /** The thread is done. */
    void leave();

    /** Does some of its work within what interceptors have opened around it; throws what opening that throws, and did nothing. */
    void within(Runnable work);

    /** On whose account it runs: threads that are short are shared out among those, told apart by {@code equals}. */
    Object owner();

    /** How much time is left for it, as whoever waits for the result has said: zero if none, empty if it did not say. */
    default Optional<Duration> remaining() {
        return Optional.empty();
    }

    /** The call that this is the context of; null if it is none of a node's. */
    static @Nullable Handling of(ContextView context) {
        return context.getOrDefault(Handling.class, null);
    }
}
