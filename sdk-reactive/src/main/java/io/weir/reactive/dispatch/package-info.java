/**
 * Moves handlers to other threads, with the places that a node has given to their calls: {@link io.weir.reactive.dispatch.Workers} are
 * for its users, the rest is the node's own.
 */
@NullMarked
package io.weir.reactive.dispatch;

import org.jspecify.annotations.NullMarked;
