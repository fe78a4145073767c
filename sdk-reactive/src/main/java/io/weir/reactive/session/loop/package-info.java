/**
 * What confines a session to its loop, and {@link io.weir.reactive.session.loop.SessionContext}, which is all that the rooms of
 * a session know of it. There are three ways onto the loop from other threads:
 *
 * <ul>
 *   <li>{@code SessionContext.run} and {@code execute}, by {@code LoopCalls}: one task, for whatever is not frequent
 *   <li>{@code LoopSignal}: look again; any number of signals are one task
 *   <li>{@code ForeignCalls}: calls in the order in which they were made, without an allocation for each; of messages
 * </ul>
 */
@NullMarked
package io.weir.reactive.session.loop;

import org.jspecify.annotations.NullMarked;
