/** Moves handlers to other threads, with the places that a node has given to their calls. */
@NullMarked
package io.weir.reactive.dispatch;

import org.jspecify.annotations.NullMarked;
