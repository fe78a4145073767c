package io.weir.reactive.operator;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Reliability#send} asks of the elements that it sends, and what it tells. Called serially with everything that it
 * emits; it must not block, and what it throws fails the flux.
 *
 * <p>Where elements are packets that carry other things, the things are renewed and not the packet: {@link #renew} makes them
 * due at their source, with what is true of them by then, and returns null.
 *
 * @param <T> the elements
 */
@FunctionalInterface
public interface Renewal<T> {

    /**
     * What goes out in the place of an element that is lost, with a number of its own; null if nothing does. Called once for
     * each sending at most. The lost one may arrive all the same.
     */
    @Nullable
    T renew(T lost);

    /** The element has arrived; also if something has gone out in its place. Called once for each sending at most. */
    default void onAcknowledged(T arrived) {}

    /**
     * Whether the other side is to acknowledge the element: false for one that carries nothing but acknowledgements. Such a one
     * is neither waited for nor renewed. {@link Reliability#acknowledge} has to judge alike.
     */
    default boolean elicitsFeedback(T element) {
        return true;
    }
}
