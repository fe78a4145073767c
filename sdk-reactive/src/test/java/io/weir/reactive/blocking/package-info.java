/** Weir in the blocking style, on virtual threads. */
@NullMarked
package io.weir.reactive.blocking;

import org.jspecify.annotations.NullMarked;
